"""Sessions, and who leads them (W3 to W5)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from renfort.kernel.models import CodeField, StateField, Stateful, known_state, signed
from renfort.kernel.templatetags.ui import span_words
from renfort.people.models import Person
from renfort.workshops.enums import SEATED, EnrolmentState, Kind, Language, Presence, Seat, SessionState, Standing
from renfort.workshops.models.assignment import Assignment
from renfort.workshops.models.facilitator import Facilitator

S, E = SessionState, EnrolmentState


class Session(Stateful):
    """One workshop, training or coaching, at a moment. Its life stands on ``workshops.workflow``.

    ``starts_at`` and ``ends_at`` are moments; the hours that people read are those of ``zone``. ``leads`` to ``observers`` are
    the places per role. ``link_*``: the address that invites facilitators; its secret part is made of the seed and the site's
    key, and recognised by its digest; empty once revoked.
    """

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="sessions")
    kind = CodeField(states=Kind)
    presence = CodeField(states=Presence)
    language = CodeField(states=Language, default=Language.FRENCH)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=40, default="Europe/Paris")  # IANA name
    address = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=100, blank=True)
    video_link = models.URLField(max_length=300, blank=True)
    participants = models.PositiveIntegerField(default=14)
    leads = models.PositiveSmallIntegerField(default=1)
    co_leads = models.PositiveSmallIntegerField(default=0)
    coaches = models.PositiveSmallIntegerField(default=0)
    observers = models.PositiveSmallIntegerField(default=0)
    state = StateField(states=S, default=S.PLANNED)
    series = models.UUIDField(
        null=True, blank=True, editable=False
    )  # shared by those planned in one go (W3); each lives its own life
    created_at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    link_seed = models.CharField(max_length=43, blank=True, editable=False)
    link_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            known_state(S),
            known_state(Kind, field="kind"),
            known_state(Presence, field="presence"),
            known_state(Language, field="language"),
            signed("cancelled", in_states=[S.CANCELLED]),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="workshops_session_ends_after_start"),
            models.CheckConstraint(
                condition=Q(presence=Presence.ONLINE) | ~Q(address="", city=""), name="workshops_session_has_a_place"
            ),
            models.CheckConstraint(condition=Q(leads__gte=1) | Q(coaches__gte=1), name="workshops_session_somebody_leads"),
            models.CheckConstraint(condition=~Q(kind=Kind.TRAINING) | Q(coaches=0), name="workshops_session_training_coaches"),
            models.UniqueConstraint(fields=["id", "starts_at", "ends_at"], name="workshops_session_hours"),
            models.UniqueConstraint(fields=["link_digest"], condition=~Q(link_digest=""), name="workshops_session_link"),
        ]
        indexes = [
            models.Index(fields=["assignment", "starts_at"], name="workshops_session_in_order"),
            models.Index(fields=["ends_at"], condition=Q(state=S.PLANNED), name="workshops_session_due"),
        ]

    def __str__(self) -> str:
        return f"session {self.pk}"

    def places(self, seat: str) -> int:
        """How many may take this part."""
        return {Seat.LEAD: self.leads, Seat.CO_LEAD: self.co_leads, Seat.COACH: self.coaches, Seat.OBSERVER: self.observers}[
            Seat(seat)
        ]

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def local_start(self) -> datetime:
        """When it starts, as the clocks of the place show it."""
        return self.starts_at.astimezone(ZoneInfo(self.zone))

    @property
    def local_end(self) -> datetime:
        """When it ends, as the clocks of the place show it."""
        return self.ends_at.astimezone(ZoneInfo(self.zone))

    @property
    def words(self) -> str:
        """« lundi 4 mars, 14 h – 17 h », in the hours of the place."""
        return str(span_words(starts_at=self.starts_at, ends_at=self.ends_at, zone=self.zone))

    @property
    def title(self) -> str:
        """« Atelier »."""
        return str(Kind(self.kind).label)

    @property
    def where(self) -> str:
        """« 3 rue X, 33000 Bordeaux », or « En ligne »."""
        if self.presence == Presence.ONLINE:
            return str(Presence.ONLINE.label)
        return ", ".join(part for part in (self.address, f"{self.postcode} {self.city}".strip()) if part)


def _during() -> Func:
    return Func(F("starts_at"), F("ends_at"), function="tstzrange", output_field=DateTimeRangeField())


def _who() -> Func:
    return Func(F("facilitator"), F("facilitator"), Value("[]"), function="int8range", output_field=BigIntegerRangeField())


class Enrolment(Stateful):
    """A facilitator on a session, in one part of it (W4, W5). Its life stands on ``workshops.workflow``.

    The hours repeat the session's: a composite foreign key keeps them the same when the session moves (migration 0002), so that
    the database itself refuses one person in two places at once, whoever writes. The person is written as a range of one number:
    ranges need no extension of the database.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="enrolments", db_constraint=False)
    facilitator = models.ForeignKey(Facilitator, models.PROTECT, related_name="enrolments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seat = CodeField(states=Seat, default=Seat.LEAD)
    standing = CodeField(states=Standing, default=Standing.PAID)
    state = StateField(states=E, default=E.ENROLLED)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            known_state(E),
            known_state(Seat, field="seat"),
            known_state(Standing, field="standing"),
            models.UniqueConstraint(
                fields=["session", "facilitator"], condition=Q(state__in=[*map(str, SEATED), "absent"]),
                name="workshops_enrolment_once",
            ),
            ExclusionConstraint(
                name="workshops_enrolment_one_place_at_a_time",
                expressions=[(_who(), RangeOperators.OVERLAPS), (_during(), RangeOperators.OVERLAPS)],
                condition=Q(state__in=[str(state) for state in SEATED]),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["facilitator", "-starts_at"], name="workshops_enrolment_own")]

    def __str__(self) -> str:
        return f"enrolment {self.pk}"


class Invitee(models.Model):
    """An address to which the link of a session was sent (W4); empty once erased. Who accepts enrols; ``declined_at``: will not
    come (W12)."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="invitees")
    email = models.EmailField(max_length=254)  # in lower case
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    declined_at = models.DateTimeField(null=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "email"], condition=~Q(email=""), name="workshops_invitee_once")
        ]
        indexes = [models.Index(fields=["email"], name="workshops_invitee_email")]

    def __str__(self) -> str:
        return f"invitee {self.pk}"
