"""Which participations exist for whom."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from renfort.kernel.actors import Actor
from renfort.kernel.words import among, has_word
from renfort.missions.enums import ACTIVE, TAKING, Format, ParticipationState, WaitingState
from renfort.missions.models import Contact, Mission, Participation, Waiting
from renfort.missions.selectors.slots import with_slot_counts
from renfort.organisations.enums import TEAM, Programme, Role, ScopeKind
from renfort.people.models import Person


def in_charge(actor: Actor) -> Q:
    """Which missions the actor is in charge of (R40); ``rules.leads`` asks the same of one mission."""
    return Q(responsible_id=actor.person_id)


def charges(actor: Actor, organisations: Iterable[int]) -> QuerySet[Mission]:
    """The missions of these organisations of which the actor is in charge."""
    return Mission.objects.filter(in_charge(actor), organisation_id__in=list(organisations))


def participations_visible(actor: Actor) -> QuerySet[Participation]:
    """One's own, those of the organisations one manages, and those of the missions that one is in charge of as « tuteur » (R40).

    The operator has no business with them (R52). On a page of one organisation somebody of its team acts in that role alone
    (P13): all its participations, read by one index, or those of one's own missions.
    """
    participations = Participation.objects.all()
    if actor.kind in ("clock", "service"):
        return participations
    if actor.person_id is None:
        return participations.none()
    if actor.acting is not None and actor.acting.scope_kind == ScopeKind.ORGANISATION:
        scope = int(actor.acting.scope)
        if actor.acting.programme != Programme.RESERVE or actor.acting.role not in TEAM:
            return participations.none()
        of_host = participations.filter(organisation_id=scope)
        return of_host if actor.acting.role == Role.MANAGER else of_host.filter(mission__in=charges(actor, [scope]))
    hosts = [int(scope) for scope in actor.scopes(Programme.RESERVE, [Role.MANAGER], ScopeKind.ORGANISATION)]
    tutored = [int(scope) for scope in actor.scopes(Programme.RESERVE, [Role.MISSION_TUTOR], ScopeKind.ORGANISATION)]
    shown = Q(person_id=actor.person_id)
    if hosts:
        shown |= Q(organisation_id__in=hosts)
    if tutored:
        shown |= Q(mission__in=charges(actor, tutored))
    return participations.filter(shown)


def with_twin(participations: QuerySet[Participation]) -> QuerySet[Participation]:
    """Annotate ``has_twin``: the same person has another active participation on the same mission."""
    twins = Participation.objects.filter(
        mission=OuterRef("mission"), person=OuterRef("person"), state__in=[str(state) for state in ACTIVE]
    ).exclude(pk=OuterRef("pk"))
    return participations.annotate(has_twin=Exists(twins))


def has_twin(participation: Participation) -> bool:
    """Whether the person applied again meanwhile; as annotated, else one query."""
    annotated = getattr(participation, "has_twin", None)
    if annotated is not None:
        return bool(annotated)
    return (
        Participation.objects.filter(
            mission_id=participation.mission_id, person_id=participation.person_id, state__in=[str(s) for s in ACTIVE]
        )
        .exclude(pk=participation.pk)
        .exists()
    )


# what no row shows: texts of a page each, and dates to decode
UNSHOWN = [
    *(f"mission__{name}" for name in (
        "schedule", "description", "safety", "address", "postcode", "search_name", "latitude", "longitude", "created_at",
        "published_at", "reviewed_at", "first_reminder_at", "second_reminder_at", "rules_at",
    )),
    *(f"person__{name}" for name in ("landline_phone", "postcode", "birth_date", "created_at", "search_name")),
]  # fmt: skip


def offered_to(outer: str) -> Subquery:
    """The places that offers hold on the mission ``outer``, for annotations."""
    counted = (
        Waiting.objects.filter(state=WaitingState.OFFERED, mission=OuterRef(outer))
        .order_by()
        .values("mission")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Subquery(counted, output_field=IntegerField())


def with_rows(participations: QuerySet[Participation], *, with_age: bool = False) -> QuerySet[Participation]:
    """Newest first, with all that a row shows and its rules read: person, mission, places taken of the mission.

    ``with_age``: the birth date too.
    """
    taken = (
        Participation.objects.filter(taking_place(), mission=OuterRef("mission"))
        .order_by()
        .values("mission")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return (
        with_slot_counts(with_twin(participations))
        .annotate(taken_on_mission=Coalesce(Subquery(taken, output_field=IntegerField()), 0) + Coalesce(offered_to("mission"), 0))
        .select_related("mission", "person")
        .defer(*(name for name in UNSHOWN if not (with_age and name == "person__birth_date")))
        .order_by("-id")
    )


def of_words(participations: QuerySet[Participation], words: Iterable[str]) -> QuerySet[Participation]:
    """Those whose person or mission has every word typed (R32)."""
    for word in words:
        people = Person.objects.filter(has_word("search_name", word))
        missions = Mission.objects.filter(has_word("search_name", word))
        participations = participations.filter(among("person_id", people) | among("mission_id", missions))
    return participations


def taking_place() -> Q:
    """Which participations take a place: accepted, ongoing, done on a one-off mission (R34), and pending with a place that the
    waiting list gave (R60)."""
    return (
        Q(state__in=[str(state) for state in TAKING])
        | Q(state=ParticipationState.DONE, mission__format=Format.ONE_OFF)
        | Q(state=ParticipationState.PENDING, reserved=True)
    )


def expected_on(mission: Mission) -> QuerySet[Participation]:
    """Those who hold a place on a mission that is not over for them, with person and account."""
    held = Participation.objects.filter(mission=mission, state__in=[str(state) for state in TAKING])
    return held.select_related("person__account").order_by("id")


def contacts_for(actor: Actor, pk: int) -> list[Contact]:
    """Whom the actor calls about one of the actor's own participations, once accepted (R11); nobody otherwise. One query."""
    own = Participation.objects.filter(pk=pk, person_id=actor.person_id or 0, state__in=[str(state) for state in TAKING])
    return list(Contact.objects.filter(mission__in=own.values("mission")).select_related("mission"))


def pending_count(organisation_id: int) -> int:
    """How many applications wait for the organisation's answer. One query."""
    return Participation.objects.filter(organisation_id=organisation_id, state=ParticipationState.PENDING).count()


def waiting_count(actor: Actor) -> int:
    """How many applications wait for an answer that this actor, in the role in force, may give. One query."""
    return participations_visible(actor).filter(state=ParticipationState.PENDING).count()


def pending_on(mission: Mission) -> int:
    """How many applications to one mission wait for an answer; whoever may run it may count them. One query."""
    return Participation.objects.filter(mission=mission, state=ParticipationState.PENDING).count()
