"""What a transition writes beside the state itself. Small, in the same transaction, never another workflow."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db.models import Case, DateTimeField, Q, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.durations import quarters_of
from renfort.kernel.events import Event, Plain, publish
from renfort.kernel.firing import Refused, lock_row
from renfort.kernel.messages import Message
from renfort.kernel.workflow import Effect
from renfort.missions.enums import NewContacts, ParticipationState, Side, SlotState
from renfort.missions.models import Booking, Contact, HoursEntry, Mission, Participation, Slot, Transfer, Unfinished, Waiting
from renfort.missions.models.hours import A_DAY as QUARTERS_A_DAY
from renfort.missions.models.reasons import MISSION_OVER
from renfort.missions.rules import side_of, too_many_hours
from renfort.missions.selectors.absences import contestable_until
from renfort.missions.selectors.hours import has_confirmed_hours
from renfort.missions.selectors.slots import overlap_words, overlapping, slots_of
from renfort.missions.selectors.waiting import active_of
from renfort.parameters.catalogue import OFFER_HOURS
from renfort.parameters.selectors import value_of

SHORTEST = timedelta(hours=1)


def keep_refusal_reason(event: Event[Participation]) -> None:
    """Keep why the organisation declines."""
    event.obj.refusal_reason = str(event.codes["reason"])


def keep_withdrawal_reason(event: Event[Participation]) -> None:
    """Keep why the volunteer withdraws."""
    event.obj.withdrawal_reason = str(event.codes["reason"])


def forget_decision(event: Event[Participation]) -> None:
    """Taken back: the decision is as if it had not been made; the history keeps it."""
    event.obj.decided_at = event.obj.decided_by = None
    event.obj.reserved = False  # the place may be somebody else's by now
    event.obj.refusal_reason = ""
    if event.obj.mission.has_slots:
        Booking.objects.filter(participation=event.obj).update(granted_at=None, reserved=False)


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


def close_slot(event: Event[Slot]) -> None:
    """Keep why the slot is not held, and take its places off the mission's sum."""
    slot, reason = event.obj, str(event.codes["reason"])
    slot.cancellation_reason, slot.cancelled_at = reason, event.at
    others = Slot.objects.filter(mission=slot.mission_id, state=SlotState.OPEN).exclude(pk=slot.pk)
    total = others.aggregate(total=Sum("places"))["total"]
    if total:
        Mission.objects.filter(pk=slot.mission_id).update(places=total)


def close_unanswered(event: Event[Participation]) -> None:
    """The mission ended before anybody answered: the clock gives the reason."""
    event.obj.refusal_reason = MISSION_OVER
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


def queue(event: Event[Mission]) -> None:
    """It waits for a reader from now on, and nobody has said anything of it yet (R52)."""
    event.obj.queued_at = event.at
    event.obj.opinion_at = event.obj.opinion_by = None


def let_go(event: Event[Mission]) -> None:
    """Decided: nobody has it in hand any more."""
    event.obj.taken_at = event.obj.taken_by = None


def forget_reminders(event: Event[Mission]) -> None:
    """A mission that is open again will be reminded of again."""
    event.obj.first_reminder_at = event.obj.second_reminder_at = None


def stamp_second_reminder(event: Event[Mission]) -> None:
    """After a long stop of the clock the second reminder stands for both: nobody gets two at once."""
    event.obj.second_reminder_at = event.at
    event.obj.first_reminder_at = event.obj.first_reminder_at or timezone.now()


def offer_delay(mission: Mission, now: datetime, slot: Slot | None = None) -> timedelta:
    """How long a freed place, or one of a ``slot``, is kept for somebody (R60): 48 hours by default; near the date, half of what
    is left, and an hour at least."""
    usual = timedelta(hours=value_of(OFFER_HOURS))
    begins, over = (mission.begins_at, mission.over_at) if slot is None else (slot.starts_at, slot.ends_at)
    ahead = (begins if begins and begins > now else over or now) - now
    return max(SHORTEST, min(usual, ahead / 2))


