"""Who acts: a person with the roles held now, the clock, or nobody in particular.

A role is always (programme, role, scope); no role of one programme gives a right in another (requirements, vocabulary).
The actor is loaded once per request by ``organisations.selectors.actor_of``; rules read it and never ask the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple


class Area(NamedTuple):
    """One department of a role over a territory; ``domains`` are the only domains it is about, none named for all (R65)."""

    department: str
    domains: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One role that a person holds now, as a grant gives it.

    ``scope`` is the key of what the role is about: an organisation's number, "" for the platform. A role over a territory is
    one role, whatever number of departments it is over (R50): its ``scope`` is "" and ``areas`` says which departments.
    ``label`` is what the screen says: « Responsable · Secours Bordeaux », « Référent · Gironde et Landes »; ``name``: « Secours
    Bordeaux ».
    """

    programme: str
    role: str
    scope_kind: str
    scope: str
    label: str = ""
    areas: tuple[Area, ...] = ()
    name: str = ""

    @property
    def key(self) -> str:
        """Stable text of the role, carried by forms and by the history: ``reserve:manager:organisation:12``."""
        return f"{self.programme}:{self.role}:{self.scope_kind}:{self.scope}"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts.

    ``acting`` is the role in force on this page or form (P13); when it is set, ``roles`` holds that role alone, so that
    a form sent as coordinator never borrows a right of the same person as operator.
    """

    kind: Literal["person", "anonymous", "clock", "service"]
    person_id: int | None = None
    roles: tuple[HeldRole, ...] = ()
    acting: HeldRole | None = None
    behind: int | None = None  # the operator's person when it is the operator who acts as this person (P10)

    def holds(self, programme: str, role: str, scope_kind: str = "platform", scope: object = "") -> bool:
        """Whether the actor holds exactly this role on this scope."""
        wanted = str(scope)
        return any(
            held.role == role and held.scope == wanted and held.programme == programme and held.scope_kind == scope_kind
            for held in self.roles
        )

    def scopes(self, programme: str, roles: Iterable[str], scope_kind: str) -> list[str]:
        """The scopes on which the actor holds one of these roles, for a selector's filter."""
        return [
            held.scope
            for held in self.roles
            if held.programme == programme and held.scope_kind == scope_kind and held.role in roles
        ]

    def areas(self, programme: str, role: str) -> tuple[Area, ...]:
        """The departments, some with domains, over which the actor holds this role."""
        return tuple(area for held in self.roles if held.programme == programme and held.role == role for area in held.areas)

    def in_role(self, key: str) -> Actor | None:
        """The same person acting in one held role alone; None when it is not held (a claim is checked, never believed)."""
        for held in self.roles:
            if held.key == key:
                return replace(self, roles=(held,), acting=held)
        return None

    @property
    def role_key(self) -> str:
        """What the history writes: the role in force, the only role held, or what kind of actor it is."""
        if self.acting is not None:
            return self.acting.key
        return self.roles[0].key if len(self.roles) == 1 else self.kind


CLOCK: Final = Actor(kind="clock")
SERVICE: Final = Actor(kind="service")  # a command of the operator at the machine: demo, imports
ANONYMOUS: Final = Actor(kind="anonymous")
