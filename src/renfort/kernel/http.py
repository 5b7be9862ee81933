"""What a view may count on: the actor, the role in force, the menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.functional import Promise

from renfort.kernel.actors import Actor, HeldRole

NOBODY_KNOWN = "unknown"  # a request through a Unix socket, or from a proxy that says nonsense
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
