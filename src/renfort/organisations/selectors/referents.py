"""Referents, those invited to be one, delegations: who may know of which, and where each stands now (R50, R65)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.organisations.enums import DelegationState, InvitationState, Programme, Role
from renfort.organisations.models import Delegation, Grant, Organisation, Referent, ReferentInvitation
from renfort.organisations.selectors.perimeter import departments_overseen, referents_of
from renfort.organisations.selectors.roles import grants_in_force, is_operator
from renfort.organisations.selectors.team import digest_of
from renfort.territories.models import Department
from renfort.territories.selectors import departments, zone_of

D = DelegationState


def referents() -> QuerySet[Referent]:
    """Who is referent now, by the operator's registration, with person and account."""
    return Referent.objects.filter(ended_at=None).select_related("person__account", "region", "deputy").order_by("id")


def own_grants(person_id: int) -> QuerySet[Grant]:
    """The departments that a referent has in their own right: what is lent to them is not theirs to lend or to lose."""
    return grants_in_force().filter(
        person_id=person_id, programme=Programme.RESERVE, role=Role.REFERENT, delegation=None
    )  # no order: ``own_departments`` gives the French one


def own_departments(person_id: int) -> list[str]:
    """The codes of these departments. One query."""
    held = set(own_grants(person_id).values_list("scope", flat=True))
    return [each.code for each in departments() if each.code in held]


@dataclass(slots=True, kw_only=True)
class DepartmentLine:
    """One department on the operator's list: who looks after it, who is invited to."""

    department: Department
    referents: list[Grant] = field(default_factory=list)
    invited: list[ReferentInvitation] = field(default_factory=list)


def departments_with_referents() -> list[DepartmentLine]:
    """Every department in French order, those without anybody too (R50). Two queries."""
    lines = {each.code: DepartmentLine(department=each) for each in departments()}
    held = grants_in_force().filter(programme=Programme.RESERVE, role=Role.REFERENT, department__isnull=False)
    for grant in held.select_related("person", "delegation").order_by("delegation_id", "id"):
        if grant.scope in lines:
            lines[grant.scope].referents.append(grant)
    waiting = ReferentInvitation.objects.filter(state=InvitationState.SENT, delegation=None, expires_at__gt=timezone.now())
    for invitation in waiting.order_by("id"):
        for code in invitation.departments:
            if code in lines:
                lines[code].invited.append(invitation)
    return list(lines.values())


def referents_of_departments(codes: Iterable[str]) -> dict[str, list[tuple[str, date | None]]]:
    """Who looks after each of these departments now, by right or by delegation: name, and the last day of an absence (None:
    there). By department. Two queries."""
    held = grants_in_force().filter(programme=Programme.RESERVE, role=Role.REFERENT, department__in=list(codes))
    rows = list(held.filter(person__account__is_active=True).select_related("person").order_by("delegation_id", "id"))
    away = {each.person_id: each for each in Referent.objects.filter(ended_at=None, person__in={row.person_id for row in rows})}
    today = timezone.localdate()
    found: dict[str, list[tuple[str, date | None]]] = {}
    for row in rows:
        mine = away.get(row.person_id)
        until = mine.absent_until if mine is not None and is_absent(mine, today) else None
        named = found.setdefault(row.scope, [])
        if all(name != row.person.full_name for name, _until in named):
            named.append((row.person.full_name, until))
    return found


# ── invitations ───────────────────────────────────────────────────────────────────────────────────
def referent_invitations_visible(actor: Actor) -> QuerySet[ReferentInvitation]:
    """The operator's, those that go with a delegation of the actor, and those that the actor has answered."""
    invitations = ReferentInvitation.objects.all()
    if actor.kind in ("clock", "service") or is_operator(actor):
        return invitations
    if actor.person_id is None:
        return invitations.none()
    return invitations.filter(Q(delegation__giver_id=actor.person_id) | Q(person_id=actor.person_id))


def referent_invitation_of_token(token: str) -> ReferentInvitation | None:
    """The invitation that a link opens, whatever became of it; None for a token that nobody was sent. One query."""
    found = ReferentInvitation.objects.filter(digest=digest_of(token))
    return found.select_related("invited_by", "person", "region", "delegation").first()


# ── delegations ───────────────────────────────────────────────────────────────────────────────────
def delegations_visible(actor: Actor) -> QuerySet[Delegation]:
    """The operator sees all; a referent those of one's own, and those about departments that one looks after (R65)."""
    found = Delegation.objects.all()
    if actor.kind in ("clock", "service") or is_operator(actor):
        return found
    if actor.person_id is None:
        return found.none()
    mine = Q(giver_id=actor.person_id) | Q(receiver_id=actor.person_id)
    return found.filter(mine | Q(departments__overlap=departments_overseen(actor)))


def lent_by(person_id: int, codes: Iterable[str]) -> QuerySet[Delegation]:
    """What a referent has lent of these departments and is not over."""
    return Delegation.objects.filter(giver_id=person_id, departments__overlap=list(codes), state__in=[D.PLANNED, D.RUNNING])


def standing(delegation: Delegation, now: datetime) -> str:
    """Where a delegation stands at a moment: by its dates, whether the clock has noted it or not."""
    if delegation.state == D.REVOKED:
        return D.REVOKED
    if delegation.ends_at <= now:
        return D.OVER
    return D.RUNNING if delegation.starts_at <= now else D.PLANNED


def span_in(department: str, starts_on: date, ends_on: date) -> tuple[datetime, datetime]:
    """From the first minute of a day to the end of another, as the clocks of the department show them."""
    zone = zone_of(department)
    return (
        datetime.combine(starts_on, time.min, zone),
        datetime.combine(ends_on + timedelta(days=1), time.min, zone),
    )


# ── absences ──────────────────────────────────────────────────────────────────────────────────────
def is_absent(referent: Referent, day: date) -> bool:
    """Whether the referent has said to be away on that day."""
    return (
        referent.absent_from is not None
        and referent.absent_until is not None
        and referent.absent_from <= day <= referent.absent_until
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferentToAsk:
    """A referent as an organisation reads it; ``until`` and ``deputy`` while away."""

    name: str
    where: str
    email: str
    until: date | None
    deputy: str


def referents_to_ask(organisation_id: int) -> list[ReferentToAsk]:
    """The referents of the department of an organisation's seat, who stands in among them; who is there first. Three queries."""
    where = Department.objects.filter(pk__in=Organisation.objects.filter(pk=organisation_id).values("department")).first()
    if where is None:
        return []
    people = {grant.person_id: grant.person for grant in referents_of(where.code)}
    registered = {each.person_id: each for each in referents().filter(person_id__in=people)}
    today, found = timezone.localdate(timezone=where.time_zone), []
    for pk, person in people.items():
        mine = registered.get(pk)
        away = mine is not None and is_absent(mine, today)
        account = getattr(person, "account", None)
        found.append(
            ReferentToAsk(
                name=person.full_name,
                where=where.name,
                email=account.email if account is not None else person.email,
                until=mine.absent_until if away and mine is not None else None,
                deputy=mine.deputy.full_name if away and mine is not None and mine.deputy is not None else "",
            )
        )
    return sorted(found, key=lambda each: each.until is not None)
