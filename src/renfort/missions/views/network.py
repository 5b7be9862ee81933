"""The place of work of the head of a national network (R56)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renfort.kernel.http import Request
from renfort.missions.selectors.network import network_organisations
from renfort.organisations.views.network import enter_network


@login_required
@require_safe
def dashboard(request: Request, network: int) -> HttpResponse:
    """How many organisations the network has."""
    actor = enter_network(request, network)
    return render(request, "missions/network/dashboard.html", {"organisations": network_organisations(actor).count()})
