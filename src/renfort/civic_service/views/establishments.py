"""An establishment's first page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renfort.civic_service.views.menus import enter_establishment
from renfort.kernel.http import Request


@login_required
@require_safe
def home(request: Request, organisation: int) -> HttpResponse:
    """What an establishment has to do, by role."""
    _actor, establishment = enter_establishment(request, organisation)
    return render(request, "civic_service/establishment/home.html", {"establishment": establishment})
