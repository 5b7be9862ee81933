"""What every page knows of the site and of its reader."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from renfort.kernel.http import Nav, Request, last_role, nav_in, role_choices
from renfort.notifications.selectors import unread_count
from renfort.organisations.enums import Programme
from renfort.parameters.selectors import is_open, page_text, site_colour, site_logo, site_name
from renfort.portal.views.help import help_url

THEMES = frozenset({"light", "dark"})
PATHS = {  # the pages of these programmes, of nobody's role too (participants, candidates)
    "/ateliers/": Programme.WORKSHOPS,
    "/service-civique/": Programme.CIVIC_SERVICE,
}
TITLES: dict[str, Any] = {Programme.WORKSHOPS: _("Coordination de sessions"), Programme.CIVIC_SERVICE: _("Service civique")}
ABOUT: dict[str, str] = {
    Programme.WORKSHOPS: "footer_workshops",
    Programme.CIVIC_SERVICE: "footer_civic_service",
}  # keys of texts of pages
SHARED = "/espace/"  # pages of the person rather than of a role: they open in the role used last


class Words:
    """The texts of pages by their key, in the reader's language (``site.words.home_lead``)."""

    def __getitem__(self, key: str) -> str:
        """The operator's words, else those it came with.

        Raises:
            KeyError: no such text is declared.
        """
        return page_text(key)


@dataclass(frozen=True, slots=True)
class Site:
    """The name and the dress of the site."""

    name: str
    demo: bool
    theme: str
    theme_css: str = ""
    logo: str = ""  # the address of the operator's, beside the name; "" for the mark it came with
    icon: str = ""  # the same, for the browser's tab
    acting: bool = False  # the operator acts as the reader (P10)
    programme: str = Programme.RESERVE  # whose page it is: head and foot speak of no other
    words: Words = field(default_factory=Words)

    @property
    def stands_apart(self) -> bool:
        """Whether the page is of a programme beside the réserve: without its ways in for volunteers and organisations."""
        return self.programme != Programme.RESERVE

    @property
    def programme_title(self) -> str:
        """How the foot of the page calls the programme."""
        return str(TITLES.get(self.programme, ""))

    @property
    def about(self) -> str:
        """The foot's sentence on what the site is, in the programme's words."""
        return self.words[ABOUT.get(self.programme, "footer_about")]


def context(request: HttpRequest) -> dict[str, Any]:
    """The one context processor of ours: the site, and for a signed-in reader the header (role, menu, other roles, bell)."""
    theme = request.COOKIES.get("theme", "")
    site = Site(
        name=site_name(),
        demo=settings.DEMO,
        theme=theme if theme in THEMES else "",
        theme_css=theme_url(),
        logo=picture_url(site_logo(), "logo"),
        icon=picture_url(site_logo(), "icone"),
        acting=getattr(request, "impersonation", None) is not None,
        programme=_programme(request),
    )
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"site": site, "nav": None, "help_url": help_url(request, None)}
    person_id = user.person_id
    nav = nav_of(cast(Request, request))
    held = nav.role_key.partition(":")[0]
    if held in PATHS.values():
        site = replace(site, programme=held)
    return {
        "site": site,
        "nav": nav,
        "help_url": help_url(request, nav),
        "notices": lambda: _unread(cast(Request, request), person_id),  # asked by the pages that show the bell
    }


def _programme(request: HttpRequest) -> str:
    """By the address: a page of a programme is one also for somebody without a role."""
    for path, programme in PATHS.items():
        if request.path.startswith(path) and is_open(programme):
            return programme
    return Programme.RESERVE


def theme_url() -> str:
    """Where the operator's colour is; "" while it is the one it came with. A new colour has a new address."""
    colour = site_colour()
    return f"{reverse('portal:theme')}?v={colour[1:]}" if colour else ""


def picture_url(name: str, part: str) -> str:
    """Where one file of the operator's logo is; "" while there is none. Another logo has another address."""
    return reverse("portal:brand-picture", args=[name, part]) if name else ""


def _unread(request: Request, person_id: int) -> int:
    counted: int | None = getattr(request, "counted", {}).get("unread")
    return unread_count(person_id) if counted is None else counted


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
