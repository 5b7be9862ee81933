"""Slots: which a mission has, how many of their places are taken, who asked for or holds which (R61)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from django.db.models import BooleanField, Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.audit.selectors import Line, history, history_of
from renfort.kernel.actors import Actor
from renfort.missions.enums import ACTIVE, HOLDING, IN_LINE, ParticipationState, SlotState, WaitingState, quoted
from renfort.missions.models import Booking, Mission, Participation, Slot, Waiting
from renfort.organisations.enums import Programme, Role, ScopeKind

HELD = [str(state) for state in HOLDING]
COUNTED = [*HELD, str(ParticipationState.PENDING), str(ParticipationState.NO_SHOW)]  # whose slots one does not take away


def holding(prefix: str = "") -> Q:
    """Which bookings take a place: accepted, and their participation is expected, under way or done; and those with a place that
    the waiting list gave, while they wait for the answer (R60).

    A choice by state and not « or »: PostgreSQL takes fifteen milliseconds to plan the same said with « or » across two tables.
    """
    state = f"{prefix}participation__state"
    return Q(
        Case(
            When(**{state: ParticipationState.PENDING}, then=F(f"{prefix}reserved")),
            When(**{f"{state}__in": HELD}, then=Q(**{f"{prefix}granted_at__isnull": False})),
            default=Value(False),
            output_field=BooleanField(),
        )
    )


# the same in SQL, where a page counts for each of its rows; « booking » and « holder », its participation, are the tables
HOLDS = f"""(CASE
    WHEN holder.state = '{ParticipationState.PENDING}' THEN booking.reserved
    WHEN holder.state IN ({quoted(HOLDING)}) THEN booking.granted_at IS NOT NULL
    ELSE false
END)"""


def _line_on(slot: str, *states: str) -> Coalesce:
    """How many turns of the waiting list of ``slot`` are in these states, for annotations."""
    turns = Waiting.objects.filter(slot=OuterRef(slot), state__in=states).order_by().values("slot")
    return Coalesce(Subquery(turns.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def with_taken(slots: QuerySet[Slot]) -> QuerySet[Slot]:
    """Annotate ``taken_now``: the places taken on each slot, counted from the bookings, never kept beside them; ``offers_now``:
    those that offers hold; ``line_now``: how many people in its waiting list come first (R60)."""
    counted = (
        Booking.objects.filter(holding(), slot=OuterRef("pk"))
        .order_by()
        .values("slot")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return slots.annotate(
        taken_now=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        offers_now=_line_on("pk", WaitingState.OFFERED),
        line_now=_line_on("pk", *map(str, IN_LINE)),
    )


def taken_on(slot: Slot) -> int:
    """The places taken, as the selector annotated them; counted now when it did not (one query)."""
    annotated = getattr(slot, "taken_now", None)
    return cast(int, annotated) if annotated is not None else Booking.objects.filter(holding(), slot=slot).count()


def held_on(slot: Slot) -> int:
    """The places that nobody else can be given: taken, or held by an offer to the slot's waiting list (R60). As annotated, else
    two queries."""
    annotated = getattr(slot, "offers_now", None)
    offers = annotated if annotated is not None else Waiting.objects.filter(slot=slot, state=WaitingState.OFFERED).count()
    return taken_on(slot) + cast(int, offers)


def left_on(slot: Slot) -> int:
    """The places left on a slot, that its organisation can give; never below zero."""
    return max(0, slot.places - held_on(slot))


def line_on(slot: Slot) -> int:
    """How many people are in the waiting list of a slot of ``with_taken``."""
    return cast(int, getattr(slot, "line_now", 0))


def open_on(slot: Slot) -> int:
    """The places that somebody new may ask for: those free, less one for each person in the slot's waiting list; never below
    zero. ``slot`` comes from ``with_taken``."""
    return max(0, slot.places - taken_on(slot) - line_on(slot))


def slots_visible(actor: Actor) -> QuerySet[Slot]:
    """The slots that the actor may know of as somebody who works on them: the host's team."""
    slots = Slot.objects.all()
    if actor.kind in ("clock", "service"):
        return slots
    hosts = actor.scopes(Programme.RESERVE, [Role.MANAGER, Role.MISSION_TUTOR], ScopeKind.ORGANISATION)
    return slots.filter(mission__organisation_id__in=[int(scope) for scope in hosts])


