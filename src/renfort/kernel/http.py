"""What a view may count on: the actor, the role in force, the menu, and pages of a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.functional import Promise

from renfort.kernel.actors import Actor, HeldRole


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One of the few places a role needs, with the count that matters."""

    label: str | Promise
    url: str
    count: int | None = None
    active: bool = False


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """One held role in the switch of the header."""

    label: str
    url: str
    active: bool


@dataclass(slots=True)
class Nav:
    """The head of a signed-in page: the role in force (« Responsable · Secours Bordeaux »), its menu, the other roles."""

    role: str = ""
    role_key: str = ""
    items: list[MenuItem] = field(default_factory=list)
    roles: list[RoleChoice] = field(default_factory=list)
    notices: int = 0


class Request(HttpRequest):
    """A request after the middleware: it knows its actor. For annotations only; Django makes plain requests."""

    actor: Actor
    nav: Nav


HomeOf = Callable[[HeldRole], str]
HOMES: dict[tuple[str, str], HomeOf] = {}  # (programme, role) → address of its home; each programme registers its roles


def home_of(held: HeldRole) -> str:
    """The address where a role starts."""
    maker = HOMES.get((held.programme, held.role))
    return maker(held) if maker else "/espace/"
