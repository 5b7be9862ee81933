"""What the operator may set without a developer, with type, default and meaning (R58)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils.translation import gettext_lazy as _

from renfort.kernel.rules import Text

T = TypeVar("T", str, int, bool)


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One typed setting. ``choices`` closes the list of values; ``lowest``/``highest`` bound a number."""

    key: str
    default: T
    label: Text
    help: Text = ""
    choices: tuple[tuple[str, Text], ...] = ()
    lowest: int = 0
    highest: int = 120

    def __post_init__(self) -> None:
        SETTINGS[self.key] = self


SETTINGS: dict[str, Setting[str] | Setting[int] | Setting[bool]] = {}
Listener = Callable[[], None]

ONLINE_FIRST, VALIDATE_FIRST = "online_first", "validate_first"

PUBLICATION = Setting(
    key="reserve.publication",
    default=ONLINE_FIRST,
    label=_("Publication des missions"),
    help=_("En ligne d'abord : la mission est visible aussitôt et relue ensuite. Validation d'abord : elle attend un accord."),
    choices=(
        (ONLINE_FIRST, _("En ligne d'abord, relue ensuite")),
        (VALIDATE_FIRST, _("Validation avant la mise en ligne")),
    ),
)
MINIMUM_AGE = Setting(
    key="reserve.minimum_age",
    default=18,
    label=_("Âge minimal pour rejoindre la réserve"),
    help=_("En années révolues, au premier jour de la mission."),
    highest=99,
)
AGE_LIMIT_ON_SITE = Setting(
    key="reserve.age_limit_on_site",
    default=70,
    label=_("Âge à partir duquel une mission en présentiel n'est plus proposée"),
    help=_("70 : acceptée la veille du 70e anniversaire, refusée le jour même. 0 : pas de limite."),
    highest=120,
)
OFFER_HOURS = Setting(
    key="reserve.offer_hours",
    default=48,
    label=_("Délai pour prendre une place libérée, en heures"),
    help=_(
        "Une place libérée est proposée à la première personne de la liste d'attente. Près de la date, le délai se raccourcit."
    ),
    lowest=1,
    highest=336,
)
INVITATION_DAYS = Setting(
    key="organisations.invitation_days",
    default=14,
    label=_("Durée d'une invitation dans une équipe"),
    help=_("En jours. Passé ce délai, le lien ne s'ouvre plus ; un responsable peut en envoyer un nouveau."),
    lowest=1,
    highest=60,
)
QUEUE_TARGET_DAYS = Setting(
    key="reserve.queue_target_days",
    default=3,
    label=_("Délai visé pour décider d'une mission ou d'une structure, en jours ouvrés"),
    help=_("Passé ce délai, le dossier est marqué « en retard » dans la file."),
    lowest=1,
    highest=30,
)
QUEUE_ALERT_DAYS = Setting(
    key="reserve.queue_alert_days",
    default=5,
    label=_("Délai avant d'alerter la région, en jours ouvrés"),
    help=_("Passé ce délai, les référents de toute la région sont prévenus le matin ; passé le double, l'opérateur."),
    lowest=1,
    highest=60,
)
CASE_HOURS = Setting(
    key="reserve.case_hours",
    default=24,
    label=_("Durée pendant laquelle un dossier pris reste réservé, en heures"),
    help=_("Passé ce délai sans décision, le dossier est de nouveau libre."),
    lowest=1,
    highest=240,
)
SUPPORT = Setting(
    key="platform.support",
    default="",
    label=_("Adresse e-mail de l'assistance"),
    help=_("Montrée dans l'aide à qui a une question sur le site. Vide : elle n'y est pas."),
)
