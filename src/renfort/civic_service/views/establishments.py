"""The case managers' first page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renfort.civic_service.selectors.establishments import establishments_visible
from renfort.civic_service.views.menus import enter_manager
from renfort.kernel.http import Request


@login_required
@require_safe
def manager_home(request: Request, federation: int) -> HttpResponse:
    """What waits for the case managers of a federation."""
    actor = enter_manager(request, federation)
    return render(request, "civic_service/manager/home.html", {"establishments": establishments_visible(actor).count()})


@login_required
@require_safe
def national_home(request: Request) -> HttpResponse:
    """What waits for the national case managers."""
    actor = enter_manager(request)
    return render(request, "civic_service/manager/home.html", {"establishments": establishments_visible(actor).count()})