def slots_of_mission(mission: Mission, *, cancelled: bool = False) -> list[Slot]:
    """The slots of a mission in order, with places taken; those that were cancelled only when asked for. One query, or none."""
    if not mission.has_slots:
        return []
    slots = with_taken(Slot.objects.filter(mission=mission))
    return of_mission(mission, slots if cancelled else slots.filter(state=SlotState.OPEN))


def of_mission(mission: Mission, slots: Iterable[Slot]) -> list[Slot]:
    """The same slots, each with its mission at hand: its zone says which hours people read."""
    found = list(slots)
    for slot in found:
        slot.mission = mission
    return found


# ── what a mission offers as a whole ──────────────────────────────────────────────────────────────
def _counts(prefix: str) -> Q:
    """Which slots make a mission's places: those to come; once the mission is over, all that took place (R61)."""
    to_come = Q(**{f"{prefix}ends_at__gt": timezone.now()}) | Q(**{f"{prefix}mission__over_at__lte": timezone.now()})
    return Q(**{f"{prefix}state": SlotState.OPEN}) & to_come


def offered_on_slots(mission: str = "pk") -> Coalesce:
    """How many places a mission's slots offer: the sum over those to come. For a query whose rows name a ``mission``."""
    total = (
        Slot.objects.filter(_counts(""), mission=OuterRef(mission))
        .order_by()
        .values("mission")
        .annotate(total=Sum("places"))
        .values("total")
    )
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)


def taken_on_slots(mission: str = "pk") -> Coalesce:
    """How many of these are taken."""
    total = (
        Booking.objects.filter(_counts("slot__"), holding(), mission=OuterRef(mission))
        .order_by()
        .values("mission")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)


