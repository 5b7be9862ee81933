"""What is noted on the day of a session: marks, headcounts, signatures, and that the list is complete (W6)."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from renfort.kernel.models import CodeField, known_state
from renfort.people.models import Person
from renfort.workshops.enums import Act, SignedBy
from renfort.workshops.models.registration import Registration
from renfort.workshops.models.session import Enrolment, Session

MOST_HALVES = 3  # of a session: it lasts twelve hours at most
MOST_COUNTED = 5000  # people in one half-day
LONGEST_DRAWING = 12_000  # characters of a signature's path
DRAWN = r"^M\d{1,3} \d{1,3}( [ML]\d{1,3} \d{1,3}){4,}$"  # moves and lines in a box of 600 by 200, nothing else


class RollCall(models.Model):
    """The attendance of one session. ``code_*``: the address of its QR code, made of the seed and the site's key and recognised
    by its digest; empty while there is none. ``declared_at``: somebody said that the list is complete."""

    session = models.OneToOneField(Session, models.PROTECT, primary_key=True, related_name="roll_call")
    code_seed = models.CharField(max_length=43, blank=True, editable=False)
    code_digest = models.CharField(max_length=64, blank=True, editable=False)
    declared_at = models.DateTimeField(null=True)
    declared_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code_digest"], condition=~Q(code_digest=""), name="workshops_rollcall_code"),
            models.CheckConstraint(
                condition=Q(declared_by=None) | Q(declared_at__isnull=False), name="workshops_rollcall_declared"
            ),
        ]

    def __str__(self) -> str:
        return f"roll call {self.pk}"


class Mark(models.Model):
    """One tap on a phone, as it arrived. The phone made the ``key``: what comes twice is written once, whoever sends it again.

    ``scanned_at``: when it was tapped, also without network; ``received_at``: when it arrived.
    """

    key = models.UUIDField(unique=True)
    session = models.ForeignKey(Session, models.PROTECT, related_name="marks")
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="marks")
    act = CodeField(states=Act)
    scanned_at = models.DateTimeField()
    received_at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")  # None: by the QR code

    class Meta:
        constraints = [known_state(Act, field="act")]

    def __str__(self) -> str:
        return f"mark {self.pk}"


class Headcount(models.Model):
    """How many were there in one half-day, without names: teaching alone (W6). ``half`` counts from 1."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="headcounts")
    half = models.PositiveSmallIntegerField()
    people = models.PositiveIntegerField(validators=[MaxValueValidator(MOST_COUNTED)])
    counted_at = models.DateTimeField()
    counted_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "half"], name="workshops_headcount_once"),
            models.CheckConstraint(condition=Q(half__gte=1, half__lte=MOST_HALVES), name="workshops_headcount_half"),
            models.CheckConstraint(condition=Q(people__lte=MOST_COUNTED), name="workshops_headcount_most"),
        ]

    def __str__(self) -> str:
        return f"headcount {self.pk}"


class Signature(models.Model):
    """Somebody signed for one half-day: a participant, or who led the session.

    ``path`` is what was drawn, as moves and lines of SVG and nothing else; empty when the box « Je signe » stands for it.
    ``name`` is the person's at that moment; both may be emptied later, when the law asks for it. ``taken_by``: on whose phone.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="signatures")
    half = models.PositiveSmallIntegerField()
    registration = models.ForeignKey(Registration, models.PROTECT, null=True, related_name="signatures")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, null=True, related_name="signatures")
    name = models.CharField(max_length=200)
    way = CodeField(states=SignedBy)
    path = models.TextField(blank=True)
    signed_at = models.DateTimeField()
    taken_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            known_state(SignedBy, field="way"),
            models.CheckConstraint(condition=Q(half__gte=1, half__lte=MOST_HALVES), name="workshops_signature_half"),
            models.CheckConstraint(
                condition=Q(registration__isnull=False, enrolment=None) | Q(registration=None, enrolment__isnull=False),
                name="workshops_signature_of_one",
            ),
            models.CheckConstraint(
                condition=Q(way=SignedBy.HAND, path__regex=DRAWN) | Q(path=""),
                name="workshops_signature_drawn",  # "": erased too
            ),
            models.UniqueConstraint(
                fields=["registration", "half"], condition=Q(enrolment=None), name="workshops_signature_of_participant"
            ),
            models.UniqueConstraint(
                fields=["enrolment", "half"], condition=Q(registration=None), name="workshops_signature_of_facilitator"
            ),
        ]

    def __str__(self) -> str:
        return f"signature {self.pk}"
