"""What referents read of their territory: figures and lists, by the same filters (R51, R52).

A referent reads participations and decides on none; nothing here is given to a workflow. Limited delegations count for the
missions and the participations of their domains, and let one read the organisations that have such missions (R65).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Aggregate,
    Count,
    DateTimeField,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Extract, Greatest
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.kernel.words import among, has_word, typed_words
from renfort.missions.enums import MissionState, ParticipationState
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.host_lists import OTHER_STATES, PROPOSED_STATES
from renfort.missions.selectors.participation import of_words
from renfort.missions.selectors.queue import WAITS
from renfort.missions.selectors.room import having_room_among, left_by_department, roomy
from renfort.organisations.enums import UNDECIDED, Programme, Role
from renfort.organisations.models import Organisation
from renfort.organisations.selectors.perimeter import overseen
from renfort.organisations.selectors.queue import late_before
from renfort.territories.selectors import in_french_order

M, S = MissionState, ParticipationState
WEEKS = 12
WINDOW = timedelta(days=90)  # over which waiting times are counted

NONE = Q(pk__in=[])

# the words of addresses
TO_VALIDATE, LATE_CASES, PROPOSED, ONLINE, LEFT, OTHERS = "a-valider", "en-retard", "proposees", "en-ligne", "reste", "autres"


# ── the lists ─────────────────────────────────────────────────────────────────────────────────────
def territory_organisations(actor: Actor, said: Mapping[str, Any]) -> QuerySet[Organisation]:
    """The organisations whose seat is in the actor's departments, on the platform, that ``said`` asks for, in no order.

    To whom some domains alone are lent, those of them that have missions of these domains there (R65): to be read, no more.
    """
    found = Organisation.objects.filter(overseen(actor) | _with_missions_lent(actor), left_at=None)
    if said.get("departement"):
        found = found.filter(department_id=said["departement"])
    if said.get("depuis"):
        found = found.filter(created_at__gte=timezone.now() - timedelta(days=int(said["depuis"])))
    for word in typed_words(said.get("q") or ""):
        found = found.filter(Q(name__icontains=word) | Q(city__icontains=word) | Q(siret=word))
    return found


def _with_missions_lent(actor: Actor) -> Q:
    """Organisations with missions of the domains that are lent to the actor, in the department of their seat."""
    found = NONE
    for area in actor.areas(Programme.RESERVE, Role.REFERENT):
        if area.domains:
            there = Mission.objects.filter(
                organisation=OuterRef("pk"), department_id=area.department, domain_id__in=sorted(area.domains)
            ).exclude(state=M.DRAFT)
            found |= Q(Exists(there), department_id=area.department)
    return found


def territory_missions(actor: Actor, said: Mapping[str, Any]) -> QuerySet[Mission]:
    """The missions of the actor's departments and domains that ``said`` asks for, in no order; no drafts, nobody's business."""
    missions = Mission.objects.filter(overseen(actor, domain="domain")).exclude(state=M.DRAFT)
    if said.get("departement"):
        missions = missions.filter(department_id=said["departement"])
    missions = _in_state(missions, str(said.get("statut") or ""))
    if said.get("domaine"):
        missions = missions.filter(domain__key=said["domaine"])
    if said.get("structure"):
        missions = missions.filter(organisation_id=said["structure"])
    for word in typed_words(said.get("q") or ""):
        hosts = Organisation.objects.filter(name__icontains=word)
        missions = missions.filter(has_word("search_name", word) | among("organisation_id", hosts))
    return missions


def _in_state(missions: QuerySet[Mission], state: str) -> QuerySet[Mission]:
    if state == PROPOSED:
        return missions.filter(state__in=[str(each) for each in PROPOSED_STATES])
    if state == ONLINE:
        return missions.filter(online(timezone.now()))
    if state == LEFT:
        return with_room(missions)
    if state == TO_VALIDATE:
        return missions.filter(WAITS)
    if state == LATE_CASES:
        return missions.filter(WAITS, queued_at__lt=late_before())
    return missions.filter(state=state) if state else missions


def online(now: datetime) -> Q:
    """Missions to which one may apply: published, and not over."""
    return Q(state=M.PUBLISHED, over_at__gt=now)


def with_room(missions: QuerySet[Mission]) -> QuerySet[Any]:
    """Those that are online and have places left."""
    now = timezone.now()
    return missions.filter(having_room_among(missions.filter(online(now)), now))


def roomy_missions(actor: Actor, said: Mapping[str, Any]) -> list[int]:
    """The keys of the missions that ``said`` asks for and that have places left, newest first. One query."""
    now = timezone.now()
    return roomy(territory_missions(actor, {**said, "statut": ONLINE}), now)


def territory_participations(actor: Actor, said: Mapping[str, Any]) -> QuerySet[Participation]:
    """The participations on missions of the actor's departments and domains that ``said`` asks for, to be read only."""
    found = Participation.objects.filter(overseen(actor, department="mission__department", domain="mission__domain"))
    if said.get("departement"):
        found = found.filter(mission__department_id=said["departement"])
    state = str(said.get("statut") or "")
    if state == OTHERS:
        found = found.filter(state__in=[str(each) for each in OTHER_STATES])
    elif state == S.WITHDRAWN:  # reads the same on the screen as a no-show
        found = found.filter(state__in=[S.WITHDRAWN, S.NO_SHOW])
    elif state:
        found = found.filter(state=state)
    if said.get("attente"):
        found = found.filter(state=S.PENDING, created_at__lt=timezone.now() - timedelta(days=int(said["attente"])))
    if said.get("mission"):
        found = found.filter(mission_id=said["mission"])
    return of_words(found, [(word, NONE) for word in typed_words(said.get("q") or "")], by_mail=False)


