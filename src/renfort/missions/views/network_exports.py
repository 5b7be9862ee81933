"""« Exporter »: the rows of a network's lists as a file (R56, P6)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse

from renfort.jobs.views import export_page
from renfort.kernel.http import Request
from renfort.organisations.views.network import enter_network


def _export(request: Request, network: int, kind: str) -> HttpResponse:
    actor = enter_network(request, network)
    back = reverse(f"missions:network-{kind}", args=[network])
    return export_page(request, kind=f"missions.network_{kind}", actor=actor, organisation=None, back=back)


@login_required
def export_organisations(request: Request, network: int) -> HttpResponse:
    """The organisations of the list, under its filters."""
    return _export(request, network, "organisations")


@login_required
def export_missions(request: Request, network: int) -> HttpResponse:
    """The missions of the list, under its filters, with all their fields."""
    return _export(request, network, "missions")


@login_required
def export_participations(request: Request, network: int) -> HttpResponse:
    """The participations of the list, under its filters."""
    return _export(request, network, "participations")
