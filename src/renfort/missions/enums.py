"""States and choices of the réserve, with the words of the screen (R10, R20, R33)."""

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MissionState(TextChoices):
    """R20. « Complet » is derived, « à relire » and « à clôturer » are not states."""

    DRAFT = "draft", _("Brouillon")
    SUBMITTED = "submitted", pgettext_lazy("mission", "En attente de validation")
    PUBLISHED = "published", _("Validée")
    TO_CORRECT = "to_correct", _("À corriger")
    REFUSED = "refused", _("Refusée")
    ENDED = "ended", _("Terminée")
    CANCELLED = "cancelled", _("Annulée")


class ParticipationState(TextChoices):
    """R33. A withdrawal and a no-show both read « Mission abandonnée »."""

    PENDING = "pending", pgettext_lazy("participation", "En attente de validation")
    ACCEPTED = "accepted", _("Mission validée")
    ONGOING = "ongoing", _("Mission en cours")
    DONE = "done", _("Mission effectuée")
    REFUSED = "refused", _("Mission refusée")
    WITHDRAWN = "withdrawn", _("Mission abandonnée")
    NO_SHOW = "no_show", pgettext_lazy("did not come", "Mission abandonnée")
    CANCELLED = "cancelled", _("Mission annulée")


ACTIVE = (ParticipationState.PENDING, ParticipationState.ACCEPTED, ParticipationState.ONGOING)
HOLDING = (ParticipationState.ACCEPTED, ParticipationState.ONGOING, ParticipationState.DONE)  # a slot of one's own (R61)
TAKING = (ParticipationState.ACCEPTED, ParticipationState.ONGOING)  # and done, for a one-off mission (R34)


def quoted(states: Iterable[TextChoices]) -> str:
    """States as a list of SQL: our own words, never anything typed."""
    return ", ".join(f"'{state.value}'" for state in states)


class WaitingState(TextChoices):
    """R60. One person's turn in the waiting list of a full mission."""

    WAITING = "waiting", _("En liste d'attente")
    OFFERED = "offered", _("Place proposée")
    TAKEN = "taken", _("Place prise")
    LAPSED = "lapsed", _("Proposition expirée")
    LEFT = "left", _("Liste quittée")
    CLOSED = "closed", _("Liste fermée")


IN_LINE = (WaitingState.WAITING, WaitingState.OFFERED)  # who has a turn to come


class HoursState(TextChoices):
    """What became of declared hours (R33): only those that both sides agree on count."""

    DECLARED = "declared", _("À confirmer")
    CONFIRMED = "confirmed", _("Confirmées")
    CONTESTED = "contested", _("Contestées")
    REMOVED = "removed", _("Retirées")


class Side(TextChoices):
    """Who said a figure: the other one confirms it."""

    VOLUNTEER = "volunteer", _("Bénévole")
    HOST = "host", _("Structure")


class Presence(TextChoices):
    """« Type de mission »."""

    ON_SITE = "on_site", _("Mission en présentiel")
    REMOTE = "remote", _("Mission à distance")


class Format(TextChoices):
    """« Format de mission »."""

    ONE_OFF = "one_off", _("Mission ponctuelle")
    RECURRING = "recurring", _("Mission récurrente")


class SlotState(TextChoices):
    """R61. Full and past are derived."""

    OPEN = "open", _("Ouvert")
    CANCELLED = "cancelled", _("Annulé")


class SlotShape(TextChoices):
    """What a slot is: hours, half a day, a whole day."""

    HOURS = "hours", _("Horaires précis")
    DAY = "day", _("Toute la journée")
    MORNING = "morning", _("Le matin")
    AFTERNOON = "afternoon", _("L’après-midi")


class TransferState(TextChoices):
    """R55. A mission proposed to another organisation; either one may say no."""

    PROPOSED = "proposed", _("Transfert proposé")
    ACCEPTED = "accepted", _("Transfert accepté")
    REFUSED = "refused", _("Transfert refusé")
    WITHDRAWN = "withdrawn", _("Transfert retiré")
    EXPIRED = "expired", _("Transfert expiré")


class NewContacts(TextChoices):
    """Whom the volunteers of a mission call once it is another organisation's."""

    MINE = "mine", _("Moi, à la place des contacts actuels")
    KEPT = "kept", _("Les contacts actuels, gardés tels quels")


class ListKind(TextChoices):
    """Which list of an organisation a view is of."""

    MISSIONS = "missions", _("Missions")
    PARTICIPATIONS = "participations", _("Participations")


class BatchState(TextChoices):
    """How far an answer to many participations is."""

    PREVIEW = "preview", _("À confirmer")
    ASKED = "asked", _("En cours")
    STOPPED = "stopped", _("Arrêté")
    DONE = "done", pgettext_lazy("batch", "Terminé")


class RowOutcome(TextChoices):
    """What became of one row of it."""

    WAITING = "waiting", _("En attente")
    DONE = "done", _("Fait")
    FASTER = "faster", _("Quelqu'un a été plus rapide")
    REFUSED = "refused", _("Impossible")
    LEFT = "left", _("Laissée telle quelle")


class TemplateScope(TextChoices):
    """Whose template it is (R66)."""

    DOMAIN = "domain", _("Domaine d'action")
    NETWORK = "network", _("Réseau national")
    ORGANISATION = "organisation", _("Structure")
