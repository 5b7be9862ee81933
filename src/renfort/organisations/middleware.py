"""Give each request its actor: loaded when first asked for, once."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from renfort.kernel.actors import Actor
from renfort.kernel.http import Nav, Request
from renfort.organisations.selectors import actor_of


class ActorMiddleware:
    """Sets ``request.actor``. Nothing about rights comes from the request itself (design decision 6)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = cast(Request, request)
        known.nav, known.counted = Nav(), {}
        known.actor = cast(Actor, SimpleLazyObject(lambda: actor_of(getattr(request.user, "person_id", None))))
        return self.get_response(request)
