"""Which participations exist for whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Exists,
    Func,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.kernel.words import among, has_word
from renfort.missions.enums import ACTIVE, TAKING, Format, ParticipationState, WaitingState, quoted
from renfort.missions.models import Contact, Mission, Participation
from renfort.missions.selectors.contacts import contact_open
from renfort.organisations.enums import TEAM, Programme, Role, ScopeKind
from renfort.people.models import Person

Row = TypeVar("Row", bound=Model)


def in_charge(actor: Actor) -> Q:
    """Which missions the actor is in charge of, alone or with others (R11, R40); ``rules.leads`` asks the same of one mission."""
    return led_by(actor.person_id)


def led_by(person_id: int | None) -> Q:
    """Which missions this person is in charge of, alone or with others (R11, R40)."""
    return Q(responsible_id=person_id) | Q(
        Exists(Mission.deputies.through.objects.filter(mission=OuterRef("pk"), person=person_id))
    )


def with_deputies(rows: QuerySet[Row], mission: str = "pk") -> QuerySet[Row]:
    """Annotate ``deputy_ids``: who is responsible beside « Responsable de la mission », for rows that name a ``mission``."""
    others = Mission.deputies.through.objects.filter(mission=OuterRef(mission)).order_by()
    annotated: QuerySet[Row] = rows.annotate(deputy_ids=ArraySubquery(others.values("person")))
    return annotated


def deputy_ids(row: Mission | Participation) -> list[int]:
    """Who is responsible for the mission beside its responsible person; as annotated, else one query."""
    annotated = getattr(row, "deputy_ids", None)
    if annotated is not None:
        return cast("list[int]", annotated)
    mission = row.pk if isinstance(row, Mission) else row.mission_id
    return list(Mission.deputies.through.objects.filter(mission=mission).values_list("person", flat=True))


def tutors_here(actor: Actor) -> bool:
    """Whether rules will ask about each row who is in charge: for a « tuteur » alone."""
    return any(held.role == Role.MISSION_TUTOR for held in actor.roles)


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
        if actor.acting.role == Role.MANAGER:
            return of_host
        return with_deputies(of_host.filter(mission__in=charges(actor, [scope])), "mission")
    hosts = [int(scope) for scope in actor.scopes(Programme.RESERVE, [Role.MANAGER], ScopeKind.ORGANISATION)]
    tutored = [int(scope) for scope in actor.scopes(Programme.RESERVE, [Role.MISSION_TUTOR], ScopeKind.ORGANISATION)]
    shown = Q(person_id=actor.person_id)
    if hosts:
        shown |= Q(organisation_id__in=hosts)
    if tutored:
        shown |= Q(mission__in=charges(actor, tutored))
    return with_deputies(participations.filter(shown), "mission") if tutored else participations.filter(shown)


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
UNSHOWN_BUT_AGE = [name for name in UNSHOWN if name != "person__birth_date"]

# Counted for each row of a list. Written out: to build and compile them anew for each page costs more than to answer them.
TAKEN = f"""(
    SELECT count(*) FROM missions_participation held
    WHERE held.mission_id = missions_participation.mission_id
      AND (held.state IN ({quoted(TAKING)}) OR (held.state = '{ParticipationState.PENDING}' AND held.reserved)
        OR (held.state = '{ParticipationState.DONE}' AND missions_mission.format = '{Format.ONE_OFF}'))
) + (
    SELECT count(*) FROM missions_waiting offer
    WHERE offer.mission_id = missions_participation.mission_id AND offer.state = '{WaitingState.OFFERED}'
)"""  # noqa: S608 -- our own words
TWIN = f"""EXISTS (
    SELECT 1 FROM missions_participation twin
    WHERE twin.mission_id = missions_participation.mission_id AND twin.person_id = missions_participation.person_id
      AND twin.id <> missions_participation.id AND twin.state IN ({quoted(ACTIVE)})
)"""  # noqa: S608 -- our own words


def with_rows(participations: QuerySet[Participation], *, with_age: bool = False) -> QuerySet[Participation]:
    """Newest first, with all that a row shows and its rules read: person, mission, places taken of the mission.

    What the rules read of slots comes with ``slots_of``, which a page of rows asks anyway. ``with_age``: the birth date too.
    Not for use inside another query: what is counted names the tables of this one.
    """
    return (
        participations.annotate(
            has_twin=RawSQL(TWIN, [], output_field=BooleanField()),  # noqa: S611 -- our own words
            taken_on_mission=RawSQL(TAKEN, [], output_field=IntegerField()),  # noqa: S611 -- idem
        )
        .select_related("mission", "person")
        .defer(*(UNSHOWN if not with_age else UNSHOWN_BUT_AGE))
        .order_by("-id")
    )


# what a list shows of somebody whatever became of the participation; « search_name » has the e-mail too
NAME = Func(
    Concat("first_name", Value(" "), "last_name", output_field=TextField()), function="public.sort_key", output_field=TextField()
)


def of_words(
    participations: QuerySet[Participation], words: Iterable[tuple[str, Q]], *, by_mail: bool = True
) -> QuerySet[Participation]:
    """Those whose person or mission has every word typed (R32). Beside each word, what makes it true of all of them.

    An e-mail is searched while the organisation may see it; afterwards a word that is in it alone finds nobody (R37).
    ``by_mail`` False: for who sees no contact data, it never does.
    """
    now = timezone.now()
    for word, everywhere in words:
        people = Person.objects.filter(has_word("search_name", word)).annotate(shown_name=NAME)
        named, mailed = people.filter(has_word("shown_name", word)), people.exclude(has_word("shown_name", word))
        missions = Mission.objects.filter(has_word("search_name", word))
        found = everywhere | among("person_id", named) | among("mission_id", missions)
        if by_mail:
            found |= among("person_id", mailed) & Q(contact_open(now))
        participations = participations.filter(found)
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


def pending_of(organisation_id: int) -> QuerySet[Participation]:
    """The applications that wait for the organisation's answer."""
    return Participation.objects.filter(organisation_id=organisation_id, state=ParticipationState.PENDING)


def waiting_for(actor: Actor) -> QuerySet[Participation]:
    """The applications that wait for an answer that this actor, in the role in force, may give."""
    return participations_visible(actor).filter(state=ParticipationState.PENDING)


def pending_on(mission: Mission) -> int:
    """How many applications to one mission wait for an answer; whoever may run it may count them. One query."""
    return Participation.objects.filter(mission=mission, state=ParticipationState.PENDING).count()
