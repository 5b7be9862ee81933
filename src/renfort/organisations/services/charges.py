"""What the people of a team are in charge of: each programme above says it here, and takes part when somebody goes (R9, R40).

Organisations stand below the programmes and know none of them; a programme registers what its people hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from renfort.kernel.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One thing that somebody is in charge of: a mission. ``number`` is the programme's own."""

    number: int
    label: str
    detail: str = ""


class HandOver(Protocol):
    """Give what a person is in charge of to others: ``chosen`` by number, all the rest to ``successor``. Returns how many."""

    def __call__(self, *, actor: Actor, organisation: int, person: int, successor: int, chosen: Mapping[int, int]) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges:
    """What one programme answers.

    Attributes:
        counts: of an organisation, how many things each person is in charge of, by person. One query.
        held: those of one person in an organisation which somebody may want to choose a successor for, one by one.
        hand_over: see ``HandOver``; called under the organisation's lock, in the transaction of the departure.
        farewell: what happens when the organisation leaves the platform, in sentences, before it does.
    """

    counts: Callable[[int], dict[int, int]]
    held: Callable[[int, int], list[Charge]]
    hand_over: HandOver
    farewell: Callable[[int], list[str]]


_registry: dict[str, Charges] = {}  # by programme


def register(programme: str, charges: Charges) -> None:
    """Say what the people of a programme are in charge of; called when the app is loaded."""
    _registry[programme] = charges


def charge_counts(organisation: int) -> dict[int, int]:
    """How many things each person of the team is in charge of, over all programmes."""
    total: dict[int, int] = {}
    for charges in _registry.values():
        for person, count in charges.counts(organisation).items():
            total[person] = total.get(person, 0) + count
    return total


def charges_held(organisation: int, person: int) -> list[Charge]:
    """What one person is in charge of, to choose successors one by one."""
    return [charge for charges in _registry.values() for charge in charges.held(organisation, person)]


def hand_all_over(*, actor: Actor, organisation: int, person: int, successor: int, chosen: Mapping[int, int]) -> int:
    """Let every programme give what the person is in charge of to the successors. Returns how many things."""
    return sum(
        charges.hand_over(actor=actor, organisation=organisation, person=person, successor=successor, chosen=chosen)
        for charges in _registry.values()
    )


def farewells(organisation: int) -> list[str]:
    """What will happen when the organisation leaves the platform."""
    return [sentence for charges in _registry.values() for sentence in charges.farewell(organisation)]
