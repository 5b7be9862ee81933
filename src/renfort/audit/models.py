"""One history for everything: append-only, without foreign keys, so that a purge or an erasure is never blocked (P3).

Entries hold ids, role keys and codes; names are resolved when read; people's own words stand in an erasable side row
(design decision 17).
"""

from __future__ import annotations

from django.db import models

from renfort.audit.enums import ViewPurpose, Way
from renfort.kernel.models import CodeField, known_state


class Entry(models.Model):
    """One thing that happened: who, in which role, when, to what, from which state to which."""

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)  # a person; null: the clock, a command, nobody signed in
    role = models.CharField(max_length=120)  # the role in force, or « clock », « service », « anonymous », « person »
    verb = models.CharField(max_length=100)  # missions.participation.accept
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20, blank=True)
    codes = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["model", "object_id", "-id"], name="audit_entry_object")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_id}"


class Seal(models.Model):
    """One link of the chain that shows a change of the history: a digest of a stretch of entries and of the seal before.

    A seal covers every entry above the last one of the seal before it, up to its own ``last_id``; people's own words are not
    covered, because the law may ask to erase them. Append-only like the entries.
    """

    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, blank=True, unique=True)  # unique: two workers at once cannot fork the chain
    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_id__lte=models.F("last_id"), count__gte=1), name="audit_seal_covers_something"
            ),
        ]

    def __str__(self) -> str:
        return f"entries {self.first_id} to {self.last_id}"


class Remark(models.Model):
    """What people wrote when it happened: the one part of the history that the law may ask to erase."""

    entry_id = models.BigIntegerField()
    name = models.CharField(max_length=60)
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["entry_id"], name="audit_remark_entry")]

    def __str__(self) -> str:
        return f"{self.name} of entry {self.entry_id}"


class ContactView(models.Model):
    """Somebody read a volunteer's contact data that day: one row per viewer, subject and day (R37).

    The first view of the day stays, with the role and the organisation then in force, and the way it was read. Shown to the
    subject. Never changed; removed only when the time for which such a log is kept is over.
    """

    viewer_id = models.BigIntegerField()  # a person
    subject_id = models.BigIntegerField()  # the person whose data were shown
    day = models.DateField()  # in the platform's zone
    at = models.DateTimeField()
    role = models.CharField(max_length=120)  # the key of the role in force: reserve:manager:organisation:12
    organisation_id = models.BigIntegerField(null=True)  # for whom it was read; null: for none (a referent, the platform)
    way = CodeField(states=Way, max_length=10)
    # what a referent said: why, in which department; the volunteer reads all of it
    purpose = CodeField(states=ViewPurpose, blank=True, default="", db_default="")
    purpose_words = models.CharField(max_length=300, blank=True, default="", db_default="")
    department = models.CharField(max_length=3, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            known_state(Way, field="way"),
            models.CheckConstraint(
                condition=models.Q(purpose__in=["", *ViewPurpose.values]), name="audit_contactview_known_purpose"
            ),
            models.UniqueConstraint(fields=["subject_id", "day", "viewer_id"], name="audit_contactview_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"person {self.subject_id} seen by {self.viewer_id} on {self.day}"
