"""What those who look after a territory write for one another, never for the organisation (R55)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from renfort.organisations.models.organisation import Organisation
from renfort.people.models import Person

LONGEST = 2000


class Note(models.Model):
    """One internal note. Erased by its author, it keeps who wrote it and when, and loses its words (P10)."""

    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.TextField(max_length=LONGEST, blank=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(erased_at=None) | Q(text=""), name="%(app_label)s_%(class)s_erased_means_empty"),
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"


class OrganisationNote(Note):
    """A note on an organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="notes")

    class Meta(Note.Meta):
        indexes = [models.Index(fields=["organisation", "-id"], name="organisations_note_of")]
