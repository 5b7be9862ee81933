"""Choices of the history, with the words of the screen."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Way(TextChoices):
    """By which way somebody's contact data were read (R37)."""

    LIST = "list", pgettext_lazy("way of reading", "dans une liste")
    PANEL = "panel", pgettext_lazy("way of reading", "dans un volet")
    PAGE = "page", pgettext_lazy("way of reading", "sur une page")
    EXPORT = "export", pgettext_lazy("way of reading", "dans un fichier")


class ViewPurpose(TextChoices):
    """Why a referent reads a volunteer's contact data (R37): one must say, and the volunteer reads it."""

    HELP_VOLUNTEER = "help_volunteer", _("Aider cette personne, qui me l'a demandé")
    HELP_HOST = "help_host", _("Aider la structure à joindre cette personne")
    SAFETY = "safety", _("Sécurité : un problème sur place")
    COMPLAINT = "complaint", _("Comprendre un désaccord")
    OTHER = "other", _("Autre raison")
