"""What a view may count on: the actor, the role in force, the menu."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.functional import Promise

from renfort.kernel.actors import Actor, HeldRole

NOBODY_KNOWN = "unknown"  # a request through a Unix socket, or from a proxy that says nonsense
IN_ORGANISATION = re.compile(r"^/espace/\d+/(?P<section>[a-z-]+)/")
LAST_ROLE = "role"  # the only thing about roles that a session keeps (design decision 6)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One of the few places a role needs, with the count that matters."""

    label: str | Promise
    url: str
    count: int | None = None
    active: bool = False
    icon: str = ""


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
    user_items: list[MenuItem] = field(default_factory=list)  # of the role, in the menu of the person (R42)


class Request(HttpRequest):
    """A request after the middleware: it knows its actor. For annotations only; Django makes plain requests."""

    actor: Actor
    nav: Nav
    impersonation: Any  # the row of the operator who acts as this person (P10); None as a rule
    counted: dict[str, int]  # what the head of this page has counted already, all in one question


@dataclass(frozen=True, slots=True)
class RolePages:
    """Where a role starts, and its menu. ``menu`` may read counts; it is asked once per page of that role.

    ``user_menu`` is what the role adds to the menu of the person. ``sections`` are the first words of its addresses under
    ``/espace/<organisation>/``: where another organisation has the same page, the switch of the header leads there (R42).
    """

    home: Callable[[HeldRole], str]
    menu: Callable[[Request, HeldRole], list[MenuItem]]
    user_menu: Callable[[Request, HeldRole], list[MenuItem]] = lambda request, held: []
    sections: frozenset[str] = frozenset()


ROLE_PAGES: dict[tuple[str, str], RolePages] = {}  # (programme, role); each programme registers its own


def home_of(held: HeldRole) -> str:
    """The address where a role starts; the person's own space for a role without pages yet."""
    pages = ROLE_PAGES.get((held.programme, held.role))
    return pages.home(held) if pages else "/espace/profil/"


def same_page(held: HeldRole, path: str) -> str:
    """The page of ``path`` in another role: the same section of that role's organisation, or where that role starts."""
    found = IN_ORGANISATION.match(path)
    pages = ROLE_PAGES.get((held.programme, held.role))
    if found is None or pages is None or found["section"] not in pages.sections:
        return home_of(held)
    return f"/espace/{held.scope}/{found['section']}/"


def role_choices(actor: Actor, active: str = "", path: str = "") -> list[RoleChoice]:
    """The held roles that have pages, for the switch of the header; each leads to the same page as ``path`` where it can."""
    return [
        RoleChoice(label=held.label, url=same_page(held, path), active=held.key == active)
        for held in actor.roles
        if (held.programme, held.role) in ROLE_PAGES
    ]


def nav_in(request: Request, held: HeldRole) -> Nav:
    """The head of a page in one held role."""
    pages = ROLE_PAGES[held.programme, held.role]
    return Nav(
        role=held.label,
        role_key=held.key,
        items=pages.menu(request, held),
        roles=role_choices(request.actor, held.key, request.path),
        user_items=pages.user_menu(request, held),
    )


def last_role(request: Request) -> HeldRole | None:
    """The role used last when it is still held, else the first held one that has pages."""
    held = [role for role in request.actor.roles if (role.programme, role.role) in ROLE_PAGES]
    last = request.session.get(LAST_ROLE, "")
    return next((role for role in held if role.key == last), held[0] if held else None)


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
    request.nav = nav_in(request, held)
    if request.session.get(LAST_ROLE) != held.key:
        request.session[LAST_ROLE] = held.key
    return acting


def enter_one_of(request: Request, programme: str, roles: Iterable[str], scope_kind: str, scope: object) -> Actor:
    """Open a page in the first of these roles that the person holds on the scope (P13): the widest comes first.

    Raises:
        Http404: none is held.
    """
    for role in roles:
        if request.actor.holds(programme, role, scope_kind, scope):
            return enter(request, programme, role, scope_kind, scope)
    raise Http404


# ── where a request comes from (P11) ──────────────────────────────────────────────────────────────
def client_network(request: HttpRequest) -> str:
    """Whom a limit by address counts: the client's IPv4 address, or the /64 network of its IPv6 address.

    One subscriber has a whole /64 and may change address in it at each request. Behind trusted proxies (RENFORT_PROXIES = n)
    the n-th entry of X-Forwarded-For from the right was written by the outermost of them; what stands before it was typed by
    the client, and is never read. A proxy that says too little, or nonsense, is counted itself instead of failing.
    """
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    said = _address(hops[-proxies]) if 0 < proxies <= len(hops) else None
    found = said or _address(request.META.get("REMOTE_ADDR", ""))
    if found is None:
        return NOBODY_KNOWN
    return str(IPv6Network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """What a hop says (« 192.0.2.1 », « 192.0.2.1:4711 », « [2001:db8::1]:80 », « ::ffff:192.0.2.1 »), or None."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
