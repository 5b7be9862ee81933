"""The language of each answer: the account's, or a cookie's, French otherwise (design decision 20)."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from renfort.people.models import Account

KNOWN = dict(settings.LANGUAGES)


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
