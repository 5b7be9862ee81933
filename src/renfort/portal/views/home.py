"""The front door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from renfort.portal import selectors


def home(request: HttpRequest) -> HttpResponse:
    """What the reserve is, where help is needed, two ways in (R1)."""
    return render(request, "portal/home.html", selectors.home())
