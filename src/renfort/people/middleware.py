"""The language of each answer: the account's, or a cookie's, French otherwise (design decision 20). Where somebody was seen."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from renfort.kernel.devices import device_of
from renfort.people.models import Account
from renfort.people.services import note_session

KNOWN = dict(settings.LANGUAGES)
SEEN = "seen"  # in the session: when it was last noted, and under which key
EVERY = 300  # seconds: « vu il y a cinq minutes » is as exact as anybody needs, and a page writes nothing


class LanguageMiddleware:
    """Activates the reader's language. The browser's own preference is not asked: French is what the site speaks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response


def language_of(request: HttpRequest) -> str:
    """The language in which this request is answered. No query without a session cookie; none more than sign-in needs."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        user = getattr(request, "user", None) or get_user(request)  # before or after Django's own middleware
        if isinstance(user, Account):
            chosen = user.language
    return chosen if chosen in KNOWN else settings.LANGUAGE_CODE


class SeenMiddleware:
    """Notes where people are signed in, at most every five minutes (R8, P11). No query on the way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, Account):
            moment, key = request.session.get(SEEN, (0, ""))
            if key != request.session.session_key or time.time() - moment > EVERY:
                note(request, request.user)
        return self.get_response(request)


def note(request: HttpRequest, account: Account) -> None:
    """Note that this account is signed in with this browser, now."""
    session = request.session
    if not session.session_key:
        session.save()
    note_session(account=account, session_key=session.session_key or "", device=device_of(request.headers.get("User-Agent", "")))
    session[SEEN] = (int(time.time()), session.session_key)


def signed_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Receiver of Django's signal: the list is right from the first page on."""
    if isinstance(user, Account):
        note(request, user)
