"""Which missions exist for whom, and how many places are taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.kernel.recent import recent
from renfort.missions.enums import TAKING, Format, MissionState, ParticipationState
from renfort.missions.models import Domain, DomainRules, Mission, Participation, Public
from renfort.missions.selectors.participation import taking_place, tutors_here, with_deputies
from renfort.missions.selectors.room import count_places
from renfort.missions.selectors.slots import counted_on_slots, offered_on_slots, taken_on_slots
from renfort.missions.selectors.waiting import offered, promised, with_promised
from renfort.organisations.enums import TEAM, Programme, ScopeKind
from renfort.organisations.selectors import is_operator
from renfort.organisations.selectors.perimeter import overseen
from renfort.search.selectors import Circle, like

S = MissionState
NEAR = 50.0  # km
CANDIDATES = 15  # some of them are full
ON_CARDS = (
    "title", "presence", "format", "places", "starts_on", "ends_on", "city", "department", "state", "has_slots", "over_at",
    "organisation__name", "domain__short_fr", "domain__short_en", "domain__illustration",
)  # fmt: skip


def missions_visible(actor: Actor) -> QuerySet[Mission]:
    """The missions that the actor may know of as somebody who works on them: the host's team, referents, and the operator.

    A « tuteur » reads those of colleagues too (R40); ``rules.runs`` says which may be acted on. The public page has its own
    selector, ``open_missions``.
    """
    missions = Mission.objects.all()
    if actor.kind in ("clock", "service") or is_operator(actor):
        return missions
    hosts = actor.scopes(Programme.RESERVE, TEAM, ScopeKind.ORGANISATION)
    missions = missions.filter(Q(organisation_id__in=[int(scope) for scope in hosts]) | overseen(actor, domain="domain"))
    return with_deputies(missions) if tutors_here(actor) else missions


def open_missions() -> QuerySet[Mission]:
    """What everybody may find: published, and not over where it takes place (R20)."""
    return Mission.objects.filter(state=S.PUBLISHED, over_at__gt=timezone.now())


def with_places(missions: QuerySet[Mission]) -> QuerySet[Mission]:
    """Annotate ``taken_now`` of ``offered_now`` places, and ``promised_now``, those that the waiting list comes first for.

    All are counted from the rows, never kept beside them (R34, R60). A mission with slots offers and has taken the sum of its
    slots to come (of all, once it is over), so that « complet » means that every one of them is full (R61). For others the
    slots' tables are not read.
    """
    counted = (
        Participation.objects.filter(taking_place(), mission=OuterRef("pk"))
        .order_by()
        .values("mission")
        .annotate(count=Count("pk"))
        .values("count")
    )
    whole = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    return with_promised(missions).annotate(
        taken_now=Case(When(has_slots=True, then=taken_on_slots()), default=whole, output_field=IntegerField()),
        offered_now=Case(When(has_slots=True, then=offered_on_slots()), default=F("places"), output_field=IntegerField()),
    )


def places_taken(mission: Mission) -> int:
    """The places taken, as the selector annotated them; counted now when it did not (under a lock: one query)."""
    annotated = getattr(mission, "taken_now", None)
    if annotated is not None:
        return cast(int, annotated)
    if mission.has_slots:
        return counted_on_slots(mission)[0]
    return Participation.objects.filter(taking_place(), mission=mission).count()


def places_offered(mission: Mission) -> int:
    """The places that there are: the mission's own, else those of its slots to come; as annotated, else one query with slots."""
    annotated = getattr(mission, "offered_now", None)
    if annotated is not None:
        return cast(int, annotated)
    return counted_on_slots(mission)[1] if mission.has_slots else mission.places


def places_taken_as(mission: Mission, format_: str) -> int:
    """The places that would be taken if the mission had this format: a one-off mission keeps those of who is done (R34)."""
    states = [*TAKING, ParticipationState.DONE] if format_ == Format.ONE_OFF else [*TAKING]
    held = Q(state__in=[str(state) for state in states]) | Q(state=ParticipationState.PENDING, reserved=True)
    return Participation.objects.filter(held, mission=mission).count() + offered(mission)


def places_held(mission: Mission) -> int:
    """The places that nobody else can be given: taken, or held by an offer to the waiting list (R60). Two queries."""
    return places_taken(mission) + offered(mission)


