"""The referent's place of work (R51)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renfort.kernel.http import Request
from renfort.organisations.views.territory import enter_referent


@login_required
@require_safe
def dashboard(request: Request) -> HttpResponse:
    """« Tableau de bord » of the departments that the referent looks after."""
    enter_referent(request)
    return render(request, "missions/referent/dashboard.html")
