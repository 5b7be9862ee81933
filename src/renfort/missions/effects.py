"""What a transition writes beside the state itself. Small, in the same transaction, never another workflow."""

from __future__ import annotations

from django.db.models import Case, DateTimeField, Q, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from renfort.kernel.events import Event
from renfort.missions.enums import RefusalReason, SlotState
from renfort.missions.models import Booking, Mission, Participation, Slot


def keep_refusal_reason(event: Event[Participation]) -> None:
    """Keep why the organisation declines."""
    event.obj.refusal_reason = str(event.codes["reason"])


def keep_withdrawal_reason(event: Event[Participation]) -> None:
    """Keep why the volunteer withdraws."""
    event.obj.withdrawal_reason = str(event.codes["reason"])


def forget_decision(event: Event[Participation]) -> None:
    """Taken back: the decision is as if it had not been made; the history keeps it."""
    event.obj.decided_at = event.obj.decided_by = None
    event.obj.refusal_reason = ""
    if event.obj.mission.has_slots:
        Booking.objects.filter(participation=event.obj).update(granted_at=None)


def grant_slots(event: Event[Participation]) -> None:
    """Give the slots chosen, and no other that is still to come; those past stay as they were (R61)."""
    if not event.obj.mission.has_slots:
        return
    chosen = Q(slot__in=slots_named(event))
    to_come = Booking.objects.filter(participation=event.obj, slot__in=Slot.objects.filter(ends_at__gt=event.at))
    given = Coalesce("granted_at", Value(event.at), output_field=DateTimeField())
    to_come.update(granted_at=Case(When(chosen, then=given), default=None, output_field=DateTimeField()))


def give_back_slots(event: Event[Participation]) -> None:
    """The volunteer keeps the others (R61)."""
    Booking.objects.filter(participation=event.obj, slot__in=slots_named(event)).delete()


def slots_named(event: Event[Participation]) -> list[int]:
    """The slots that were ticked."""
    said = str(event.codes.get("slots", ""))
    return [int(number) for number in said.split(",") if number]


def keep_cancellation_reason(event: Event[Slot]) -> None:
    """Keep why the slot is not held, and take its places off the mission's sum."""
    slot, reason = event.obj, str(event.codes["reason"])
    slot.cancellation_reason, slot.cancelled_at = reason, event.at
    others = Slot.objects.filter(mission=slot.mission_id, state=SlotState.OPEN).exclude(pk=slot.pk)
    total = others.aggregate(total=Sum("places"))["total"]
    if total:
        Mission.objects.filter(pk=slot.mission_id).update(places=total)


def close_unanswered(event: Event[Participation]) -> None:
    """The mission ended before anybody answered: the clock gives the reason."""
    event.obj.refusal_reason = RefusalReason.MISSION_OVER
    event.obj.decided_at = event.at


def go_online(event: Event[Mission]) -> None:
    """In the public list from now on."""
    event.obj.published_at = event.obj.published_at or event.at


def go_offline(event: Event[Mission]) -> None:
    """Out of the public list and page."""
    event.obj.published_at = None


def ask_review(event: Event[Mission]) -> None:
    """« À relire » in the operator's queue (R12)."""
    event.obj.reviewed_at = event.obj.reviewed_by = None


def forget_reminders(event: Event[Mission]) -> None:
    """A mission that is open again will be reminded of again."""
    event.obj.first_reminder_at = event.obj.second_reminder_at = None


def stamp_second_reminder(event: Event[Mission]) -> None:
    """After a long stop of the clock the second reminder stands for both: nobody gets two at once."""
    event.obj.second_reminder_at = event.at
    event.obj.first_reminder_at = event.obj.first_reminder_at or timezone.now()
