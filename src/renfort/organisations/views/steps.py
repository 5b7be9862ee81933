"""What the pages of the onboarding share: who is on which step, and what was typed when the sign-in had expired (R4)."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from renfort.kernel.http import Request
from renfort.organisations.models import Draft, Organisation
from renfort.organisations.selectors import STEPS, finished_draft, open_draft, step_of
from renfort.people.models import Person

TYPED = "organisations.typed"  # key of the session
TYPED_KEPT = 3600  # seconds
MOST_TYPED = 20_000  # characters

Page = Callable[[Request, Person, Draft | None], HttpResponse]


def first_mission(organisation: Organisation) -> str:
    """Missions stand above: their address is written, not asked."""
    return f"/espace/{organisation.pk}/missions/nouvelle/"


def number(text: str | None) -> int:
    """The number that a form carries; 0 when it says none, or nonsense."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0  # noqa: PLR2004 -- fits a bigint


def step(name: str) -> Callable[[Page], Callable[..., HttpResponse]]:
    """Make a view of one step.

    The page gets the person and the open draft. A form of a draft that has become an organisation meanwhile (another tab, the
    back button) leads to that organisation: nothing is made twice. Who jumps ahead is led to the step that comes next. When
    the sign-in has expired, what was typed waits in this browser's session until its author is back.
    """

    def decorate(page: Page) -> Callable[..., HttpResponse]:
        @never_cache
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(page)
        def view(request: Request) -> HttpResponse:
            if not request.user.is_authenticated:
                return _after_sign_in(request, name)
            person = request.user.person
            done = finished_draft(person.pk, number(request.POST.get("draft")))
            if done is not None and done.organisation is not None:
                return HttpResponseRedirect(first_mission(done.organisation))
            draft = open_draft(person.pk)
            names = list(STEPS)
            if names.index(name) > names.index(step_of(draft)):
                return redirect("organisations:open")
            return page(request, person, draft)

        return view

    return decorate


def _after_sign_in(request: Request, name: str) -> HttpResponse:
    if request.method == "POST":
        said = {field: request.POST.getlist(field) for field in request.POST if field != "csrfmiddlewaretoken"}
        if sum(len(value) for values in said.values() for value in values) <= MOST_TYPED:
            request.session[TYPED] = {"step": name, "said": said, "at": time.time()}
    return redirect_to_login(request.path, reverse("people:sign-in"))


def typed(request: Request, name: str, draft: Draft | None) -> QueryDict | None:
    """What was sent on this step: now, or just before signing in again. Another person's words are shown to nobody."""
    if request.method == "POST":
        return request.POST
    kept: dict[str, Any] | None = request.session.get(TYPED)
    if kept is None or kept["step"] != name:
        return None
    del request.session[TYPED]
    mine = number((kept["said"].get("draft") or [""])[0]) == (draft.pk if draft else 0)
    if not mine or time.time() - kept["at"] > TYPED_KEPT:
        return None
    said = QueryDict(mutable=True)
    for field, values in kept["said"].items():
        said.setlist(field, values)
    return said


def kept_words() -> str:
    """What the page says above what was typed before signing in again."""
    return _("Votre connexion avait expiré. Ce que vous aviez écrit est toujours là : relisez, puis continuez.")
