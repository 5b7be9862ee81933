"""« Aide »: the guides, chapter by chapter, and whom to ask (P14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from renfort.kernel.guides import PROGRAMMES, Guide, guides, picture, search
from renfort.kernel.http import Nav, Request, last_role
from renfort.missions.selectors.participation import contacts_for
from renfort.organisations.enums import Role, ScopeKind
from renfort.organisations.selectors.referents import referents_to_ask
from renfort.parameters.catalogue import SUPPORT
from renfort.parameters.selectors import is_open, value_of
from renfort.portal.catalogue import ASSOCIATION, HEAD, HELPER, HOST, MANAGER, OFFICER, chapter_for

LONGEST = 100  # characters of a search
TEAM = frozenset({Role.MANAGER, Role.MISSION_TUTOR})


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody to ask: a mission's contact, or the operator's support."""

    name: str
    about: str
    phone: str = ""
    email: str = ""
    hours: str = ""


def guide_of(nav: Nav | None) -> str:
    """The guide of the role in force: an organisation's team, a referent, the head of a network, else volunteers."""
    parts = (nav.role_key if nav else "").split(":")
    if len(parts) > 1 and parts[1] == Role.REFERENT:
        return OFFICER
    if len(parts) > 1 and parts[1] == Role.SUPERVISOR:
        return HEAD
    if len(parts) > 1 and parts[1] == Role.ASSOCIATION_STAFF:
        return ASSOCIATION
    if len(parts) > 1 and parts[1] == Role.CASE_MANAGER:
        return MANAGER
    return HOST if len(parts) > 1 and parts[1] in TEAM else HELPER


def help_url(request: HttpRequest, nav: Nav | None) -> str:
    """Where « Aide » leads from this page: its chapter for the role in force; from a page that does not exist, all guides."""
    match = request.resolver_match
    if match is None:
        return reverse("portal:help")
    try:
        guide, chapter = chapter_for(match.view_name, guide=guide_of(nav))
    except LookupError:
        return reverse("portal:help")  # a missing line fails a test; the reader still finds the guides
    if not guide:
        return reverse("portal:help")
    address = reverse("portal:help-chapter", args=[guide, chapter])
    if match.view_name == "missions:volunteer-participation":
        address += f"?participation={match.kwargs['pk']}"
    return address


@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """Both guides with their chapters, and a search by words."""
    words = request.GET.get("q", "").replace("\x00", "")[:LONGEST].strip()
    shown = {slug: guide for slug, guide in guides().items() if is_shown(slug)}
    found = [each for each in search(words) if each.guide.slug in shown]
    context = {"guides": list(shown.values()), "words": words, "found": found, "asks": whom_to_ask(request)}
    return render(request, "portal/help/index.html", context)


@require_safe
def help_guide(request: HttpRequest, guide: str) -> HttpResponse:
    """One guide: its table of contents."""
    return render(request, "portal/help/guide.html", {"guide": _guide_or_404(guide), "asks": whom_to_ask(request)})


@require_safe
def help_chapter(request: HttpRequest, guide: str, chapter: str) -> HttpResponse:
    """One chapter, with the next one and whom to ask."""
    whole = _guide_or_404(guide)
    found = whole.chapter(chapter)
    if found is None:
        raise Http404
    place = whole.chapters.index(found)
    context = {
        "guide": whole,
        "chapter": found,
        "before": whole.chapters[place - 1] if place else None,
        "after": whole.chapters[place + 1] if place + 1 < len(whole.chapters) else None,
        "asks": whom_to_ask(request),
    }
    return render(request, "portal/help/chapter.html", context)


@require_safe
@cache_control(public=True, max_age=86400)
def help_picture(request: HttpRequest, name: str) -> HttpResponse:
    """A picture of the guides."""
    path = picture(name)
    if path is None:
        raise Http404
    return HttpResponse(path.read_bytes(), content_type="image/png")


def whom_to_ask(request: HttpRequest) -> list[Ask]:
    """The contacts of the mission on which the reader is expected, an organisation's referents, then whoever runs the site.

    The participation comes in the address; another's, or one that was not accepted, gives no contact (R11).
    """
    known, asks = cast(Request, request), []
    said = request.GET.get("participation", "")
    if known.user.is_authenticated and said.isascii() and said.isdigit() and len(said) < 19:  # noqa: PLR2004 -- fits a bigint
        for contact in contacts_for(known.actor, int(said)):
            about = _("Pour la mission « %(mission)s »") % {"mission": contact.mission.title}
            asks.append(Ask(contact.name, about, contact.phone, contact.email, contact.hours))
    if known.user.is_authenticated:
        asks += _referents(known)
    address = value_of(SUPPORT)
    if address:
        asks.append(Ask(_("L'équipe du site"), _("Pour le site lui-même : compte, pages, e-mails"), email=address))
    return asks


def _referents(request: Request) -> list[Ask]:
    """The referents of the organisation whose team the reader acts for, by name; who is away, until when, who answers (R65).

    Three queries; none for who works in no organisation.
    """
    held = last_role(request)
    if held is None or held.scope_kind != ScopeKind.ORGANISATION:
        return []
    today, asks = timezone.localdate(), []
    for each in referents_to_ask(int(held.scope)):
        about = [_("Votre référent : %(where)s") % {"where": each.where}]
        if each.until is not None and each.until >= today:
            about.append(_("absent·e jusqu'au %(day)s") % {"day": date_format(each.until)})
            if each.deputy:
                about.append(_("adressez-vous à %(deputy)s") % {"deputy": each.deputy})
        asks.append(Ask(each.name, " · ".join(about), email=each.email))
    return asks


def is_shown(slug: str) -> bool:
    """Whether a guide's programme is open; a guide of the platform itself always is."""
    return slug not in PROGRAMMES or is_open(PROGRAMMES[slug])


def _guide_or_404(slug: str) -> Guide:
    guide = guides().get(slug)
    if guide is None or not is_shown(slug):
        raise Http404
    return guide
