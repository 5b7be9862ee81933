"""Rates, requests of fees and fees, for those who may know (W8, W9, W12)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.people.models import Person
from renfort.people.selectors import today
from renfort.workshops.enums import (
    LIVING_FEES,
    Audience,
    EnrolmentState,
    FeeState,
    Kind,
    RateRole,
    RoundState,
    Seat,
    SessionState,
    Standing,
)
from renfort.workshops.models import Assignment, Enrolment, Fee, Rate, Round, Session
from renfort.workshops.selectors.compliance import missing
from renfort.workshops.selectors.payable import PAYABLE, asked
from renfort.workshops.selectors.roles import clients_coordinated, is_everybody, is_facilitator, is_staff

OF_ASSIGNMENT = ("assignment__order__client__organisation", "assignment__coordinator__person")


def rounds_visible(actor: Actor) -> QuerySet[Round]:
    """All for the association; those of the assignments that one coordinates."""
    found = Round.objects.select_related(*OF_ASSIGNMENT)
    if is_everybody(actor) or is_staff(actor):
        return found
    clients = clients_coordinated(actor)
    return found.filter(assignment__coordinator_id=actor.person_id, assignment__order__client_id__in=clients)


def fees_visible(actor: Actor) -> QuerySet[Fee]:
    """All for the association; those of the assignments that one coordinates; one's own."""
    found = Fee.objects.select_related(*OF_ASSIGNMENT, "payee", "round", "enrolment__session")
    if is_everybody(actor) or is_staff(actor):
        return found
    wanted = Q(pk__in=())
    if clients := clients_coordinated(actor):
        wanted |= Q(assignment__coordinator_id=actor.person_id, assignment__order__client_id__in=clients)
    if is_facilitator(actor):
        wanted |= Q(payee_id=actor.person_id)
    return found.filter(wanted)


# ── rates ─────────────────────────────────────────────────────────────────────────────────────────
def rates(audience: str = "") -> QuerySet[Rate]:
    """Every rate, by audience, part and kind, the newest first."""
    found = Rate.objects.order_by("audience", "role", "kind", "-first_on")
    return found.filter(audience=audience) if audience in Audience.values else found


def rate_on(audience: str, role: str, kind: str, day: date) -> Rate | None:
    """The rate of a day; None when there is none. One query."""
    found = Rate.objects.filter(audience=audience, role=role, kind=kind, first_on__lte=day)
    return found.filter(Q(last_on=None) | Q(last_on__gte=day)).first()


def no_rate(audience: str, role: str, kind: str, day: date) -> str:
    """The sentence for a rate that is missing."""
    what = " · ".join(
        str(label) for label in (Kind(kind).label if kind else "", RateRole(role).label, Audience(audience).label) if label
    )
    return _("Aucun tarif pour « %(what)s » le %(day)s : demandez à l'association de l'ajouter.") % {
        "what": what, "day": date_format(day, "DATE_FORMAT"),
    }  # fmt: skip


# ── what is due (W8) ──────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Due:
    """One place on one session that is owed a fee: the rate of its day in its own zone."""

    enrolment: Enrolment
    rate: Rate
    day: date

    @property
    def amount(self) -> int:
        """Cents before tax."""
        return self.rate.amount


@dataclass(slots=True)
class Dues:
    """What may be asked now for an assignment, what may not with every reason; ``ahead``: sessions still to come this month."""

    lines: list[Due] = field(default_factory=list)
    others: list[tuple[Enrolment, list[str]]] = field(default_factory=list)
    ahead: int = 0

    @property
    def total(self) -> int:
        """Cents before tax."""
        return sum(line.amount for line in self.lines)


def dues_of(assignment: Assignment) -> Dues:
    """What is due for an assignment: session over, « Rémunéré·e », performed, compliant on the day, not asked yet (W8).

    Five queries, whatever their number. Those of past sessions who are not in it stand in ``others``, with the reasons; those
    asked already stand in their request.
    """
    now, found = timezone.now(), Dues()
    table: dict[tuple[str, str], list[Rate]] = defaultdict(list)
    for known_rate in Rate.objects.filter(audience=assignment.audience):
        table[known_rate.role, known_rate.kind].append(known_rate)
    over = Enrolment.objects.filter(session__assignment=assignment, ends_at__lte=now).exclude(
        session__state=SessionState.CANCELLED
    )
    known = (EnrolmentState.ENROLLED, EnrolmentState.DONE, EnrolmentState.ABSENT)
    rows = (
        over.filter(state__in=[str(state) for state in known]).filter(~asked()).select_related("session", "facilitator__person")
        .prefetch_related("facilitator__documents").order_by("starts_at", "session", "facilitator__person__last_name", "pk")
    )  # fmt: skip
    for each in rows:
        each.session.assignment = assignment
        day = each.session.local_start.date()
        rate = next((one for one in table[each.seat, each.session.kind] if one.covers(day)), None)
        reasons = _why_not_due(each, day, rate)
        if reasons or rate is None:
            found.others.append((each, reasons))
        else:
            found.lines.append(Due(each, rate, day))
    found.ahead = _ahead(assignment, now)
    return found