# ── the figures (R51) ─────────────────────────────────────────────────────────────────────────────
@dataclass(slots=True, kw_only=True)
class DepartmentFigures:
    """One department, or all of them together."""

    code: str = ""
    organisations: int = 0
    new_organisations: int = 0  # within thirty days
    hosts_to_validate: int = 0
    missions: int = 0  # proposed: neither drafts nor what was given up
    to_validate: int = 0
    late: int = 0
    oldest: datetime | None = None  # since when the mission that waits longest does
    online: int = 0
    places: int = 0  # offered by the missions online
    left: int = 0  # of those
    participations: dict[str, int] = field(default_factory=dict)  # by state

    @property
    def total(self) -> int:
        """All participations."""
        return sum(self.participations.values())

    @property
    def pending(self) -> int:
        """Participations that wait for an organisation's answer."""
        return self.participations.get(S.PENDING, 0)

    @property
    def others(self) -> int:
        """« Autres »: refused, given up, cancelled."""
        return sum(self.participations.get(state, 0) for state in OTHER_STATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How long something takes, in seconds, over the last ninety days; None when nothing happened."""

    median: float | None
    ninetieth: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Volunteers who proposed help in the territory, and how long they wait for an answer."""

    volunteers: int
    answer: Waits


class Percentile(Aggregate):
    """``percentile_cont`` of an expression: ``Percentile(0.5, expression, filter=…)``."""

    function = "percentile_cont"
    name = "percentile"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, fraction: float, expression: Any, **extra: Any) -> None:
        super().__init__(expression, fraction=float(fraction), **extra)


def territory_figures(actor: Actor, department: str = "") -> list[DepartmentFigures]:
    """The figures of each department that has any, in French order. Four queries, whatever the number of departments."""
    said = {"departement": department}
    found: dict[str, DepartmentFigures] = {}

    def of(code: str) -> DepartmentFigures:
        return found.setdefault(code, DepartmentFigures(code=code))

    month = timezone.now() - timedelta(days=30)
    organisations = territory_organisations(actor, said).order_by().values_list("department_id")
    waiting = Count("pk", filter=Q(state__in=[str(state) for state in UNDECIDED]) & overseen(actor))  # those one may decide on
    for code, count, new, undecided in organisations.annotate(
        n=Count("*"), new=Count("pk", filter=Q(created_at__gte=month)), undecided=waiting
    ):
        figures = of(code)
        figures.organisations, figures.new_organisations, figures.hosts_to_validate = count, new, undecided
    for row in _mission_rows(territory_missions(actor, said)):
        figures = of(row.pop("department_id"))
        figures.places = row.pop("places_online")
        for name, value in row.items():
            setattr(figures, name, value)
    now = timezone.now()
    for code, left in left_by_department(territory_missions(actor, said).filter(online(now)), now).items():
        of(code).left = left
    states = territory_participations(actor, said).order_by().values_list("mission__department_id", "state")
    for code, state, count in states.annotate(n=Count("*")):
        of(code).participations[state] = count
    return sorted(found.values(), key=lambda each: in_french_order(each.code))


