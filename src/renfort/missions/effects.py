"""What a transition writes beside the state itself. Small, in the same transaction, never another workflow."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from renfort.kernel.events import Event
from renfort.missions.enums import RefusalReason
from renfort.missions.models import Mission, Participation


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


def keep_cancellation_reason(event: Event[Mission]) -> None:
    """Keep why the organisation cancels: the volunteers read it."""
    event.obj.cancellation_reason = str(event.codes["reason"])


def move_end(event: Event[Mission]) -> None:
    """The new last day of a mission that goes on."""
    event.obj.ends_on = date.fromisoformat(str(event.codes["ends_on"]))
