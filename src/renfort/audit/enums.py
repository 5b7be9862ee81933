"""Choices of the history, with the words of the screen."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Way(TextChoices):
    """By which way somebody's contact data were read (R37)."""

    LIST = "list", pgettext_lazy("way of reading", "dans une liste")
    PANEL = "panel", pgettext_lazy("way of reading", "dans un volet")
    PAGE = "page", pgettext_lazy("way of reading", "sur une page")
    EXPORT = "export", pgettext_lazy("way of reading", "dans un fichier")
