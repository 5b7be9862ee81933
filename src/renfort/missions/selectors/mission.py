"""Which missions exist for whom, and how many places are taken."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.missions.enums import TAKING, Format, MissionState, ParticipationState, Presence
from renfort.missions.models import Domain, DomainRules, Mission, Participation, Public
from renfort.missions.selectors.participation import taking_place
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.organisations.selectors import is_operator
from renfort.parameters.catalogue import PUBLICATION
from renfort.parameters.selectors import value_of
from renfort.territories.selectors import Place

S = MissionState


def missions_visible(actor: Actor) -> QuerySet[Mission]:
    """The missions that the actor may know of as somebody who works on them: host's managers, and the operator.

    The public page has its own selector, ``open_missions``.
    """
    missions = Mission.objects.all()
    if actor.kind in ("clock", "service") or is_operator(actor):
        return missions
    hosts = actor.scopes(Programme.RESERVE, [Role.MANAGER], ScopeKind.ORGANISATION)
    return missions.filter(organisation_id__in=[int(scope) for scope in hosts])


def open_missions() -> QuerySet[Mission]:
    """What everybody may find: published, and not over where it takes place (R20)."""
    return Mission.objects.filter(state=S.PUBLISHED, over_at__gt=timezone.now())


def with_places(missions: QuerySet[Mission]) -> QuerySet[Mission]:
    """Annotate ``taken_now``: the places taken, counted from the participations, never kept beside them (R34)."""
    counted = (
        Participation.objects.filter(taking_place(), mission=OuterRef("pk"))
        .order_by()
        .values("mission")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return missions.annotate(taken_now=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


def with_policy(missions: QuerySet[Mission]) -> QuerySet[Mission]:
    """Annotate ``policy``: the publication policy in force, which the rules of a draft read (R12). One query."""
    return missions.annotate(policy=Value(value_of(PUBLICATION)))


def places_taken(mission: Mission) -> int:
    """The places taken, as the selector annotated them; counted now when it did not (under a lock: one query)."""
    annotated = getattr(mission, "taken_now", None)
    if annotated is not None:
        return cast(int, annotated)
    return Participation.objects.filter(taking_place(), mission=mission).count()


def places_taken_as(mission: Mission, format_: str) -> int:
    """The places that would be taken if the mission had this format: a one-off mission keeps those of who is done (R34)."""
    states = [*TAKING, ParticipationState.DONE] if format_ == Format.ONE_OFF else [*TAKING]
    return Participation.objects.filter(mission=mission, state__in=[str(state) for state in states]).count()


def places_left(mission: Mission) -> int:
    """The places left, never below zero."""
    return max(0, mission.places - places_taken(mission))


def publication_policy(mission: Mission) -> str:
    """The policy in force, as the selector annotated it; read now when it did not (one query)."""
    return cast(str, getattr(mission, "policy", None) or value_of(PUBLICATION))


def search_missions(
    *,
    place: Place | None = None,
    domain: str = "",
    presence: str = "",
) -> QuerySet[Mission]:
    """The first form of the public list: newest first, by place, domain and type, with places and what a card shows.

    A postcode finds the missions of its communes; a department finds all of its own. Remote missions belong to their
    organisation's department and stay among the results of that department.
    """
    missions = open_missions()
    if place is not None:
        missions = missions.filter(_at(place))
    if domain:
        missions = missions.filter(domain__key=domain)
    if presence:
        missions = missions.filter(presence=presence)
    return missions.order_by("-published_at", "-id")


def _at(place: Place) -> Q:
    if place.kind in ("department", "region"):
        return Q(department_id__in=place.department_codes)
    if place.kind == "postcode":
        return Q(postcode=place.label) | Q(commune_id__in=place.commune_codes)
    return Q(commune_id__in=place.commune_codes)


def for_cards(missions: QuerySet[Mission]) -> QuerySet[Mission]:
    """Everything a card shows, without a query per card."""
    return with_places(missions).select_related("organisation", "domain", "department")


def public_mission(pk: int) -> Mission | None:
    """One mission as everybody may see it: published or ended ones keep their page; others have none. Three queries."""
    return (
        with_places(Mission.objects.filter(pk=pk, state__in=[S.PUBLISHED, S.ENDED]))
        .select_related("organisation", "domain", "department", "rules")
        .prefetch_related("publics")
        .first()
    )


def similar_missions(mission: Mission, *, most: int = 3, remote_only: bool = False) -> list[Mission]:
    """Open missions with places left that are most like this one: same department and domain first. One query."""
    missions = open_missions().exclude(pk=mission.pk)
    if remote_only:
        missions = missions.filter(presence=Presence.REMOTE)
    else:
        missions = missions.filter(
            Q(department_id=mission.department_id) | Q(presence=Presence.REMOTE, domain_id=mission.domain_id)
        )
    nearest = for_cards(missions).annotate(
        likeness=Count("pk", filter=Q(domain_id=mission.domain_id), distinct=True)
        + Count("pk", filter=Q(commune_id=mission.commune_id), distinct=True)
    )
    with_room = nearest.filter(Q(taken_now__lt=F("places"))).order_by("-likeness", "-published_at")
    return list(with_room[:most])


def active_domains() -> list[Domain]:
    """The domains of action that the operator offers, in the operator's order."""
    return list(Domain.objects.filter(is_active=True))


def active_publics() -> list[Public]:
    """The publics that the operator offers."""
    return list(Public.objects.filter(is_active=True))


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


def to_review_count() -> int:
    """How many wait. One query."""
    return to_review().count()
