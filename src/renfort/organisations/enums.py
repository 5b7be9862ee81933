"""Legal statuses and roles, with the words of the screen."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LegalStatus(TextChoices):
    """« Statut juridique » (R5; the types that depend on it come with the onboarding)."""

    ASSOCIATION = "association", _("Association")
    PUBLIC = "public", _("Structure publique")
    PRIVATE = "private", _("Structure privée")
    OTHER = "other", _("Autre")


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
    VOLUNTEER = "volunteer", _("Bénévole")
    OPERATOR = "operator", _("Opérateur")


class ScopeKind(TextChoices):
    """What a role is about."""

    ORGANISATION = "organisation", _("Structure")
    DEPARTMENT = "department", _("Département")
    PLATFORM = "platform", _("Plateforme")
