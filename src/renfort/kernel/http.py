"""What a view may count on: the actor, the role in force, the menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import Http404, HttpRequest
from django.utils.functional import Promise

from renfort.kernel.actors import Actor, HeldRole

LAST_ROLE = "role"  # the only thing about roles that a session keeps (design decision 6)


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


class Request(HttpRequest):
    """A request after the middleware: it knows its actor. For annotations only; Django makes plain requests."""

    actor: Actor
    nav: Nav


@dataclass(frozen=True, slots=True)
class RolePages:
    """Where a role starts, and its menu. ``menu`` may read counts; it is asked once per page of that role."""

    home: Callable[[HeldRole], str]
    menu: Callable[[Request, HeldRole], list[MenuItem]]


ROLE_PAGES: dict[tuple[str, str], RolePages] = {}  # (programme, role); each programme registers its own


def home_of(held: HeldRole) -> str:
    """The address where a role starts; the person's own space for a role without pages yet."""
    pages = ROLE_PAGES.get((held.programme, held.role))
    return pages.home(held) if pages else "/espace/profil/"


def role_choices(actor: Actor, active: str = "") -> list[RoleChoice]:
    """The held roles that have pages, for the switch of the header."""
    return [
        RoleChoice(label=held.label, url=home_of(held), active=held.key == active)
        for held in actor.roles
        if (held.programme, held.role) in ROLE_PAGES
    ]


def enter(request: Request, programme: str, role: str, scope_kind: str = "platform", scope: object = "") -> Actor:
    """Open a page in one role (P13): the scope of the path is a claim, looked up among the roles held.

    Sets the header's role and menu, and remembers the role as the last used. Returns the person acting in this role
    alone, so that this page and its forms borrow nothing from the person's other roles.

    Raises:
        Http404: the role is not held; the page does not tell whether the scope exists.
    """
    wanted = HeldRole(programme=programme, role=role, scope_kind=scope_kind, scope=str(scope)).key
    acting = request.actor.in_role(wanted)
    if acting is None or acting.acting is None:
        raise Http404
    held = acting.acting
    pages = ROLE_PAGES[programme, role]
    request.nav = Nav(
        role=held.label, role_key=held.key, items=pages.menu(request, held), roles=role_choices(request.actor, held.key)
    )
    if request.session.get(LAST_ROLE) != held.key:
        request.session[LAST_ROLE] = held.key
    return acting
