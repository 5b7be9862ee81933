"""Give each request its actor: loaded when first asked for, once."""

from __future__ import annotations

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
from renfort.organisations.selectors import actor_of
from renfort.organisations.selectors.impersonation import IMPERSONATION, impersonation_in_force

# what nobody does in somebody else's name
CLOSED = (
    "people:account",
    "people:address-*",
    "people:password-*",
    "people:device*",
    "people:picture-edit",
    "people:demo-sign-in",
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


def refused(request: HttpRequest) -> HttpResponse:
    """403, in a sentence, with the way back."""
    return render(request, "organisations/operator/impersonation_closed.html", status=403)
