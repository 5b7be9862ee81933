"""Choices of long work and of exports, with the words of the screen."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WorkState(TextChoices):
    """Where a long work stands. The worker moves it, and the person who asked may stop it."""

    WAITING = "waiting", pgettext_lazy("long work", "En attente")
    RUNNING = "running", pgettext_lazy("long work", "En cours")
    DONE = "done", pgettext_lazy("long work", "Terminé")
    FAILED = "failed", pgettext_lazy("long work", "Échec")
    STOPPED = "stopped", pgettext_lazy("long work", "Arrêté")


OPEN_WORK = (WorkState.WAITING, WorkState.RUNNING)


class ImportState(TextChoices):
    """Where a file that was brought in stands: a draft until its preview is confirmed, then a long work."""

    DRAFT = "draft", _("À confirmer")
    WAITING = "waiting", pgettext_lazy("long work", "En attente")
    RUNNING = "running", pgettext_lazy("long work", "En cours")
    DONE = "done", pgettext_lazy("long work", "Terminé")
    FAILED = "failed", pgettext_lazy("long work", "Échec")
    STOPPED = "stopped", pgettext_lazy("long work", "Arrêté")


class LineOutcome(TextChoices):
    """What became of one line, once the import was confirmed."""

    NONE = "", _("Pas traitée")
    DONE = "done", _("Faite")
    LEFT = "left", _("Laissée de côté")
    FAILED = "failed", pgettext_lazy("long work", "Échec")


class FileFormat(TextChoices):
    """What an export is written as."""

    XLSX = "xlsx", _("Classeur (.xlsx), pour Excel ou LibreOffice")
    CSV = "csv", _("Texte (.csv), pour un autre logiciel")


class Purpose(TextChoices):
    """Why somebody takes data out of the platform (R37, P10)."""

    CONTACT = "contact", _("Contacter les bénévoles")
    PREPARE = "prepare", _("Préparer la mission : plannings, listes de présence")
    REPORT = "report", _("Faire un bilan ou des statistiques")
    DUTY = "duty", _("Répondre à une obligation : assurance, registre, financeur")
    OTHER = "other", pgettext_lazy("purpose", "Autre raison")


class WorkError(TextChoices):
    """Why a long work failed, in a sentence for who asked."""

    DIED = "died", _("Le travail s'est interrompu trois fois de suite. Recommencez plus tard, ou avec moins de lignes.")
    BROKEN = "broken", _("Une erreur est survenue. Elle est notée pour l'équipe technique ; recommencez plus tard.")
    RIGHT_LOST = "right_lost", _("Vous n'avez plus le rôle qui permettait ce travail : rien n'a été produit.")
    RIGHT_LOST_MIDWAY = "right_lost_midway", _("Vous n'avez plus le rôle qui permettait ce travail : il s'est arrêté là.")
    DIED_MIDWAY = "died_midway", _("Le travail s'est interrompu trois fois de suite. Ce qui est fait le reste.")
