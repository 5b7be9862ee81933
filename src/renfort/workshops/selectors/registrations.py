"""Participants, for those who may know (W6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from renfort.kernel.actors import Actor
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.workshops.enums import EXPECTED, GONE, AssignmentState, RegistrationState, SessionState
from renfort.workshops.models import Enrolment, Registration, Session
from renfort.workshops.selectors.roles import clients_coordinated, is_everybody, is_facilitator, is_staff
from renfort.workshops.selectors.sessions import SEATS

R = RegistrationState
SEATED = [str(state) for state in EXPECTED]
LEFT = [str(state) for state in GONE]
PARTICIPANT, OWN = "participant", "registration"  # the role, and its scope, of whoever holds the link of one registration
DAY, FRESH = timedelta(days=1), timedelta(hours=12)
ORDER = (R.CONFIRMED, R.PRESENT, R.ABSENT, R.WAITING, R.INVITED, R.DECLINED, R.CANCELLED)  # of the list
WITH_SESSION = ("session__assignment__order__client__organisation", "session__assignment__coordinator__person")


def clients_represented(actor: Actor) -> list[int]:
    """The numbers of the client organisations of which the actor is the contact."""
    return [int(scope) for scope in actor.scopes(Programme.WORKSHOPS, [Role.CLIENT_CONTACT], ScopeKind.ORGANISATION)]


def registrations_visible(actor: Actor) -> QuerySet[Registration]:
    """All for the association; those of one's assignments, of one's organisation as its contact, of the sessions that one leads;
    to a participant the own one."""
    found = Registration.objects.select_related(*WITH_SESSION, "person")
    if is_everybody(actor) or is_staff(actor):
        return found
    wanted = Q(pk__in=[int(scope) for scope in actor.scopes(Programme.WORKSHOPS, [PARTICIPANT], OWN)])
    if clients := clients_coordinated(actor):
        wanted |= Q(session__assignment__coordinator_id=actor.person_id, session__assignment__order__client_id__in=clients)
    if clients := clients_represented(actor):
        wanted |= Q(session__assignment__order__client_id__in=clients)
    if is_facilitator(actor):
        led = Enrolment.objects.filter(facilitator_id=actor.person_id, state__in=SEATS)
        wanted |= Q(session__in=led.values("session"))
    return found.filter(wanted)


def session_in_full(pk: int) -> Session | None:
    """A session with its assignment, order and client. One query."""
    return Session.objects.select_related(*(path.removeprefix("session__") for path in WITH_SESSION)).filter(pk=pk).first()


def expected(session: Session) -> int:
    """How many seats of the session are taken: confirmed and present. One query."""
    return session.registrations.filter(state__in=SEATED).count()


def ahead_in_line(registration: Registration) -> int:
    """How many wait before this one; all who wait when it does not wait itself. One query."""
    line = Registration.objects.filter(session=registration.session_id, state=R.WAITING)
    return (line if registration.seat_order is None else line.filter(seat_order__lt=registration.seat_order)).count()


def has_free_seat(registration: Registration) -> bool:
    """Whether a seat is left for this one once everybody who waits before it has one. Two queries."""
    return expected(registration.session) + ahead_in_line(registration) < registration.session.participants


def is_full(session: Session) -> bool:
    """Whether somebody who comes now would wait. One query."""
    return session.registrations.filter(state__in=[*SEATED, R.WAITING]).count() >= session.participants


def next_in_line(now: datetime) -> Q:
    """Those who wait and for whom a seat is free, on sessions that have not begun."""

    def count(rows: QuerySet[Registration]) -> Coalesce:
        counted = rows.order_by().values("session").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

    same = Registration.objects.filter(session=OuterRef("session"))
    free = Registration.objects.filter(
        state=R.WAITING, session__state=SessionState.PLANNED, session__starts_at__gt=now,
        session__assignment__state=AssignmentState.AWARDED,
    ).annotate(
        taken=count(same.filter(state__in=SEATED)),
        ahead=count(same.filter(state=R.WAITING, seat_order__lt=OuterRef("seat_order"))),
    ).filter(session__participants__gt=F("taken") + F("ahead"))  # fmt: skip
    return Q(pk__in=free.values("pk"))


def told_of_session(session: Session) -> list[Registration]:
    """Those who hold a seat or wait for one and have an address, by number. One query."""
    found = session.registrations.filter(state__in=[R.CONFIRMED, R.WAITING]).exclude(email="")
    return list(found.order_by("pk"))


def reminder_due(now: datetime) -> Q:
    """Those confirmed on a session that begins within a day, who were not reminded and did not enrol just now."""
    return Q(
        reminded_at=None, session__state=SessionState.PLANNED, session__starts_at__gt=now, session__starts_at__lte=now + DAY,
        session__assignment__state=AssignmentState.AWARDED,
    ) & (Q(agreed_at=None) | Q(agreed_at__lt=now - FRESH)) & ~Q(email="")  # fmt: skip


def registrations_of(session: Session, words: Iterable[str] = (), state: str = "") -> QuerySet[Registration]:
    """The list of a session: the states in the order of a life, then names; ``words`` looks in names and addresses."""
    order = Case(*(When(state=each, then=Value(rank)) for rank, each in enumerate(ORDER)), default=Value(len(ORDER)))
    found = Registration.objects.filter(session=session.pk).order_by(
        order, F("seat_order").asc(nulls_last=True), "last_name", "first_name", "pk"
    )
    if state in R.values:
        found = found.filter(state=state)
    for word in words:
        found = found.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word))
    return found


def registration_counts(session: Session) -> dict[str, int]:
    """How many stand in each state. One query."""
    counted = dict(session.registrations.order_by().values_list("state").annotate(Count("pk")))
    return {str(state): counted.get(str(state), 0) for state in R}


def known_addresses(session: Session, addresses: Iterable[str]) -> dict[str, str]:
    """Which of these addresses are on the list of the session, and how: those who declined too, unlike who was cancelled.
    One query."""
    found = session.registrations.filter(email__in=set(addresses)).exclude(state=R.CANCELLED).order_by("pk")
    return dict(found.values_list("email", "state"))
