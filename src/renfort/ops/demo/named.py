"""The accounts that the documentation names, and what they run: written out in ``texts/named.toml``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from renfort.missions.enums import Format, MissionState, ParticipationState, Presence
from renfort.ops.demo.hosts import Host, facts_of
from renfort.ops.demo.pen import Page
from renfort.ops.demo.people import Registry
from renfort.ops.demo.places import Atlas
from renfort.ops.demo.plans import Moment, Plan
from renfort.ops.demo.words import texts
from renfort.organisations.enums import OrganisationState
from renfort.organisations.models import Organisation, Referent
from renfort.people.models import Person

BENEVOLE, OPERATOR, SUPERVISOR = "benevole", "operateur", "superviseur"
MOMENTS = {
    MissionState.DRAFT: Moment.DRAFT,
    MissionState.SUBMITTED: Moment.SUBMITTED,
    MissionState.TO_CORRECT: Moment.TO_CORRECT,
    MissionState.REFUSED: Moment.REFUSED,
    MissionState.CANCELLED: Moment.CANCELLED,
}
A_MONTH = 30


@dataclass(frozen=True, slots=True)
class Cast:
    """The named people, by key, and the organisations they run, by key."""

    people: dict[str, Person]
    roles: dict[str, list[str]]
    hosts: dict[str, Host]


def people(registry: Registry, atlas: Atlas) -> dict[str, Person]:
    """Register the named people: first of all, so that they come first in every list of accounts."""
    return {said["key"]: _person(registry, atlas, said) for said in texts("named")["person"] if not _is_officer(said)}


def officers(registry: Registry, atlas: Atlas) -> dict[str, Person]:
    """Register those who look after departments or a network: last, drawn apart: the rest is the same with and without them."""
    drawn, registry.rng = registry.rng, Random("officers")  # noqa: S311 -- a demonstration
    found = {said["key"]: _person(registry, atlas, said) for said in officer_texts()}
    registry.rng = drawn
    return found


def officer_texts() -> list[dict[str, Any]]:
    """What is written of those who look after departments or a national network."""
    return [said for said in texts("named")["person"] if _is_officer(said)]


def _is_officer(said: dict[str, Any]) -> bool:
    return "departments" in said or "network" in said


def _person(registry: Registry, atlas: Atlas, said: dict[str, Any]) -> Person:
    return registry.named(
        said["key"],
        first_name=said["first_name"],
        last_name=said["last_name"],
        born=said["born"],
        home=atlas.of_code(said["city"]),
    )


def cast(registry: Registry, atlas: Atlas, now: datetime, ids: list[int]) -> Cast:
    """The named people with their organisations, which take the first numbers of ``ids``."""
    known = people(registry, atlas)
    hosts = {}
    for ordinal, (said, pk) in enumerate(zip(texts("named")["organisation"], ids, strict=False)):
        place, manager = atlas.of_code(said["city"]), known[said["manager"]]
        organisation = Organisation(
            state=OrganisationState.VALIDATED,
            pk=pk, name=said["name"], legal_status_id=said["legal_status"], description=said["description"],
            address=said["address"], postcode=said["postcode"], city=place.city, commune_id=place.code,
            department_id=place.department,
            latitude=place.latitude, longitude=place.longitude, created_at=now - timedelta(days=390),
        )  # fmt: skip
        facts = facts_of(said["kind"], said["name"], ordinal)
        tutors = [known[key] for key in said.get("tutors", ())]
        hosts[said["key"]] = Host(organisation, place, manager, ["aide-alimentaire"], [manager], facts, tutors)
    return Cast(known, {said["key"]: said["roles"] for said in texts("named")["person"]}, hosts)


def plans(cast_: Cast, today: date) -> list[Plan]:
    """The missions written out for the named organisations, every state among them."""
    return [_plan(said, cast_, today) for said in texts("named")["mission"]]


def _plan(said: dict[str, Any], cast_: Cast, today: date) -> Plan:
    state, host = MissionState(said["state"]), cast_.hosts[said["host"]]
    moment = MOMENTS.get(state) or _online(state, said["starts"], said["ends"])
    known = [(cast_.people[BENEVOLE], ParticipationState(said[BENEVOLE]))] if BENEVOLE in said else []
    return Plan(
        host=host,
        domain=said["domain"],
        moment=moment,
        presence=Presence(said.get("presence", Presence.ON_SITE)),
        format=Format(said["format"]),
        places=said["places"],
        place=host.place,
        starts=today + timedelta(days=said["starts"]),
        ends=today + timedelta(days=said["ends"]),
        page=Page(said["title"], said["description"], said["schedule"], tuple(said["publics"])),
        to_review=said.get("to_review", False),
        asked_first=moment in (Moment.SUBMITTED, Moment.TO_CORRECT, Moment.REFUSED),
        people=Counter({ParticipationState(name): count for name, count in said.get("people", {}).items()}),
        known=known,
        responsible=cast_.people[said["responsible"]] if "responsible" in said else None,
        key=said.get("key", ""),
        prerequisites=said.get("prerequisites", []),
        deputies=[cast_.people[key] for key in said.get("deputies", ())],
        slots=said.get("slots", False),
    )


def _online(state: MissionState, starts: int, ends: int) -> Moment:
    """Where a mission stands that is, or was, online."""
    if state == MissionState.ENDED:
        return Moment.LONG_OVER if -ends > A_MONTH else Moment.CLOSED
    if ends < 0:
        return Moment.TO_CLOSE
    return Moment.UPCOMING if starts > 0 else Moment.RUNNING


def posts(people_: dict[str, Person]) -> list[tuple[Referent, list[str]]]:
    """What the officers are registered as, and over which departments (R50)."""
    return [
        (
            Referent(person=people_[said["key"]], function=said["function"], created_at=people_[said["key"]].created_at),
            list(said["departments"]),
        )
        for said in officer_texts()
        if "departments" in said
    ]
