"""Limits at the door: count before a view answers, refuse with the sentence that says when to try again (P11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from renfort.jobs.catalogue import LIMITS, Limit, Per
from renfort.jobs.services import Refusal, give_back, spend
from renfort.kernel.http import client_network

R = TypeVar("R", bound=HttpResponse)
TOO_MANY = 429

BY_VIEW: dict[str, list[Limit]] = defaultdict(list)
for _limit in LIMITS:
    for _view in _limit.views:
        BY_VIEW[_view].append(_limit)


class LimitsMiddleware:
    """Counts what is sent to the views that a limit names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Answer 429 in the view's place, or nothing."""
        match = request.resolver_match
        for limit in BY_VIEW.get(match.view_name if match else "", ()):
            if request.method == "POST" or (limit.reads and request.method in ("GET", "HEAD")):
                refusal = refused(request, limit)
                if refusal is not None:
                    return too_many(request, refusal, as_json=limit.reads)
        return None


def subject_of(request: HttpRequest, limit: Limit, typed: str = "") -> str:
    """Whom a limit counts in this request. ``typed``: the e-mail address in the form, cleaned."""
    if limit.per == Per.TYPED:
        return typed
    if limit.per == Per.ACCOUNT and request.user.is_authenticated:
        return f"account {request.user.pk}"
    network = client_network(request)
    return f"{typed} {network}" if limit.per == Per.TYPED_HERE else network


def refused(request: HttpRequest, *limits: Limit, typed: str = "") -> Refusal | None:
    """Count this request against each limit, in this order, until one refuses; None when all let it through."""
    for limit in limits:
        refusal = spend(limit, subject_of(request, limit, typed))
        if refusal is not None:
            return refusal
    return None


def give_back_all(request: HttpRequest, *limits: Limit, typed: str = "") -> None:
    """Let this request count no more."""
    for limit in limits:
        give_back(limit, subject_of(request, limit, typed))


def told(form: forms.Form, refusal: Refusal) -> None:
    """Let a form come back as it was typed, with the refusal as its only error. It is not cleaned: that may cost a hash."""
    form.cleaned_data = {}
    form._errors = ErrorDict(renderer=form.renderer)  # type: ignore[attr-defined]  # Django's own place of them
    form.add_error(None, refusal.sentence)


def too_late(response: R, refusal: Refusal) -> R:
    """Make an answer of a page that refuses: the status, and when to try again."""
    response.status_code = TOO_MANY
    response.headers["Retry-After"] = str(refusal.seconds)
    response.headers["Cache-Control"] = "no-store"
    return response


def too_many(request: HttpRequest, refusal: Refusal, *, as_json: bool = False) -> HttpResponse:
    """The answer where there is no form to show again: a page, or JSON for a script."""
    if as_json:
        return too_late(JsonResponse({"error": refusal.sentence, "retry_after": refusal.seconds}), refusal)
    return too_late(render(request, "429.html", {"reason": refusal.sentence}), refusal)
