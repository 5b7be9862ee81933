"""Checks that help whoever validates (R53): how each is set, its words, what was found, what the public directory says."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from renfort.kernel.models import CodeField, known_state
from renfort.organisations.enums import LookUpState, WordKind, WordList
from renfort.organisations.models.organisation import Organisation
from renfort.people.models import Person


class Check(models.Model):
    """How the operator has set one check. Its sentence stands in the catalogue of the app that makes it.

    ``weight``: 0 to 100, what comes first. ``threshold``: so many characters, words or days; the check says which, and null
    when it counts nothing.
    """

    key = models.SlugField(max_length=40, unique=True)
    weight = models.PositiveSmallIntegerField()
    threshold = models.PositiveIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(weight__lte=100), name="organisations_check_weight")]
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class CheckWord(models.Model):
    """One term of a list, as ``kernel.terms`` reads it. Withdrawn, never deleted: what it found keeps its name.

    ``scope``: for the vocabulary of domains, the key of the domain; else "".
    """

    list = CodeField(states=WordList)
    scope = models.CharField(max_length=60, blank=True, default="", db_default="")
    kind = CodeField(states=WordKind, default=WordKind.FOUND)
    words = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            known_state(WordList, field="list"),
            known_state(WordKind, field="kind"),
            models.UniqueConstraint(fields=["list", "scope", "kind", "words"], name="organisations_checkword_once"),
        ]
        ordering = ["list", "scope", "kind", "words", "id"]

    def __str__(self) -> str:
        return self.words


class Found(models.Model):
    """What one check found in one text. ``print`` is the text at fault, in short: the same one never makes a second row, and a
    changed one is a new row; so a false alarm holds for the text it was said of, and comes back with another.

    ``field``: where; ``words``: what was written there. ``facts``: numbers and keys that the sentence tells.
    A row that is no longer true keeps ``gone_at``, for the rates of false alarms.
    """

    made_by = models.ForeignKey(Check, models.PROTECT, related_name="+")
    word = models.ForeignKey(CheckWord, models.SET_NULL, null=True, blank=True, related_name="+")
    field = models.CharField(max_length=40)
    words = models.CharField(max_length=200, blank=True)
    excerpt = models.CharField(max_length=500, blank=True)
    print = models.CharField(max_length=32)
    facts = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    false_at = models.DateTimeField(null=True)  # « fausse alerte »
    false_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.made_by_id}: {self.words}"


class OrganisationFinding(Found):
    """What a check found about an organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="findings")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "made_by", "print"], name="organisations_finding_once"),
        ]
        indexes = [models.Index(fields=["gone_at"], condition=~Q(gone_at=None), name="organisations_finding_gone")]


class LookUp(models.Model):
    """What the public directory says of an organisation, beside what it typed. The page never waits for it.

    ``asked``: SIRET or RNA that was asked. Everything after ``state`` is the directory's. ``closed_on`` without
    ``is_closed`` does not happen; closed without a date does.
    """

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="look_up")
    asked = models.CharField(max_length=14)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    state = CodeField(states=LookUpState, default=LookUpState.WAITING)
    name = models.CharField(max_length=250, blank=True)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=100, blank=True)
    siret = models.CharField(max_length=14, blank=True)
    rna = models.CharField(max_length=10, blank=True)
    is_closed = models.BooleanField(default=False)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            known_state(LookUpState),
            models.CheckConstraint(condition=Q(closed_on=None) | Q(is_closed=True), name="organisations_lookup_closed"),
        ]
        indexes = [models.Index(F("id"), name="organisations_lookup_waiting", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.asked}: {self.state}"
