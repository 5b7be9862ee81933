"""« Exporter »: the rows of an organisation's lists as a file (R19, R32)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse

from renfort.jobs.views import export_page
from renfort.kernel.http import Request
from renfort.missions.views.host import enter_host


@login_required
def export_missions(request: Request, organisation: int) -> HttpResponse:
    """The missions of the list, under its filters, with all their fields."""
    actor = enter_host(request, organisation)
    back = reverse("missions:host-missions", args=[organisation])
    return export_page(request, kind="missions.missions", actor=actor, organisation=organisation, back=back)


@login_required
def export_participations(request: Request, organisation: int) -> HttpResponse:
    """The participations of the list, under its filters."""
    actor = enter_host(request, organisation)
    back = reverse("missions:host-participations", args=[organisation])
    return export_page(request, kind="missions.participations", actor=actor, organisation=organisation, back=back)
