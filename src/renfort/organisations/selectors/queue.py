"""The organisations that wait for a decision, for those who may decide (R52)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.kernel.working_days import working_days_before
from renfort.organisations.enums import UNDECIDED, Programme, Role, ScopeKind
from renfort.organisations.models import Grant, Organisation
from renfort.organisations.selectors.perimeter import overseen
from renfort.organisations.selectors.roles import grants_in_force, is_operator
from renfort.parameters.catalogue import QUEUE_TARGET_DAYS
from renfort.parameters.selectors import value_of

WAITS = Q(state__in=[str(state) for state in UNDECIDED])


def organisations_visible(actor: Actor) -> QuerySet[Organisation]:
    """The organisations that the actor works on: those of a manager, of the seats of a referent, all for the operator."""
    if actor.kind in ("clock", "service") or is_operator(actor):
        return Organisation.objects.all()
    hosts = actor.scopes(Programme.RESERVE, [Role.MANAGER], ScopeKind.ORGANISATION)
    return Organisation.objects.filter(Q(pk__in=[int(scope) for scope in hosts]) | overseen(actor))


def organisation_queue(actor: Actor) -> QuerySet[Organisation]:
    """Those that wait for a decision of the actor's, the oldest first. The index ``organisations_org_queue`` serves the order."""
    return Organisation.objects.filter(WAITS).filter(overseen(actor)).order_by("queued_at", "id")


def organisation_queue_count(actor: Actor) -> int:
    """How many wait. One query."""
    return organisation_queue(actor).order_by().count()


def late_before(days: int | None = None, now: datetime | None = None) -> datetime:
    """What waits since before this moment is late: the target delay in working days, or another number of them."""
    wanted = value_of(QUEUE_TARGET_DAYS) if days is None else days
    return working_days_before(timezone.localtime(now), wanted)


def covered() -> QuerySet[Grant]:
    """What makes a department covered: somebody looks after all of it now, by right or by delegation."""
    held = grants_in_force().filter(programme=Programme.RESERVE, role=Role.REFERENT, department__isnull=False, domains=[])
    return held.filter(person__account__is_active=True)


def covered_departments() -> set[str]:
    """The codes of the departments that have a referent. One query."""
    return {str(code) for code in covered().values_list("department_id", flat=True).distinct().order_by()}


def without_referent(*, department: str = "department") -> Q:
    """Rows of departments that no referent looks after: the operator decides there (R52). No query of its own."""
    return ~Q(**{f"{department}__in": covered().order_by().values("department")})


# ── one case after the other ──────────────────────────────────────────────────────────────────────
def next_in(queue: QuerySet[Organisation], case: Organisation, actor: Actor) -> int | None:
    """The case to look at after this one: the next in the order, else the first; not those that others have in hand."""
    free = queue.exclude(Q(taken_by__isnull=False) & ~Q(taken_by_id=actor.person_id)).exclude(pk=case.pk)
    later = Q(queued_at__gt=case.queued_at) | Q(queued_at=case.queued_at, pk__gt=case.pk)
    keys = free.values_list("pk", flat=True)
    found = keys.filter(later).first()
    return found if found is not None else keys.first()


def before_in(queue: QuerySet[Organisation], case: Organisation) -> int | None:
    """The case before this one in the order."""
    earlier = Q(queued_at__lt=case.queued_at) | Q(queued_at=case.queued_at, pk__lt=case.pk)
    return queue.filter(earlier).reverse().values_list("pk", flat=True).first()
