"""A slot: hours of a mission with places of their own, and who asked for or holds them (R61)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.models import CodeField, StateField, Stateful, known_state, signed
from renfort.kernel.templatetags.ui import day_words, hour_words, span_words
from renfort.missions.enums import SlotShape, SlotState
from renfort.missions.models.mission import Mission
from renfort.missions.models.participation import Participation


class Slot(Stateful):
    """A day, a half-day or hours of a mission, for so many people at once. Its life stands on ``missions.workflow``.

    ``starts_at`` and ``ends_at`` are moments; the hours that people read are those of the mission's zone. A whole day goes from
    midnight to midnight there, a half-day from or to noon, so that slots compare whatever their shape. A mission without slots
    has places of its own (``Mission.places``).
    """

    mission = models.ForeignKey(Mission, models.PROTECT, related_name="slots")
    shape = CodeField(states=SlotShape, default=SlotShape.HOURS)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    places = models.PositiveIntegerField(default=1)
    state = StateField(states=SlotState, default=SlotState.OPEN)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancellation_reason = CodeField(max_length=30, blank=True, default="")

    class Meta:
        ordering = ["starts_at", "ends_at", "id"]
        constraints = [
            known_state(SlotState),
            known_state(SlotShape, field="shape"),
            signed("cancelled", in_states=[SlotState.CANCELLED]),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="missions_slot_ends_after_start"),
            models.CheckConstraint(condition=Q(places__gte=1), name="missions_slot_places"),
            models.UniqueConstraint(fields=["id", "mission"], name="missions_slot_of_mission"),
        ]
        indexes = [models.Index(fields=["mission", "starts_at"], name="missions_slot_in_order")]

    def __str__(self) -> str:
        return f"slot {self.pk}"

    @property
    def is_over(self) -> bool:
        """Whether it has passed: nobody asks for it or is given it any more."""
        return self.ends_at <= timezone.now()

    @property
    def is_cancelled(self) -> bool:
        return self.state == SlotState.CANCELLED

    @property
    def local_start(self) -> datetime:
        """When it starts, as the clocks of the place show it."""
        return self.starts_at.astimezone(ZoneInfo(self.mission.zone))

    @property
    def local_end(self) -> datetime:
        """When it ends, as the clocks of the place show it."""
        return self.ends_at.astimezone(ZoneInfo(self.mission.zone))

    @property
    def words(self) -> str:
        """« samedi 5 décembre, 9 h – 12 h », « samedi 5 décembre, le matin », in the hours of the place."""
        start, end = self.local_start, self.local_end
        parts = {
            SlotShape.DAY.value: _("%(day)s, toute la journée"),
            SlotShape.MORNING.value: _("%(day)s, le matin"),
            SlotShape.AFTERNOON.value: _("%(day)s, l’après-midi"),
        }
        if self.shape in parts:
            return parts[self.shape] % {"day": day_words(start.date())}
        if end.time() == time() and end.date() == start.date() + timedelta(days=1):
            return _("%(day)s, %(from)s\u00a0– minuit") % {"day": day_words(start.date()), "from": hour_words(start)}
        return str(span_words(starts_at=self.starts_at, ends_at=self.ends_at, zone=self.mission.zone))

    def overlaps(self, other: Slot) -> bool:
        """Whether nobody can do both: they share a moment. One that begins as the other ends does not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


class Booking(models.Model):
    """A slot that a participation asks for; once the organisation accepts it, one of its places (``granted_at``).

    It takes a place while its participation is accepted, under way or done, and, when it comes from the slot's waiting list
    (``reserved``), while it waits for the answer (``selectors.slots.holding``). One that the volunteer gives back
    is deleted; the history tells of it. ``mission`` repeats the participation's and the slot's: the database holds that the three
    are the same (composite foreign keys, migration 0003), which these plain ones leave to it.
    """

    participation = models.ForeignKey(
        Participation, models.CASCADE, related_name="bookings", db_constraint=False, db_index=False
    )  # the unique constraint is its index
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="bookings", db_constraint=False)
    mission = models.ForeignKey(Mission, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    asked_at = models.DateTimeField()
    granted_at = models.DateTimeField(null=True)
    reserved = models.BooleanField(default=False, db_default=False)  # from the waiting list: holds its place while pending (R60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participation", "slot"], name="missions_booking_once")]
        indexes = [models.Index(fields=["mission"], name="missions_booking_granted", condition=Q(granted_at__isnull=False))]

    def __str__(self) -> str:
        return f"booking {self.pk}"
