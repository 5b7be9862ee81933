"""What waits for each case manager, as the morning's e-mail tells it (S10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from renfort.civic_service.catalogue import REVIEW_ALERT_DAYS
from renfort.civic_service.models import Route
from renfort.civic_service.selectors.review import late_before, left_to_the_nation, review_queue
from renfort.civic_service.selectors.roles import S, federations_managed, is_national
from renfort.kernel.actors import Actor
from renfort.organisations.enums import Role
from renfort.organisations.selectors import actor_of, grants_in_force
from renfort.parameters.selectors import value_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """The projects that wait for one person. ``alerts``: of other case managers, and waiting for so long that the nation looks.

    ``federation``: whose queue the e-mail opens; 0 for the national one.
    """

    waiting: int = 0
    late: int = 0
    alerts: int = 0
    federation: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.waiting or self.alerts)


def readers() -> list[int]:
    """The case managers with an account that is open. One query."""
    held = grants_in_force().filter(programme=S, role=Role.CASE_MANAGER, person__account__is_active=True)
    return sorted(set(held.values_list("person_id", flat=True)))


def waiting_for(person_id: int, now: datetime) -> Morning:
    """What waits for the person: of their territories, the national queue, and what others have left for too long."""
    whole, found = actor_of(person_id), Morning()
    for held in whole.roles:
        actor = whole.in_role(held.key)
        if held.programme != S or held.role != Role.CASE_MANAGER or actor is None:
            continue
        more = morning_of(actor, now)
        first = found.federation if found.waiting or found.alerts else more.federation
        found = Morning(
            waiting=found.waiting + more.waiting, late=found.late + more.late, alerts=found.alerts + more.alerts, federation=first
        )
    return found


def morning_of(actor: Actor, now: datetime) -> Morning:
    """What waits for a case manager in the role in force. Two or three queries."""
    queue = review_queue(actor).order_by()
    late, own = Q(queued_at__lt=late_before(now=now)), Q()
    federation = 0
    if is_national(actor):
        own = left_to_the_nation()
    else:
        federation = federations_managed(actor)[0]
    alert = Q(queued_at__lt=late_before(value_of(REVIEW_ALERT_DAYS), now))
    mine = queue.filter(own).aggregate(waiting=Count("pk"), late=Count("pk", filter=late))
    alerts = queue.filter(alert).exclude(own).count() if is_national(actor) else 0
    return Morning(waiting=mine["waiting"], late=mine["late"], alerts=alerts, federation=federation)


def zone_code_of(person_id: int) -> str:
    """The code of the first department of a case manager, by whose clocks it is morning; "" for a national one. One query."""
    held = grants_in_force().filter(person_id=person_id, programme=S, role=Role.CASE_MANAGER, organisation__isnull=False)
    first = Route.objects.filter(federation__in=held.order_by().values("organisation_id")).order_by("department_id").first()
    return str(first.department_id) if first is not None else ""
