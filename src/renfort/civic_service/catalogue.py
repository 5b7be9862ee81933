"""What the operator sets for the programme; figures that the facts mark as uncertain are settings, never code."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renfort.parameters.catalogue import RULES, Kind, Setting, Sheet

# ── the directory (S1) ────────────────────────────────────────────────────────────────────────────
DIRECTORY_NAME = Setting(
    key="civic.directory_name",
    default="",
    label=_("Nom de l'annuaire"),
    help=_("Tel que les établissements l'appellent : « à corriger dans … »."),
    kind=Kind.LINE,
    longest=60,
    origin=_("l'annuaire du réseau"),
)
DIRECTORY_ADDRESS = Setting(
    key="civic.directory_address",
    default="",
    label=_("Adresse de la page où l'annuaire se corrige"),
    help=_("En https. Vide : la phrase n'a pas de lien."),
    kind=Kind.LINE,
    longest=200,
)
DIRECTORY_HOUR = Setting(
    key="civic.directory_hour",
    default=4,
    label=_("Heure de la lecture quotidienne de l'annuaire"),
    help=_("De 0 à 23, à l'heure de Paris."),
    highest=23,
)
BRAKE_SHARE = Setting(
    key="civic.directory_share",
    default=5,
    label=_("Part des fiches à partir de laquelle une lecture attend un accord, en pour cent"),
    help=_("Établissements, personnes ou rôles qui changeraient ou prendraient fin. Les ajouts ne comptent pas."),
    lowest=1,
    highest=100,
)
BRAKE_LEAST = Setting(
    key="civic.directory_least",
    default=20,
    label=_("Nombre de fiches en dessous duquel une lecture n'attend pas d'accord"),
    help=_("La fin de la moitié des rôles d'une sorte attend toujours un accord."),
    lowest=1,
    highest=1000,
)
DIRECTORY_KEPT = Setting(
    key="civic.directory_kept_days",
    default=90,
    label=_("Durée pendant laquelle les différences d'une lecture sont gardées, en jours"),
    help=_("Passé ce délai, la lecture ne peut plus être défaite ; ses nombres et sa date restent."),
    lowest=7,
    highest=1000,
)
Sheet(
    "annuaire",
    _("Service civique : annuaire"),
    _("D'où viennent les établissements, les personnes et les rôles, et ce qui attend un accord."),
    (DIRECTORY_NAME, DIRECTORY_ADDRESS, DIRECTORY_HOUR, BRAKE_SHARE, BRAKE_LEAST, DIRECTORY_KEPT),
    _("Lectures de l'annuaire, et « à corriger dans … » sur la fiche d'un établissement"),
    RULES,
)