def _why_not_due(each: Enrolment, day: date, rate: Rate | None) -> list[str]:
    if each.state == EnrolmentState.ABSENT:
        return [_("Absent·e.")]
    if each.standing != Standing.PAID:
        return [_("« %(standing)s » : pas de rétribution.") % {"standing": Standing(each.standing).label}]
    if each.seat == Seat.OBSERVER:
        return [_("« %(seat)s » : pas de rétribution.") % {"seat": Seat(each.seat).label}]
    if each.state != EnrolmentState.DONE:
        return [_("L'animation n'est pas encore constatée : réessayez dans quelques minutes.")]
    audience, kind = each.session.assignment.audience, each.session.kind
    reasons = missing(
        each.facilitator, audience=audience, what=kind, on=day, seat=each.seat, documents=each.facilitator.documents.all()
    )
    return reasons if rate is not None else [*reasons, no_rate(audience, each.seat, kind, day)]


def _ahead(assignment: Assignment, now: datetime) -> int:
    """How many sessions of this month, in Paris, are still to end."""
    ahead = assignment.sessions.filter(state=SessionState.PLANNED, ends_at__gt=now)
    first = today().replace(day=1)
    following = next_month(first)
    zone = timezone.get_default_timezone()
    return ahead.filter(ends_at__lt=datetime(following.year, following.month, 1, tzinfo=zone)).count()


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