def places_left(mission: Mission) -> int:
    """The places that somebody new may apply for: those free, less one for each person in the waiting list; never below zero."""
    return max(0, places_offered(mission) - places_taken(mission) - promised(mission))


def of_cards(missions: QuerySet[Mission]) -> QuerySet[Mission]:
    """Everything that ``components.mission_card`` shows but the places, which ``room.count_places`` notes, and nothing else."""
    return missions.select_related("organisation", "domain").only(*ON_CARDS)


def for_cards(missions: QuerySet[Mission]) -> QuerySet[Mission]:
    """The same with the places, where they choose which missions are shown: slower to build and plan than to count afterwards."""
    return of_cards(with_places(missions))


def cards_of(ids: Iterable[int]) -> dict[int, Mission]:
    """The missions of these numbers as cards show them, by number; those that are gone meanwhile are left out. Two queries."""
    found = of_cards(Mission.objects.all()).in_bulk(list(ids))
    count_places(found.values())
    return found


def public_mission(pk: int) -> Mission | None:
    """One mission as everybody may see it: published or ended ones keep their page; others have none. Four queries."""
    return (
        with_places(Mission.objects.filter(pk=pk, state__in=[S.PUBLISHED, S.ENDED]))
        .select_related("organisation", "domain", "department", "rules")
        .prefetch_related("publics", "addresses")
        .first()
    )


def similar_missions(mission: Mission, *, most: int = 3, remote_only: bool = False) -> list[Mission]:
    """Open missions with places left that are most like this one: same domain, then the nearest, then remote ones. Three queries.

    Near is within 50 km, or in the department of a mission that has no place. ``remote_only``: some may only help from home.
    """
    circle = None
    if not mission.is_remote and mission.latitude is not None and mission.longitude is not None:
        circle = Circle(latitude=mission.latitude, longitude=mission.longitude, radius=NEAR)
    ids = like(
        mission_id=mission.pk, domain=mission.domain_id, department=mission.department_id, circle=circle,
        remote_only=remote_only, most=CANDIDATES, now=timezone.now(),
    )  # fmt: skip
    cards = cards_of(ids)
    return [cards[pk] for pk in ids if pk in cards and places_left(cards[pk])][:most]


def active_domains(also: Iterable[str] = ()) -> list[Domain]:
    """The domains of action that the operator offers, in the operator's order; ``also`` are keys chosen before."""
    return list(Domain.objects.filter(Q(is_active=True) | Q(key__in=[key for key in also if key])))


def active_publics(also: Iterable[str] = ()) -> list[Public]:
    """The publics that the operator offers, and ``also`` those chosen before."""
    return list(Public.objects.filter(Q(is_active=True) | Q(key__in=[key for key in also if key])))


@recent(30)
def domains_shown() -> tuple[Domain, ...]:
    """The same for filters and labels of public lists, at most half a minute old."""
    return tuple(active_domains())


@recent(30)
def publics_shown() -> tuple[Public, ...]:
    """The publics offered, at most half a minute old."""
    return tuple(active_publics())


def rules_in_force(domain_id: Any) -> DomainRules | None:
    """The newest wording of a domain's rules, the one to tick (R13)."""
    return DomainRules.objects.filter(domain_id=domain_id).order_by("-version").first()


def domains_with_rules() -> list[tuple[Domain, DomainRules | None]]:
    """The domains offered, each with its newest wording of rules. Two queries."""
    newest = DomainRules.objects.order_by("domain_id", "-version").distinct("domain_id")
    wordings = {wording.domain_id: wording for wording in newest}
    return [(domain, wordings.get(domain.pk)) for domain in active_domains()]


def to_review() -> QuerySet[Mission]:
    """What waits for the operator: missions submitted, and missions online that nobody has read yet (« à relire »)."""
    return Mission.objects.filter(Q(state=S.SUBMITTED) | Q(state=S.PUBLISHED, reviewed_at=None))


def submitted_count() -> int:
    """How many missions wait for a validation before they are online. One query."""
    return Mission.objects.filter(state=S.SUBMITTED).count()


def titles_of(ids: Sequence[int]) -> dict[int, Mission]:
    """The titles and addresses of missions, by number. One query; none for none."""
    return Mission.objects.only("title").in_bulk(ids) if ids else {}