def _mission_rows(missions: QuerySet[Mission]) -> Any:
    now = timezone.now()
    late = WAITS & Q(queued_at__lt=late_before())
    return (
        missions.order_by()
        .values("department_id")
        .annotate(
            missions=Count("pk", filter=Q(state__in=[str(each) for each in PROPOSED_STATES])),
            to_validate=Count("pk", filter=WAITS),
            late=Count("pk", filter=late),
            oldest=Min("queued_at", filter=WAITS),
            online=Count("pk", filter=online(now)),
            places_online=Coalesce(Sum("places", filter=online(now)), 0),
        )
    )


def summed(figures: Sequence[DepartmentFigures]) -> DepartmentFigures:
    """All departments together."""
    total = DepartmentFigures()
    for each in figures:
        for name in (
            "organisations",
            "new_organisations",
            "hosts_to_validate",
            "missions",
            "to_validate",
            "late",
            "online",
            "places",
            "left",
        ):
            setattr(total, name, getattr(total, name) + getattr(each, name))
        for state, count in each.participations.items():
            total.participations[state] = total.participations.get(state, 0) + count
        waiting = [when for when in (total.oldest, each.oldest) if when is not None]
        total.oldest = min(waiting, default=None)
    return total


def _seconds(first: str, last: str) -> Extract:
    return Extract(F(last) - F(first), "epoch")


def territory_people(actor: Actor, department: str = "") -> People:
    """How many volunteers, and how long they wait for an organisation's answer. One query."""
    lately = Q(decided_at__gte=timezone.now() - WINDOW)
    found = territory_participations(actor, {"departement": department}).aggregate(
        volunteers=Count("person_id", distinct=True),
        median=Percentile(0.5, _seconds("created_at", "decided_at"), filter=lately),
        ninetieth=Percentile(0.9, _seconds("created_at", "decided_at"), filter=lately),
    )
    return People(volunteers=found["volunteers"], answer=Waits(median=found["median"], ninetieth=found["ninetieth"]))


def validation_waits(actor: Actor, department: str = "") -> Waits:
    """How long a mission waits to be read by a referent. One query."""
    read = territory_missions(actor, {"departement": department}).filter(reviewed_at__gte=timezone.now() - WINDOW)
    found = read.aggregate(
        median=Percentile(0.5, Greatest(_seconds("created_at", "reviewed_at"), 0.0)),
        ninetieth=Percentile(0.9, Greatest(_seconds("created_at", "reviewed_at"), 0.0)),
    )
    return Waits(**found)


def territory_weeks(actor: Actor, department: str = "") -> list[tuple[date, int, int]]:
    """The last twelve weeks of the territory. One query."""
    return weeks_of(territory_participations(actor, {"departement": department}))


def weeks_of(participations: QuerySet[Participation]) -> list[tuple[date, int, int]]:
    """The last twelve weeks, the present one among them: their Monday, how many applied, how many were accepted. One query."""
    today = timezone.localdate()
    mondays = [today - timedelta(days=today.weekday(), weeks=back) for back in range(WEEKS - 1, -1, -1)]
    starts = [timezone.make_aware(datetime.combine(monday, time.min)) for monday in mondays]
    bounds = Value(starts, output_field=ArrayField(DateTimeField()))
    lately = participations.filter(Q(created_at__gte=starts[0]) | Q(decided_at__gte=starts[0]))
    rows = lately.order_by().annotate(
        came=Func(F("created_at"), bounds, function="width_bucket", output_field=IntegerField()),
        taken=Func(F("decided_at"), bounds, function="width_bucket", output_field=IntegerField()),
    )
    applied, accepted = [0] * (WEEKS + 1), [0] * (WEEKS + 1)
    for came, taken, state, count in rows.values_list("came", "taken", "state").annotate(n=Count("*")):
        applied[came or 0] += count
        if state != S.REFUSED:  # an acceptance counts in its week, whatever became of it
            accepted[taken or 0] += count
    return [(monday, applied[week], accepted[week]) for week, monday in enumerate(mondays, 1)]
