"""What waits for each of those who decide, as the morning's e-mail tells it (R52)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from renfort.kernel.actors import Actor
from renfort.missions.models import Mission
from renfort.missions.selectors.queue import WAITS as MISSION_WAITS
from renfort.missions.selectors.queue import mission_queue
from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Grant, Organisation
from renfort.organisations.selectors import actor_of, grants_in_force, is_operator
from renfort.organisations.selectors.queue import WAITS as ORGANISATION_WAITS
from renfort.organisations.selectors.queue import late_before, organisation_queue, without_referent
from renfort.parameters.catalogue import QUEUE_ALERT_DAYS
from renfort.parameters.selectors import value_of
from renfort.territories.selectors import departments


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The cases that wait for one person. ``alerts``: those that wait for so long that somebody else has to look."""

    missions: int = 0
    organisations: int = 0
    late: int = 0
    alerts: int = 0
    orphans: int = 0  # of departments that no referent looks after: the operator's alone

    @property
    def is_empty(self) -> bool:
        return not (self.missions or self.organisations or self.alerts or self.orphans)


def readers() -> list[int]:
    """The people who decide: referents and operators with an account that is open. One query."""
    over = Q(programme=Programme.RESERVE, role=Role.REFERENT) | Q(programme=Programme.PLATFORM, role=Role.OPERATOR)
    held = grants_in_force().filter(over, person__account__is_active=True)
    return sorted(set(held.values_list("person_id", flat=True)))


def waiting_for(person_id: int, now: datetime) -> Waiting:
    """What waits for the person as a referent, and what is told to a region and to the operator because nobody decided."""
    actor = actor_of(person_id)
    after = value_of(QUEUE_ALERT_DAYS)
    as_referent = replace(actor, roles=tuple(held for held in actor.roles if held.role == Role.REFERENT))
    found = Waiting()
    if as_referent.roles:
        missions, organisations = mission_queue(as_referent).order_by(), organisation_queue(as_referent).order_by()
        late = Q(queued_at__lt=late_before(now=now))
        whole = Q(department__in=_whole_regions(as_referent), queued_at__lt=late_before(after, now))
        found = Waiting(
            missions=missions.count(),
            organisations=organisations.count(),
            late=missions.filter(late).count() + organisations.filter(late).count(),
            alerts=missions.filter(whole).count() + organisations.filter(whole).count(),
        )
    if is_operator(actor):
        forgotten, orphan = Q(queued_at__lt=late_before(2 * after, now)), without_referent()
        found = replace(
            found,
            alerts=found.alerts + _count(forgotten & ~orphan),
            orphans=_count(orphan),
        )
    return found


def _count(where: Q) -> int:
    waits = (Mission.objects.filter(MISSION_WAITS), Organisation.objects.filter(ORGANISATION_WAITS))
    return sum(each.filter(where).count() for each in waits)


def _whole_regions(actor: Actor) -> list[str]:
    """The departments of the regions that the referent looks after as a whole; a region of one department is no region here."""
    mine = {area.department for area in actor.areas(Programme.RESERVE, Role.REFERENT) if not area.domains}
    members: dict[str, set[str]] = {}
    for each in departments():
        if each.region_id:
            members.setdefault(each.region_id, set()).add(each.code)
    return sorted(code for codes in members.values() if len(codes) > 1 and codes <= mine for code in codes)


def zone_code_of(person_id: int) -> str:
    """The code of the first department of a referent, by whose clocks the morning is told; "" for an operator. One query."""
    held = grants_in_force().filter(person_id=person_id, role=Role.REFERENT, department__isnull=False).order_by("id")
    first: Grant | None = held.first()
    return str(first.department_id) if first is not None else ""
