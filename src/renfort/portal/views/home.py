"""The front door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from renfort.missions.components import mission_card
from renfort.parameters.catalogue import PROGRAMMES
from renfort.parameters.selectors import has_doors, is_open
from renfort.portal import selectors
from renfort.portal.components import needs_map


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The réserve's home; or one door per programme, when several are open and the operator wants it so (P13)."""
    if not has_doors():
        return _reserve(request)
    return render(request, "portal/doors.html", {"open": [key for key in PROGRAMMES if is_open(key)]})


@require_safe
def reserve_home(request: HttpRequest) -> HttpResponse:
    """The réserve's home behind its door; while it is the front page, it has that address alone."""
    return _reserve(request) if has_doors() else redirect("portal:home")


def _reserve(request: HttpRequest) -> HttpResponse:
    """What the réserve is, where help is needed, two ways in (R1)."""
    found = selectors.home()
    context = {
        "latest": [mission_card(mission) for mission in found.latest],
        "domains": found.domains,
        "figures": found.figures if found.figures.missions else None,
        "map": needs_map(found.needs),
    }
    return render(request, "portal/home.html", context)