def kept_on_slots(mission: str = "pk") -> Coalesce:
    """How many of the free places people in the slots' waiting lists come first for (R60): one each, slot by slot."""
    bookings = Booking.objects.filter(holding(), slot=OuterRef("pk")).order_by().values("slot")
    taken = Coalesce(Subquery(bookings.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)
    kept = (
        Slot.objects.filter(_counts(""), mission=OuterRef(mission))
        .annotate(kept=Least(_line_on("pk", *map(str, IN_LINE)), Greatest(F("places") - taken, 0), output_field=IntegerField()))
        .order_by()
        .values("mission")
        .annotate(total=Sum("kept"))
        .values("total")
    )
    return Coalesce(Subquery(kept, output_field=IntegerField()), 0)


def counted_on_slots(mission: Mission) -> tuple[int, int]:
    """(taken, offered) of one mission, now. One query."""
    slots = Mission.objects.filter(pk=mission.pk).values_list(taken_on_slots(), offered_on_slots())
    found = slots.first()
    return (int(found[0]), int(found[1])) if found else (0, 0)


# ── what a participation asks for and holds ───────────────────────────────────────────────────────
# the places that nobody else can be given on the slot of a booking; written out, as a page of rows asks it each time
TAKEN_BESIDE = f"""(
    SELECT count(*) FROM missions_booking booking JOIN missions_participation holder ON holder.id = booking.participation_id
    WHERE booking.slot_id = missions_booking.slot_id AND {HOLDS}
) + (
    SELECT count(*) FROM missions_waiting offer
    WHERE offer.slot_id = missions_booking.slot_id AND offer.state = '{WaitingState.OFFERED}'
)"""  # noqa: S608 -- our own words


def slots_of(participations: Iterable[Participation]) -> dict[int, list[Slot]]:
    """For rows: the slots of each participation, in order. One query for a page; none when no mission has slots.

    Once accepted, those that it holds; before (and when it came to nothing), those that it asked for. Slots that were cancelled
    are left out. ``participations`` come with their mission. What their rules read of slots is noted on them: ``free_slots``,
    ``slot_count``, ``own_start``, as ``with_slot_counts`` annotates it.
    """
    rows: dict[int, Any] = {each.pk: each for each in participations if each.mission.has_slots}
    found: dict[int, list[Slot]] = {pk: [] for pk in rows}
    if not rows:
        return found
    now = timezone.now()
    for row in rows.values():
        row.free_slots, row.slot_count, row.own_start = 0, 0, None
    bookings = Booking.objects.filter(participation__in=list(rows), slot__state=SlotState.OPEN).select_related("slot")
    taken = RawSQL(TAKEN_BESIDE, [], output_field=IntegerField())  # noqa: S611 -- our own words
    for booking in bookings.annotate(taken=taken).order_by("slot__starts_at", "slot__ends_at", "slot_id"):
        row, slot = rows[booking.participation_id], booking.slot
        row.slot_count += slot.ends_at > now
        kept = booking.reserved and row.state == ParticipationState.PENDING
        row.free_slots += slot.ends_at > now and (kept or slot.places > booking.taken)
        if booking.granted_at is not None and row.own_start is None:
            row.own_start = slot.starts_at
        if booking.granted_at is not None or row.state not in HELD:
            slot.mission = row.mission
            found[row.pk].append(slot)
    return found


def bookings_of(participation: Participation) -> list[Booking]:
    """What one participation asked for, in order, each with its slot and the places taken there. Two queries, or none."""
    if not participation.mission.has_slots:
        return []
    slots = {slot.pk: slot for slot in slots_of_mission(participation.mission, cancelled=True)}
    found = list(Booking.objects.filter(participation=participation))
    for booking in found:
        booking.slot = slots[booking.slot_id]
    order = list(slots)
    return sorted(found, key=lambda booking: order.index(booking.slot_id))


def slots_asked(participation: Participation) -> QuerySet[Slot] | None:
    """The slots that a participation names: what accepting counts on, and locks; None for a mission without slots."""
    if not participation.mission.has_slots:
        return None
    return Slot.objects.filter(bookings__participation=participation)


def slots_held(participation: Participation) -> list[Slot]:
    """The slots that an accepted participation holds, in order. One query."""
    held = Slot.objects.filter(
        bookings__participation=participation, bookings__granted_at__isnull=False, state=SlotState.OPEN
    ).order_by("starts_at", "ends_at", "pk")
    return of_mission(participation.mission, held)


def people_on(slot: Slot) -> QuerySet[Participation]:
    """The participations that count on a slot: who asked for it, and who holds it, while nothing has ended them."""
    waits = Q(state=ParticipationState.PENDING) | Q(state__in=[str(s) for s in ACTIVE], bookings__granted_at__isnull=False)
    return Participation.objects.filter(waits, bookings__slot=slot).select_related("person__account").order_by("id")


def with_slot_counts(participations: QuerySet[Participation]) -> QuerySet[Participation]:
    """Annotate what the rules of a row read: ``free_slots`` (asked for, to come, with a place left), ``slot_count`` (asked for or
    held, to come), ``own_start`` (of the first slot held). For missions without slots their tables are not read."""
    mine = Booking.objects.filter(
        participation=OuterRef("pk"), slot__state=SlotState.OPEN, slot__ends_at__gt=timezone.now()
    ).order_by()
    taken = Booking.objects.filter(holding(), slot=OuterRef("slot")).order_by().values("slot").annotate(n=Count("pk")).values("n")
    counted = mine.annotate(
        taken=Coalesce(Subquery(taken, output_field=IntegerField()), 0) + _line_on("slot", WaitingState.OFFERED)
    )
    free = counted.filter(Q(slot__places__gt=F("taken")) | Q(reserved=True, participation__state=ParticipationState.PENDING))
    held = Booking.objects.filter(participation=OuterRef("pk"), granted_at__isnull=False, slot__state=SlotState.OPEN)
    first = held.order_by("slot__starts_at").values("slot__starts_at")[:1]
    return participations.annotate(
        free_slots=_when_slots(free),
        slot_count=_when_slots(mine),
        own_start=Case(When(mission__has_slots=True, then=Subquery(first)), default=F("mission__begins_at")),
    )


def _when_slots(bookings: QuerySet[Booking]) -> Case:
    counted = bookings.values("participation").annotate(n=Count("pk")).values("n")
    return Case(
        When(mission__has_slots=True, then=Coalesce(Subquery(counted, output_field=IntegerField()), 0)),
        default=Value(0),
        output_field=IntegerField(),
    )


def _counted(participation: Participation, name: str) -> int:
    annotated = getattr(participation, name, None)
    return cast(int, annotated if annotated is not None else _now(participation, name) or 0)


def _now(participation: Participation, name: str) -> Any:
    return with_slot_counts(Participation.objects.filter(pk=participation.pk)).values_list(name, flat=True).first()


def free_slots(participation: Participation) -> int:
    """How many of the slots that somebody asked for have a place left; as annotated, else one query."""
    return _counted(participation, "free_slots")


def slot_count(participation: Participation) -> int:
    """How many slots to come somebody asked for or holds; as annotated, else one query."""
    return _counted(participation, "slot_count")


def has_no_slot_left(participation: Participation) -> bool:
    """Whether every slot that it counted on was cancelled. One query, or none."""
    if not participation.mission.has_slots:
        return False
    return Participation.objects.filter(without_slot(), pk=participation.pk).exists()


def without_slot() -> Q:
    """Participations that wait for slots, or hold some, that were all cancelled."""
    kept = Booking.objects.filter(participation=OuterRef("pk"), slot__state=SlotState.OPEN)
    lost = Q(state=ParticipationState.PENDING) & ~Q(Exists(kept))
    lost |= Q(state__in=[str(s) for s in ACTIVE if s != ParticipationState.PENDING]) & ~Q(
        Exists(kept.filter(granted_at__isnull=False))
    )
    return Q(mission__has_slots=True) & lost


def has_started(now: datetime) -> Q:
    """Participations whose first slot has begun at ``now``; on a mission without slots, the mission."""
    begun = Booking.objects.filter(
        participation=OuterRef("pk"), granted_at__isnull=False, slot__state=SlotState.OPEN, slot__starts_at__lte=now
    )
    return Q(mission__has_slots=False, mission__begins_at__lte=now) | Q(Q(mission__has_slots=True) & Q(Exists(begun)))


def begins_at(participation: Participation) -> datetime | None:
    """When it begins for this person: the first slot that it holds, else the mission. As annotated, else one query with slots."""
    first = None
    if participation.mission.has_slots:
        first = participation.own_start if hasattr(participation, "own_start") else _now(participation, "own_start")
    return cast("datetime | None", first or participation.mission.begins_at)


def overlapping(slots: Sequence[Slot]) -> tuple[Slot, Slot] | None:
    """Two of these that nobody can both do, if there are."""
    for number, slot in enumerate(slots):
        for other in slots[number + 1 :]:
            if slot.overlaps(other):
                return slot, other
    return None


def history_with_slots(mission: Mission) -> list[Line]:
    """The history of a mission, with what became of its slots, newest first. Two queries, two more with slots."""
    lines = history_of(mission)
    if not mission.has_slots:
        return lines
    slots = Slot.objects.filter(mission=mission, state=SlotState.CANCELLED).values_list("pk", flat=True)
    return sorted([*lines, *history("missions.slot", slots)], key=lambda line: -line.entry.pk)


def overlap_words(one: Slot, other: Slot) -> str:
    """Why two slots cannot both be asked for."""
    return _("Deux créneaux choisis se chevauchent : « %(one)s » et « %(other)s ».") % {"one": one.words, "other": other.words}


def bound_to(slots: Iterable[int]) -> dict[int, int]:
    """How many people count on each of these slots (asked for it, hold it, came, wait for it): those of none are left out. Two
    queries."""
    asked = list(slots)
    found = Booking.objects.filter(slot__in=asked, participation__state__in=COUNTED)
    lines = Waiting.objects.filter(slot__in=asked, state__in=[str(state) for state in IN_LINE])
    counted: Counter[int] = Counter(dict(found.order_by().values_list("slot_id").annotate(Count("pk"))))
    counted.update(dict(lines.order_by().values_list("slot_id").annotate(Count("pk"))))
    return dict(counted)
