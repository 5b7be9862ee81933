"""What the front door shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    DateTimeField,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Least

from renfort.jobs.selectors import failed_count
from renfort.kernel.counting import count_all
from renfort.kernel.recent import recent
from renfort.missions.enums import MissionState
from renfort.missions.models import Domain, Mission, Participation
from renfort.missions.selectors.mission import active_domains, for_cards, open_missions, to_review, with_places
from renfort.missions.selectors.organisation import organisations_with_missions
from renfort.missions.selectors.participation import taking_place
from renfort.notifications.enums import OutgoingState
from renfort.notifications.selectors import outgoing_counts
from renfort.organisations.enums import UNDECIDED
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import claims_to_answer, orphan_requests
from renfort.organisations.selectors.queue import late_before, without_referent
from renfort.organisations.selectors.referents import referents_of_departments
from renfort.territories.models import Department

LATEST = 6


@dataclass(frozen=True, slots=True)
class Figures:
    """The public figures; places are those offered by open missions."""

    missions: int
    places: int
    organisations: int


@dataclass(frozen=True, slots=True)
class Home:
    """All that the home page reads, in at most seven queries whatever its size. ``needs``: places left by department."""

    latest: list[Mission]
    domains: list[Domain]
    figures: Figures
    needs: dict[str, int]


def home() -> Home:
    """Latest missions with places left, the domains, public figures, places left by department (R1)."""
    newest = for_cards(open_missions()).order_by("-published_at", "-id")
    latest = list(newest.filter(Q(taken_now__lt=F("offered_now")))[:LATEST])
    figures, needs = counted()
    return Home(latest=latest, domains=active_domains(), figures=figures, needs=dict(needs))


@recent(20)  # it reads every open mission and who is on it: not for each visitor
def counted() -> tuple[Figures, Mapping[str, int]]:
    """The public figures and the places left by department, at most twenty seconds old. Five queries."""
    needs = places_left_by_department()
    figures = Figures(
        missions=open_missions().count(),
        places=sum(needs.values()),
        organisations=Organisation.objects.filter(left_at=None).count(),
    )
    return figures, needs


def places_left_by_department() -> dict[str, int]:
    """Places of open missions less those taken, by department code. Three queries."""
    whole = open_missions().filter(has_slots=False)
    offered = whole.values_list("department_id").annotate(Sum("places")).order_by()
    taken = (
        Participation.objects.filter(taking_place(), mission__in=whole)
        .values_list("mission__department_id")
        .annotate(Count("pk"))
        .order_by()
    )
    counted = dict(taken)
    left = {code: max(0, places - counted.get(code, 0)) for code, places in offered}
    with_slots = with_places(open_missions().filter(has_slots=True)).values_list("department_id")
    for code, places in with_slots.annotate(left=Sum(F("offered_now") - F("taken_now"))).order_by():
        left[code] = left.get(code, 0) + max(0, places)
    return left


# ── what search engines are shown ─────────────────────────────────────────────────────────────────
def public_missions_count() -> int:
    """How many missions are open. One query."""
    return open_missions().count()


def public_missions_part(part: int, size: int) -> list[Mission]:
    """The ``part``-th (from 1) ``size`` open missions, with what their address is made of. One query."""
    missions = open_missions().only("pk", "title", "published_at").order_by("pk")
    return list(missions[(part - 1) * size : part * size])


def public_organisations() -> QuerySet[Organisation]:
    """The organisations that look for somebody, with what their address is made of."""
    return organisations_with_missions().only("pk", "name")


# ── what waits for the operator (R58) ─────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in one department: organisations and missions to validate, missions online to read, since when the oldest
    waits and whether that is too long, who looks after the department and until when each is away (None: there)."""

    department: Department
    hosts: int
    submitted: int
    to_read: int
    oldest: datetime
    is_late: bool
    referents: list[tuple[str, date | None]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """All that waits for the operator."""

    backlog: list[Backlog]
    hosts: int  # organisations to validate
    uncovered: int  # departments that no referent looks after
    requests: int
    claims: int
    mail_failed: int
    mail_waiting: int
    jobs_failed: int

    @property
    def submitted(self) -> int:
        """Missions that wait for a validation."""
        return sum(each.submitted for each in self.backlog)

    @property
    def to_read(self) -> int:
        """Missions online that nobody has read."""
        return sum(each.to_read for each in self.backlog)


def operator_waiting() -> Waiting:
    """What waits for the operator. Seven queries, whatever waits."""
    mail = outgoing_counts()
    counted = count_all(
        hosts=Organisation.objects.filter(state__in=[str(state) for state in UNDECIDED]),
        uncovered=Department.objects.filter(without_referent(department="pk")),
        requests=orphan_requests(),
        claims=claims_to_answer(),
    )
    return Waiting(
        backlog=_backlog(),
        **counted,
        mail_failed=mail[OutgoingState.FAILED],
        mail_waiting=mail[OutgoingState.WAITING],
        jobs_failed=failed_count(),
    )


def _backlog() -> list[Backlog]:
    """What waits by department, where the oldest waits first. Four queries."""
    submitted, online = Q(state=MissionState.SUBMITTED), Q(state=MissionState.PUBLISHED)
    departments = (
        Department.objects.annotate(
            submitted=Subquery(_waiting_in(submitted, Count("pk")), output_field=IntegerField()),
            to_read=Subquery(_waiting_in(online, Count("pk")), output_field=IntegerField()),
            hosts=Subquery(_hosts_in(Count("pk")), output_field=IntegerField()),
            oldest=Least(
                Subquery(_waiting_in(submitted | online, Min("queued_at")), output_field=DateTimeField()),
                Subquery(_hosts_in(Min("queued_at")), output_field=DateTimeField()),
            ),
        )
        .filter(oldest__isnull=False)
        .order_by("oldest", "code")
    )
    found, late = list(departments), late_before()
    after = referents_of_departments(each.pk for each in found)
    return [
        Backlog(
            each, each.hosts or 0, each.submitted or 0, each.to_read or 0, each.oldest, each.oldest < late, after.get(each.pk, [])
        )
        for each in found
    ]


def _hosts_in(counted: Aggregate) -> QuerySet[Any]:
    here = Organisation.objects.filter(state__in=[str(state) for state in UNDECIDED], department=OuterRef("pk")).order_by()
    return here.values("department").annotate(counted=counted).values("counted")


def _waiting_in(which: Q, counted: Aggregate) -> QuerySet[Any]:
    here = to_review().filter(which, department=OuterRef("pk")).order_by()
    return here.values("department").annotate(counted=counted).values("counted")