def hold_offer(event: Event[Waiting]) -> None:
    """A place is kept for this person until an hour that is written."""
    event.obj.offered_at = event.at
    event.obj.offer_until = event.at + offer_delay(event.obj.mission, event.at, event.obj.slot)


def apply_from_line(event: Event[Waiting]) -> None:
    """The place becomes an application that holds it until the organisation answers; a place of a slot joins the application that
    there is already, and is given at once when the organisation has accepted the person."""
    turn = event.obj
    current = active_of(turn) if turn.slot_id is not None else None
    if current is not None:
        _add_slot(event, current)
        return
    participation = Participation.objects.create(
        mission=turn.mission,
        organisation_id=turn.mission.organisation_id,
        person=turn.person,
        state=ParticipationState.PENDING,
        reserved=turn.slot_id is None,
        rules_id=turn.rules_id,
        rules_at=turn.rules_at,
        prerequisites=turn.prerequisites,
        prerequisites_at=turn.created_at if turn.prerequisites else None,
        created_at=event.at,
    )
    codes: dict[str, Plain] = {"rules": turn.rules_id, "turn": turn.pk}
    publish(
        "missions.participation.apply",
        participation,
        actor=event.actor,
        after=participation.state,
        codes=codes | ({"slots": str(turn.slot_id)} if turn.slot_id else {}),
    )
    if turn.slot is not None:
        Booking.objects.create(
            participation=participation, slot=turn.slot, mission_id=turn.mission_id, asked_at=event.at, reserved=True
        )
    turn.participation = participation


def _add_slot(event: Event[Waiting], current: Participation) -> None:
    """One more slot for somebody who has applied, or was accepted, for others of the same mission."""
    turn, slot = event.obj, cast(Slot, event.obj.slot)
    participation: Participation = lock_row(current)
    participation.mission = slot.mission = turn.mission
    others = [each for each in slots_of([participation])[participation.pk] if each.pk != slot.pk]
    if pair := overlapping([slot, *others]):
        raise Refused(overlap_words(*pair))
    waits = participation.state == ParticipationState.PENDING
    Booking.objects.update_or_create(
        participation=participation,
        slot=slot,
        defaults={
            "mission_id": turn.mission_id,
            "asked_at": event.at,
            "reserved": waits,
            "granted_at": None if waits else event.at,
        },
    )
    participation.version += 1  # a colleague who looks at the former page is told
    participation.save(update_fields=["version"])
    publish("missions.participation.add_slot", participation, actor=event.actor, codes={"slots": str(slot.pk), "turn": turn.pk})
    turn.participation = participation


def stamp_eve(event: Event[Participation]) -> None:
    """Reminded once."""
    event.obj.eve_at = event.at


def keep_cancellation_reason(event: Event[Mission]) -> None:
    """Keep why the organisation cancels: the volunteers read it."""
    event.obj.cancellation_reason = str(event.codes["reason"])


def move_end(event: Event[Mission]) -> None:
    """The new last day of a mission that goes on."""
    event.obj.ends_on = date.fromisoformat(str(event.codes["ends_on"]))


# ── absences and hours (R33) ──────────────────────────────────────────────────────────────────────
AT_REST, A_DAY = timedelta(minutes=15), timedelta(hours=20)


def note_absence(event: Event[Participation]) -> None:
    """Said not to have come: seven days to contest, in days of the place. Confirmed hours would say the contrary."""
    if has_confirmed_hours(event.obj):
        raise Refused(_("Des heures sont confirmées pour cette personne : corrigez-les d'abord."))
    event.obj.missed_at = event.at
    event.obj.contestable_until = contestable_until(event.at, event.obj.mission.zone)
    event.obj.contested_at = event.obj.settled_at = None


