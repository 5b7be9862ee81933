"""Lists that the operator edits: rows with a stable key, words in two languages, an order; withdrawn, never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db import models
from django.utils.translation import get_language

from renfort.kernel.rules import Text


def in_language(french: str, english: str) -> str:
    """The operator's text in the reader's language; French when there is no English."""
    return english if english and (get_language() or "fr").startswith("en") else french


@dataclass(frozen=True, slots=True)
class EditableList:
    """One list that the operator edits, by the word in its address. ``used_by`` are the relations that choose from it, with
    the words of what is counted: (« missions.Mission », « publics », « missions »). ``by_key``: the same for columns that hold
    the key alone. ``keeps_one``: something must always be offered, because a form asks for it.
    """

    kind: str
    model: type[Listed]
    title: Text
    used_by: tuple[tuple[str, str, Text], ...] = ()
    by_key: tuple[tuple[str, str, Text], ...] = ()
    keeps_one: bool = False

    def __post_init__(self) -> None:
        LISTS[self.kind] = self


LISTS: dict[str, EditableList] = {}


class Listed(models.Model):
    """One entry of such a list. ``key`` never changes; what is withdrawn (``is_active`` false) stays true of who chose it."""

    worded: ClassVar[tuple[str, ...]] = ("label_fr", "label_en")  # what the operator writes: French is required
    longest_key = 60  # characters of a new entry's key: a list whose keys stand in a shorter column says so
    key = models.CharField(max_length=60, unique=True)
    label_fr = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label_fr

    @classmethod
    def check_words(cls, name: str, words: str) -> None:
        """Whether these words may stand in the field ``name``; a list with rules of its own says no.

        Raises:
            ValidationError: with the sentence that says why not.
        """

    @property
    def label(self) -> str:
        return in_language(self.label_fr, self.label_en)
