"""Sessions and who leads them, for those who may know (W2 to W5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.people.models import Person
from renfort.workshops.enums import COUNTED, SEATED, EnrolmentState, Kind, Seat, SessionState
from renfort.workshops.models import Assignment, Enrolment, OrderLine, Session
from renfort.workshops.selectors.payable import asked
from renfort.workshops.selectors.roles import clients_coordinated, is_everybody, is_facilitator, is_staff

SEATS = [str(state) for state in SEATED]
IN_FULL = ("assignment__order__client__organisation", "assignment__coordinator__person")


def sessions_visible(actor: Actor) -> QuerySet[Session]:
    """All for the association; those of one's assignments; those on which one is enrolled."""
    found = Session.objects.select_related(*IN_FULL)
    if is_everybody(actor) or is_staff(actor):
        return found
    wanted = Q(pk__in=())
    if clients := clients_coordinated(actor):
        wanted |= Q(assignment__coordinator_id=actor.person_id, assignment__order__client_id__in=clients)
    if is_facilitator(actor):
        wanted |= Q(pk__in=Enrolment.objects.filter(facilitator_id=actor.person_id).values("session"))
    return found.filter(wanted)


def enrolments_visible(actor: Actor) -> QuerySet[Enrolment]:
    """Those of the sessions that one coordinates, and one's own."""
    found = Enrolment.objects.select_related(
        "session__assignment__order__client__organisation", "session__assignment__coordinator__person", "facilitator__person"
    ).annotate(is_asked=asked())
    if is_everybody(actor) or is_staff(actor):
        return found
    wanted = Q(pk__in=())
    if clients := clients_coordinated(actor):
        wanted |= Q(session__assignment__coordinator_id=actor.person_id, session__assignment__order__client_id__in=clients)
    if is_facilitator(actor):
        wanted |= Q(facilitator_id=actor.person_id)
    return found.filter(wanted)


def own_enrolments(actor: Actor, *, past: bool = False) -> QuerySet[Enrolment]:
    """« Mes sessions »: those to come in the order of time, or those past, the newest first (W12)."""
    mine = enrolments_visible(actor).filter(facilitator_id=actor.person_id)
    now = timezone.now()
    return (
        mine.filter(ends_at__lte=now).order_by("-starts_at", "-id")
        if past
        else mine.filter(ends_at__gt=now).order_by("starts_at", "id")
    )


def seated(session: Session) -> list[Enrolment]:
    """Who takes part, or took part and was absent, in the order of seats and names. One query."""
    found = session.enrolments.filter(state__in=[*SEATS, EnrolmentState.ABSENT]).select_related("facilitator__person")
    found = found.annotate(is_asked=asked())
    order = [str(seat) for seat in Seat]
    return sorted(found, key=lambda each: (order.index(each.seat), each.facilitator.person.last_name.casefold(), each.pk))


def seats_taken(session: Session) -> dict[str, int]:
    """How many places of each part are taken. One query."""
    taken = session.enrolments.filter(state__in=SEATS).values_list("seat").annotate(Count("pk")).order_by()
    return dict(taken)


def people_on(session: Session) -> list[Person]:
    """Who is expected to lead the session. One query."""
    on = session.enrolments.filter(state=EnrolmentState.ENROLLED)
    return list(Person.objects.filter(pk__in=on.values("facilitator")).select_related("account").order_by("pk"))


def later_in_series(session: Session) -> QuerySet[Session]:
    """The sessions of the same series that begin after this one and are to come still; none when it stands alone (W3)."""
    if session.series is None:
        return Session.objects.none()
    later = Session.objects.filter(assignment=session.assignment_id, series=session.series, state=SessionState.PLANNED)
    return later.filter(starts_at__gt=max(session.starts_at, timezone.now())).exclude(pk=session.pk)


def busy_elsewhere(session: Session, starts_at: datetime, ends_at: datetime) -> list[str]:
    """The names of those on the session who lead another one at these hours. One query."""
    mine = session.enrolments.filter(state__in=SEATS).values("facilitator")
    others = Enrolment.objects.filter(
        facilitator__in=mine, state__in=SEATS, starts_at__lt=ends_at, ends_at__gt=starts_at
    ).exclude(session=session)
    return sorted({each.facilitator.person.full_name for each in others.select_related("facilitator__person")})


