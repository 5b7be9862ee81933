"""Closed lists of the programme « service civique », with the words of the screen."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FederationKind(TextChoices):
    """Which federation of managing bodies manages the civic service of a territory (S5)."""

    UDOGEC = "udogec", _("Udogec")
    UROGEC = "urogec", _("Urogec")
    FNOGEC = "fnogec", _("Fnogec")


class SchoolNetwork(TextChoices):
    """The networks whose establishments the directory knows (S1)."""

    SGEC = "sgec", _("Enseignement catholique (SGEC)")
    CNEAP = "cneap", _("Enseignement agricole privé (CNEAP)")


class Source(TextChoices):
    """Where a fact comes from: the directory is its master, or somebody wrote it here before the directory said it (S1)."""

    DIRECTORY = "directory", _("Annuaire")
    LOCAL = "local", _("Ajout local")


class PostRole(TextChoices):
    """What somebody does in an establishment (S4); each gives the role of the same key."""

    LEAD = "establishment_lead", _("Référent")
    TUTOR = "service_tutor", _("Tuteur")
    CO_TUTOR = "service_co_tutor", _("Cotuteur")


class Access(TextChoices):
    """Whether somebody of an establishment can come in (S1): read from what there is, never written."""

    KNOWN = "known", _("Connu")  # named by the directory or here, and nobody has asked them to come in
    INVITED = "invited", _("Invité")  # a link waits to be opened
    CONNECTED = "connected", _("Connecté")  # has come in once: may be chosen at once (S1: no 24-hour wait)


class Domain(TextChoices):
    """The nine domains of civic service (Code du service national, L120-1)."""

    SOLIDARITY = "solidarity", _("Solidarité")
    HEALTH = "health", _("Santé")
    EDUCATION = "education", _("Éducation pour tous")
    CULTURE = "culture", _("Culture et loisirs")
    SPORT = "sport", _("Sport")
    ENVIRONMENT = "environment", _("Environnement")
    MEMORY = "memory", _("Mémoire et citoyenneté")
    INTERNATIONAL = "international", _("Développement international et action humanitaire")
    EMERGENCY = "emergency", _("Intervention d'urgence en cas de crise")


class FigureKind(TextChoices):
    """The monthly amounts of civic service that a text sets: net, for a full month (L120-18, L120-19)."""

    STATE_ALLOWANCE = "state_allowance", _("Indemnité versée par l'État")
    TOP_UP = "top_up", _("Majoration sur critères sociaux")
    HOST_MINIMUM = "host_minimum", _("Prestation de subsistance minimale")


class CampaignState(TextChoices):
    """Where a campaign stands (S5): projects are filed while it is open."""

    DRAFT = "draft", _("En préparation")
    OPEN = "open", _("Ouverte")
    CLOSED = "closed", _("Close")


class ProjectState(TextChoices):
    """Where a host project stands (S5, steps 1 and 2)."""

    DRAFT = "draft", _("Brouillon")
    SUBMITTED = "submitted", _("Déposé")
    UNDER_REVIEW = "under_review", _("À l'étude")
    CHANGES_REQUESTED = "changes_requested", _("À corriger")
    ACCEPTED = "accepted", _("Accepté")
    REFUSED = "refused", _("Refusé")
    WITHDRAWN = "withdrawn", _("Retiré")
    CANCELLED = "cancelled", _("Annulé")
    COMPLETED = "completed", _("Terminé")


class OpinionKind(TextChoices):
    """What an adviser thinks of a project (S5, step 2)."""

    FAVOURABLE = "favourable", _("Favorable")
    RESERVED = "reserved", _("Réservé")
    UNFAVOURABLE = "unfavourable", _("Défavorable")


UNDECIDED = (ProjectState.SUBMITTED, ProjectState.UNDER_REVIEW)  # those of the case managers' queue
TAKES_PLACES = (  # they count against the establishment's places of the campaign (S3)
    ProjectState.SUBMITTED,
    ProjectState.UNDER_REVIEW,
    ProjectState.CHANGES_REQUESTED,
    ProjectState.ACCEPTED,
    ProjectState.COMPLETED,
)


class DirectoryState(TextChoices):
    """Where one reading of the directory stands (S1): a machine's state, moved by the worker, or by who confirms or undoes it."""

    WAITING = "waiting", pgettext_lazy("long work", "En attente")
    RUNNING = "running", pgettext_lazy("long work", "En cours")
    HELD = "held", _("À confirmer")
    DONE = "done", pgettext_lazy("long work", "Terminé")
    FAILED = "failed", pgettext_lazy("long work", "Échec")
    STOPPED = "stopped", pgettext_lazy("long work", "Arrêté")
    UNDONE = "undone", _("Défait")


class DirectoryPhase(TextChoices):
    """What the worker does with a reading: compare it, write it, undo it."""

    READ = "read", _("Lecture")
    APPLY = "apply", _("Écriture")
    UNDO = "undo", _("Retour en arrière")


class DirectoryDoor(TextChoices):
    """By which door the directory came in (S1)."""

    FILE = "file", _("Fichier")
    SERVICE = "service", _("Service de l'annuaire")


class DirectoryThing(TextChoices):
    """What a line of the directory is about."""

    ESTABLISHMENT = "establishment", _("Établissement")
    PERSON = "person", _("Personne")
    POST = "post", _("Rôle")


class DirectoryAction(TextChoices):
    """What a reading would do, or did, with one of them."""

    ADD = "add", _("Ajout")
    CHANGE = "change", _("Modification")
    CONFIRM = "confirm", _("Confirmation")
    END = "end", _("Fin")
    REOPEN = "reopen", _("Reprise")


class RefusalReason(TextChoices):
    """Why a case manager refuses a project; « Autre » is said in words (S5, step 2)."""

    NO_GENERAL_INTEREST = "no_general_interest", _("La mission ne sert pas l'intérêt général")
    IS_A_JOB = "is_a_job", _("Les tâches sont celles d'un emploi ou d'un stage")
    SUPPORT = "support", _("L'accompagnement du volontaire est insuffisant")
    NO_PLACE_LEFT = "no_place_left", _("Il n'y a plus de place cette année")
    OTHER = "other", _("Autre raison")
