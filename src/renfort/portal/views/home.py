"""The front door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renfort.missions.components import mission_card
from renfort.portal import selectors
from renfort.portal.components import needs_map


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the réserve is, where help is needed, two ways in (R1)."""
    found = selectors.home()
    context = {
        "latest": [mission_card(mission) for mission in found.latest],
        "domains": found.domains,
        "figures": found.figures if found.figures.missions else None,
        "map": needs_map(found.needs),
    }
    return render(request, "portal/home.html", context)