def forget_absence(event: Event[Participation]) -> None:
    """Came after all: nothing of it stays but the history."""
    event.obj.missed_at = event.obj.contestable_until = event.obj.contested_at = event.obj.settled_at = None


def tell_hours_later(event: Event[HoursEntry]) -> None:
    """The other side is written to once things have come to rest, and once a day at most: one e-mail, not one per click."""
    participation = event.obj.participation
    side = side_of(event.actor, participation)
    if side == Side.VOLUNTEER:
        owner: Mission | Participation = participation.mission
    elif side == Side.HOST:
        owner = participation
    else:
        return
    if owner.hours_to_tell_at is None:
        at = event.at + AT_REST
        type(owner)._base_manager.filter(pk=owner.pk, hours_to_tell_at=None).update(
            hours_to_tell_at=max(at, owner.hours_told_at + A_DAY) if owner.hours_told_at else at
        )


def stamp_hours_told(event: Event[Any]) -> None:
    """Told; what changes from now on will be told again."""
    event.obj.hours_told_at, event.obj.hours_to_tell_at = event.at, None


def say_other_hours(event: Event[HoursEntry]) -> None:
    """Another figure, said by this side: the other one confirms it."""
    entry = event.obj
    quarters = quarters_of(event.texts["quarters"]) or 0
    days = (entry.last_on - entry.first_on).days + 1
    if not 1 <= quarters <= QUARTERS_A_DAY * days:
        raise Refused(too_many_hours(days))
    entry.quarters = quarters
    entry.side = side_of(event.actor, entry.participation)
    entry.said_at, entry.said_by_id = event.at, event.actor.person_id
    entry.confirmed_at = entry.confirmed_by = None


def withdraw_confirmation(event: Event[HoursEntry]) -> None:
    """What is contested counts no longer."""
    event.obj.confirmed_at = event.obj.confirmed_by = None


def confirm_by_silence(event: Event[HoursEntry]) -> None:
    """Confirmed by nobody in particular."""
    event.obj.confirmed_at = event.at


def move_mission(*tells: Message[Mission]) -> Effect[Transfer]:
    """Effect: the mission, with all that hangs on it, is the other organisation's from now on (R55).

    Participations follow by their foreign key; what is closed is shown to nobody new. Who accepts is in charge, the former team
    no longer is, and what it was typing is forgotten. ``tells``: what those who count on the mission are told, in the same
    transaction; not by the transition, whose page would name them to who has not accepted yet.
    """

    def effect(event: Event[Transfer]) -> None:
        _move(event, tells)

    return effect


def _move(event: Event[Transfer], tells: tuple[Message[Mission], ...]) -> None:
    transfer, now = event.obj, event.at
    mission = transfer.mission
    names = {"giver": transfer.giver.name, "receiver": transfer.receiver.name}
    changes: dict[str, tuple[Plain, Plain]] = {
        "organisation_id": (transfer.giver_id, transfer.receiver_id),
        "responsible_id": (mission.responsible_id, event.actor.person_id),
    }
    Unfinished.objects.filter(mission=mission).delete()
    mission.organisation, mission.responsible_id = transfer.receiver, cast(int, event.actor.person_id)
    mission.version += 1
    mission.save(update_fields=["organisation", "responsible", "version"])
    mission.deputies.clear()
    Participation.objects.filter(mission=mission).update(moved_at=now)
    if event.codes["contacts"] == NewContacts.MINE:
        mission.contacts.all().delete()
        person = mission.responsible
        Contact.objects.create(mission=mission, name=person.full_name, phone=person.mobile_phone, email=person.email)
    publish(
        "missions.mission.transfer",
        mission,
        actor=event.actor,
        codes={"transfer": transfer.pk, "giver": transfer.giver_id, "receiver": transfer.receiver_id},
        changes=changes,
        texts={"organisations": "%(giver)s → %(receiver)s" % names},  # noqa: UP031 -- by name
        tells=tells,
    )
