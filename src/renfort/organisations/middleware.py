"""Give each request its actor: loaded when first asked for, once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject

from renfort.kernel.actors import Actor
from renfort.kernel.http import LAST_ROLE, Nav, Request
from renfort.organisations.selectors import actor_of, is_member
from renfort.organisations.selectors.impersonation import IMPERSONATION, impersonation_in_force
from renfort.organisations.selectors.merges import stands_for

NOT_FOUND = 404
IN_SPACE = re.compile(r"^/espace/(?P<organisation>[0-9]{1,9})/(?P<rest>.*)$")

# what nobody does in somebody else's name
CLOSED = (
    "people:account",
    "people:address-*",
    "people:password-*",
    "people:device*",
    "people:picture-edit",
    "people:demo-sign-in",
    "people:identity-*",
    "people:sign-in",
    "jobs:*",
    "*-export",
    "*-import",
    "*-import-*",
    "documents:download",
    "notifications:mailbox",
    "missions:calendar-feed",
    "organisations:invitation-accept",
)


class ActorMiddleware:
    """Sets ``request.actor``. Nothing about rights comes from the request itself (design decision 6)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = cast(Request, request)
        known.nav, known.counted = Nav(), {}
        known.actor = cast(Actor, SimpleLazyObject(lambda: _actor(known)))
        return self.get_response(request)


def _actor(request: Request) -> Actor:
    actor = actor_of(getattr(request.user, "person_id", None))
    return actor if request.impersonation is None else replace(actor, behind=request.impersonation.operator_id)


class ImpersonationMiddleware:
    """Lets the operator act as somebody for a while (P10): ``request.user`` is this person's account.

    Asked of the database at each request of a session that says so: over after fifteen minutes, at once when the operator ends
    it or is no operator any more. What is nobody else's business is closed meanwhile: passwords, the address to sign in with,
    open sessions, pictures of the account, files to download.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = cast(Request, request)
        known.impersonation = None
        if settings.SESSION_COOKIE_NAME in request.COOKIES and (number := request.session.get(IMPERSONATION)) is not None:
            row = impersonation_in_force(number, operator_id=getattr(request.user, "person_id", None))
            if row is None:
                del request.session[IMPERSONATION]
                request.session.pop(LAST_ROLE, None)
                return redirect("organisations:impersonations")
            known.impersonation = row
            request.user = row.person.account
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Refuse what is not to be touched in somebody else's name."""
        if getattr(request, "impersonation", None) is None or request.resolver_match is None:
            return None
        name = request.resolver_match.view_name
        if any(fnmatchcase(name, pattern) for pattern in CLOSED):
            return refused(request)
        return None


class MergedMiddleware:
    """Old addresses of an organisation that was merged into another lead to the same page of the one that stays (R55).

    Only for its team, and only where nothing else answers: for all others the page is not found, as before. Sits inside the
    middleware that gives the actor.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != NOT_FOUND or request.method not in ("GET", "HEAD"):
            return response
        found = IN_SPACE.match(request.path)
        if found is None or not request.user.is_authenticated:
            return response
        kept = stands_for(int(found["organisation"]))
        if kept is None or not is_member(cast(Request, request).actor.person_id or 0, kept.pk):
            return response
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"/espace/{kept.pk}/{found['rest']}" + (f"?{query}" if query else ""))


def refused(request: HttpRequest) -> HttpResponse:
    """403, in a sentence, with the way back."""
    return render(request, "organisations/operator/impersonation_closed.html", status=403)
