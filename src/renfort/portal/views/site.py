"""What every page knows of the site and of its reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest

from renfort.kernel.http import Nav, Request, last_role, nav_in, role_choices
from renfort.notifications.selectors import unread_count
from renfort.portal.views.help import help_url

THEMES = frozenset({"light", "dark"})
SHARED = "/espace/"  # pages of the person rather than of a role: they open in the role used last


@dataclass(frozen=True, slots=True)
class Site:
    """The name and the dress of the site."""

    name: str
    demo: bool
    theme: str
    theme_css: str = ""


def context(request: HttpRequest) -> dict[str, Any]:
    """The one context processor of ours: the site, and for a signed-in reader the header (role, menu, other roles, bell)."""
    theme = request.COOKIES.get("theme", "")
    site = Site(
        name=settings.SITE_NAME,
        demo=settings.DEMO,
        theme=theme if theme in THEMES else "",
        theme_css=getattr(request, "theme_css", ""),
    )
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"site": site, "nav": None, "help_url": help_url(request, None)}
    person_id = user.person_id
    nav = nav_of(cast(Request, request))
    return {
        "site": site,
        "nav": nav,
        "help_url": help_url(request, nav),
        "notices": lambda: unread_count(person_id),  # asked by the pages that show the bell
    }


def nav_of(request: Request) -> Nav:
    """The header: as the page's role set it, or in the role used last on pages that belong to the person."""
    nav = request.nav
    if nav.role:
        return nav
    role = last_role(request)
    if role is None:
        return nav
    if not request.path.startswith(SHARED):
        return Nav(roles=role_choices(request.actor, role.key))
    return nav_in(request, role)