# ── requests ──────────────────────────────────────────────────────────────────────────────────────
def with_sums(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """With how many fees each has that live (``lines``), their sum in cents (``total``), how many went back (``returned``)."""
    living = Q(fees__state__in=LIVING_FEES)
    return rounds.annotate(
        lines=Count("fees", filter=living), total=Sum("fees__amount", filter=living, default=0),
        returned=Count("fees", filter=Q(fees__state=FeeState.RETURNED)),
    )  # fmt: skip


def rounds_of(assignment: Assignment) -> list[Round]:
    """The requests that were sent for an assignment, the newest first, with their sums. One query."""
    sent = assignment.rounds.exclude(submitted_at=None)
    return list(with_sums(sent).order_by("-submitted_at", "-pk"))


def draft_of(assignment: Assignment) -> Round | None:
    """The draft of an assignment. One query."""
    return assignment.rounds.filter(state=RoundState.DRAFT).first()


def sent_this_month(assignment: Assignment) -> Round | None:
    """The request that uses up this month in Paris. One query."""
    used = (RoundState.SUBMITTED, RoundState.APPROVED)
    return assignment.rounds.filter(month=today().replace(day=1), state__in=used).first()


def came_back(request: Round) -> set[int]:
    """The enrolments whose fee of this request went back and is not asked again. One query."""
    back = request.fees.filter(state=FeeState.RETURNED).values("enrolment")
    return set(Enrolment.objects.filter(pk__in=back).filter(~asked()).values_list("pk", flat=True))


def rounds_to_see_to(actor: Actor) -> QuerySet[Round]:
    """The association's requests to approve or return, the oldest first, with their sums (W11)."""
    return with_sums(rounds_visible(actor).filter(state=RoundState.SUBMITTED)).order_by("submitted_at", "pk")


def waiting_rounds() -> int:
    """How many requests wait for the association. One query."""
    return Round.objects.filter(state=RoundState.SUBMITTED).count()


def fees_in(request: Round) -> list[Fee]:
    """The fees of a request in the order of the sessions, those that went back last. One query."""
    found = request.fees.select_related("payee", "enrolment__session", "rate").order_by(
        "enrolment__starts_at", "payee__last_name", "pk"
    )
    return sorted(found, key=lambda fee: fee.state == FeeState.RETURNED)


def fees_of(assignment: Assignment) -> list[Fee]:
    """Every fee of an assignment, the newest request first, then in the order of days. One query."""
    found = assignment.fees.select_related("payee", "enrolment__session", "round")
    return list(found.order_by("-round", "rate_on", "payee__last_name", "pk"))


@dataclass(frozen=True, slots=True)
class Steps:
    """How many fees of a mission were asked, approved at least, invoiced at least, paid; those returned are in none (W2)."""

    asked: int
    approved: int
    invoiced: int
    paid: int


def steps_of(assignment: Assignment) -> Steps:
    """How far the fees of a mission are; ``fees_of`` has their rows. One query."""
    invoiced = [FeeState.INVOICED, FeeState.IN_PAYMENT, FeeState.REJECTED, FeeState.PAID]
    return Steps(
        **assignment.fees.aggregate(
            asked=Count("pk", filter=Q(state__in=LIVING_FEES)),
            approved=Count("pk", filter=Q(state__in=[FeeState.APPROVED, *invoiced])),
            invoiced=Count("pk", filter=Q(state__in=invoiced)),
            paid=Count("pk", filter=Q(state=FeeState.PAID)),
        )
    )


def sums_by_payee(request: Round) -> dict[int, tuple[Person, int, int]]:
    """Whom a request pays: the person, how many sessions, how many cents before tax. Two queries, once for the request."""
    known: dict[int, tuple[Person, int, int]] | None = getattr(request, "_sums", None)
    if known is None:
        sums = (
            request.fees.filter(state__in=LIVING_FEES).values_list("payee").annotate(Count("pk"), Sum("amount")).order_by("payee")
        )
        found = {pk: (count, total) for pk, count, total in sums}
        people = Person.objects.filter(pk__in=found).select_related("account").order_by("pk")
        known = {person.pk: (person, *found[person.pk]) for person in people}
        request._sums = known  # type: ignore[attr-defined]  # each reader's e-mail says its own part
    return known


def total_of(request: Round) -> tuple[int, int]:
    """How many fees a request has that live, and their sum in cents before tax."""
    parts = sums_by_payee(request).values() if request.pk else [(None, 3, 45_000)]  # an invented one, for the preview
    return sum(count for _person, count, _sum in parts), sum(total for _person, _count, total in parts)


def coordination_fees(actor: Actor, state: str = FeeState.REQUESTED) -> QuerySet[Fee]:
    """The coordination fees that wait for the association, the oldest first (W9)."""
    return fees_visible(actor).filter(round=None, state=state).order_by("created_at", "pk")


# ── tags of sessions (W8) ─────────────────────────────────────────────────────────────────────────
def tags_of(sessions: Iterable[Session]) -> dict[int, str]:
    """« asked », « partly » or « to_ask » for each session over with somebody to pay, by number. One query."""
    payable = Enrolment.objects.filter(PAYABLE, session__in=[each.pk for each in sessions if each.is_over])
    grouped = payable.annotate(is_asked=asked()).values_list("session").annotate(
        wanted=Count("pk"), done=Count("pk", filter=Q(is_asked=True))
    )  # fmt: skip
    return {pk: "asked" if done == wanted else "partly" if done else "to_ask" for pk, wanted, done in grouped.order_by()}


# ── one's own (W12) ───────────────────────────────────────────────────────────────────────────────
def own_fees(actor: Actor) -> QuerySet[Fee]:
    """What a facilitator is or was owed, the newest first; without what went back to the coordinator."""
    return fees_visible(actor).filter(payee_id=actor.person_id).exclude(state=FeeState.RETURNED).order_by("-rate_on", "-pk")


STEPS = {
    "requested": (FeeState.REQUESTED,),
    "approved": (FeeState.APPROVED, FeeState.INVOICED, FeeState.IN_PAYMENT, FeeState.REJECTED),
    "paid": (FeeState.PAID,),
}


def own_sums(actor: Actor) -> dict[str, int]:
    """The cents requested, approved and not yet paid, paid. One query."""
    sums = {
        name: Sum("amount", filter=Q(state__in=[str(state) for state in states]), default=0) for name, states in STEPS.items()
    }
    return dict(own_fees(actor).order_by().aggregate(**sums))


def approved_in(payee: int, month: date) -> QuerySet[Fee]:
    """The fees of a payee that were approved in a month, in Paris, in the order of days: what a statement says."""
    zone, following = timezone.get_default_timezone(), next_month(month)
    return (
        Fee.objects.filter(
            payee_id=payee, approved_at__gte=datetime(month.year, month.month, 1, tzinfo=zone),
            approved_at__lt=datetime(following.year, following.month, 1, tzinfo=zone),
        )
        .select_related("enrolment__session", "assignment__order__client__organisation", "payee")
        .order_by("rate_on", "pk")
    )  # fmt: skip


def statement_months(payee: int) -> list[date]:
    """The months in which fees of a payee were approved, the newest first. One query."""
    found = Fee.objects.filter(payee_id=payee).exclude(approved_at=None)
    months = found.datetimes("approved_at", "month", order="DESC", tzinfo=timezone.get_default_timezone())
    return [each.date() for each in months]