# ── ordered, planned, done (W2) ───────────────────────────────────────────────────────────────────
@dataclass(slots=True)
class Figure:
    """One kind of service: how many were ordered, have their facilitator, took place. They are counts of seats that deliver."""

    kind: str
    ordered: int = 0
    planned: int = 0
    done: int = 0

    @property
    def label(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def left(self) -> int:
        """How many are still without a facilitator; never below nought."""
        return max(0, self.ordered - self.planned)


@dataclass(slots=True)
class Progress:
    """Where an assignment stands, by kind; ``participants`` ordered, ``expected`` on the sessions that are not cancelled."""

    figures: list[Figure] = field(default_factory=list)
    participants: int = 0
    expected: int = 0

    @property
    def ordered(self) -> int:
        return sum(figure.ordered for figure in self.figures)

    @property
    def planned(self) -> int:
        return sum(figure.planned for figure in self.figures)

    @property
    def done(self) -> int:
        return sum(figure.done for figure in self.figures)

    @property
    def is_delivered(self) -> bool:
        """Whether as much of each kind as was ordered took place."""
        return all(figure.done >= figure.ordered for figure in self.figures)


def progress_of(assignments: Iterable[Assignment]) -> dict[int, Progress]:
    """The figures of several assignments, by number. Three queries, whatever their number.

    What counts is a facilitator on a seat that delivers (``COUNTED``), not a session: a session nobody leads is not planned (W2).
    """
    wanted = {assignment.pk: assignment.order_id for assignment in assignments}
    lines: dict[int, dict[str, int]] = defaultdict(dict)
    asked: dict[int, int] = defaultdict(int)
    ordered = OrderLine.objects.filter(order__in=set(wanted.values())).values_list("order", "kind")
    for order, kind, quantity, participants in ordered.annotate(Sum("quantity"), Sum("participants")).order_by():
        lines[order][kind] = quantity
        asked[order] += participants
    counts: dict[tuple[int, str], tuple[int, int]] = {}
    on = Enrolment.objects.filter(session__assignment__in=wanted, seat__in=[str(seat) for seat in COUNTED], state__in=SEATS)
    grouped = on.values_list("session__assignment", "session__kind").annotate(
        Count("pk"), done=Count("pk", filter=Q(state=EnrolmentState.DONE))
    )
    for pk, kind, planned, done in grouped.order_by():
        counts[pk, kind] = planned, done
    expected = dict(
        Session.objects.filter(assignment__in=wanted).exclude(state=SessionState.CANCELLED)
        .values_list("assignment").annotate(Sum("participants")).order_by()
    )  # fmt: skip
    found = {}
    for pk, order in wanted.items():
        figures = []
        for kind in map(str, Kind):
            planned, done = counts.get((pk, kind), (0, 0))
            if kind in lines[order] or planned:
                figures.append(Figure(kind, lines[order].get(kind, 0), planned, done))
        found[pk] = Progress(figures, asked[order], expected.get(pk) or 0)
    return found


def sessions_of(assignment: Assignment) -> list[Session]:
    """Every session of an assignment in the order of time, each with those who take part (``on``). Two queries."""
    found = list(assignment.sessions.order_by("starts_at", "id"))
    on: dict[int, list[Enrolment]] = defaultdict(list)
    everybody = Enrolment.objects.filter(session__in=found, state__in=[*SEATS, EnrolmentState.ABSENT])
    for each in everybody.select_related("facilitator__person").order_by("facilitator__person__last_name", "pk"):
        on[each.session_id].append(each)
    for session in found:
        session.on = on[session.pk]  # type: ignore[attr-defined]  # what the page shows beside it
    return found


def counted_services(assignment: Assignment, *, kind: str = "", done: bool = False) -> QuerySet[Enrolment]:
    """The rows that a figure of ``progress_of`` counts, in the order of time: exactly as many (W2)."""
    states = [EnrolmentState.DONE] if done else SEATS
    found = Enrolment.objects.filter(session__assignment=assignment, seat__in=[str(seat) for seat in COUNTED], state__in=states)
    if kind in Kind.values:
        found = found.filter(session__kind=kind)
    return found.select_related("session", "facilitator__person").order_by("starts_at", "pk")
