"""Roles and states, with the words of the screen. Legal statuses, types and networks are lists that the operator edits."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Programme(TextChoices):
    """The three programmes that share people and organisations, and the platform itself."""

    RESERVE = "reserve", _("Réserve civique")
    WORKSHOPS = "workshops", _("Coordination")
    CIVIC_SERVICE = "civic_service", _("Service civique")
    PLATFORM = "platform", _("Plateforme")


class Role(TextChoices):
    """Roles that exist today; each later part adds its own."""

    MANAGER = "manager", _("Responsable")
    MISSION_TUTOR = "mission_tutor", _("Tuteur")
    REFERENT = "referent", _("Référent")
    SUPERVISOR = "supervisor", _("Superviseur")
    VOLUNTEER = "volunteer", _("Bénévole")
    OPERATOR = "operator", _("Opérateur")
    # coordinated sessions (W): the association and its facilitators on the platform, the two others on a client organisation
    ASSOCIATION_STAFF = "association_staff", _("Association")
    FACILITATOR = "facilitator", _("Animateur·ice")
    COORDINATOR = "coordinator", _("Coordination")
    CLIENT_CONTACT = "client_contact", _("Contact client")
    # civic service (S): on an establishment, and case managers on a federation or on the whole country
    ESTABLISHMENT_LEAD = "establishment_lead", _("Référent Service Civique")
    SERVICE_TUTOR = "service_tutor", _("Tuteur Service Civique")
    SERVICE_CO_TUTOR = "service_co_tutor", _("Cotuteur Service Civique")
    CASE_MANAGER = "case_manager", _("Gestionnaire")
    SERVICE_VOLUNTEER = "service_volunteer", _("Volontaire")


TEAM = (Role.MANAGER, Role.MISSION_TUTOR)  # the roles of an organisation's team in the réserve (R40), the widest first


class ScopeKind(TextChoices):
    """What a role is about."""

    ORGANISATION = "organisation", _("Structure")
    DEPARTMENT = "department", _("Département")
    NETWORK = "network", _("Réseau national")
    PLATFORM = "platform", _("Plateforme")


class MembershipState(TextChoices):
    """What became of an organisation's claim to be of a national network (R5)."""

    CLAIMED = "claimed", _("À confirmer")
    CONFIRMED = "confirmed", _("Confirmé")
    REFUSED = "refused", _("Refusé")
    ENDED = "ended", _("Ne fait plus partie du réseau")


GIVEN_UP = (MembershipState.REFUSED, MembershipState.ENDED)  # may be claimed anew


class InvitationState(TextChoices):
    """What became of an invitation to a team (R40)."""

    SENT = "sent", _("Envoyée")
    ACCEPTED = "accepted", _("Acceptée")
    DECLINED = "declined", _("Déclinée")
    REVOKED = "revoked", _("Retirée")
    EXPIRED = "expired", _("Expirée")


class JoinState(TextChoices):
    """What became of somebody's request to join an organisation that is already here (R9)."""

    PENDING = "pending", _("En attente de réponse")
    ACCEPTED = "accepted", _("Acceptée")
    REFUSED = "refused", _("Refusée")


class DelegationState(TextChoices):
    """Where the delegation of a part of a perimeter stands (R65). Rights follow its dates, whatever the clock has noted."""

    PLANNED = "planned", _("Prévue")
    RUNNING = "running", _("En cours")
    OVER = "over", _("Terminée")
    REVOKED = "revoked", _("Retirée")


class OrganisationState(TextChoices):
    """Where an organisation stands on the platform (R52). ``in_review``: somebody has taken it to decide."""

    DRAFT = "draft", _("Brouillon")
    WAITING = "waiting", _("En attente de validation")
    IN_REVIEW = "in_review", _("En cours d'examen")
    VALIDATED = "validated", _("Validée")
    TO_CORRECT = "to_correct", _("À corriger")
    REFUSED = "refused", _("Refusée")
    FLAGGED = "flagged", _("Signalée")
    UNSUBSCRIBED = "unsubscribed", _("Désinscrite")


class MergeState(TextChoices):
    """Where the merge of two entries of one organisation stands (R55)."""

    PROPOSED = "proposed", _("En attente d'accord")
    AGREED = "agreed", _("Accord donné")
    DONE = "done", _("Faite")
    REFUSED = "refused", _("Refusée")
    WITHDRAWN = "withdrawn", _("Retirée")
    EXPIRED = "expired", _("Expirée")


OPEN_MERGES = (MergeState.PROPOSED, MergeState.AGREED)

UNDECIDED = (OrganisationState.WAITING, OrganisationState.IN_REVIEW)  # those of the queue
UNWELCOME = (OrganisationState.REFUSED, OrganisationState.FLAGGED, OrganisationState.UNSUBSCRIBED)  # they propose nothing


# ── checks that help (R53) ────────────────────────────────────────────────────────────────────────
class WordList(TextChoices):
    """The lists of words that checks look for; the operator edits them."""

    DOMAIN = "domain", _("Vocabulaire des domaines")
    PAY = "pay", _("Emploi et rémunération")
    NIGHT = "night", _("Travail de nuit")
    HOLLOW = "hollow", _("Mots creux")
    LINKS = "links", _("Liens qui cachent leur destination")


class WordKind(TextChoices):
    """What a word of a list does."""

    FOUND = "found", _("À signaler")
    BEFORE = "before", _("Annule ce qui suit")
    AFTER = "after", _("Annule ce qui précède")


class LookUpState(TextChoices):
    """What became of a question to the public directory."""

    WAITING = "waiting", _("Demandée")
    FOUND = "found", _("Trouvée")
    UNKNOWN = "unknown", _("Inconnue de l'annuaire")
    SILENT = "silent", _("L'annuaire ne répond pas")
