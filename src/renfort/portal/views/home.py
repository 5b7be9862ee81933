"""The front door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from renfort.portal import selectors
from renfort.portal.components import needs_map


def home(request: HttpRequest) -> HttpResponse:
    """What the reserve is, where help is needed, two ways in (R1)."""
    found = selectors.home()
    return render(request, "portal/home.html", {**found, "map": needs_map(found["needs"])})
