"""An organisation's list of missions (R17)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renfort.kernel.http import Request
from renfort.kernel.pages import dressed_page
from renfort.missions.components import mission_row
from renfort.missions.forms.filters import MissionFilterForm
from renfort.missions.selectors.host_lists import host_missions
from renfort.missions.selectors.mission import with_places
from renfort.missions.views.host import enter_host


@login_required
@require_safe
def mission_list(request: Request, organisation: int) -> HttpResponse:
    """« Missions »: newest first, with places and status; search and filter stay in the address."""
    actor = enter_host(request, organisation)
    form = MissionFilterForm(request.GET)
    form.is_valid()
    page = dressed_page(
        request,
        host_missions(actor, organisation, form.cleaned_data).order_by("-id"),
        with_places(host_missions(actor, organisation, {})).select_related("domain"),
        by_words=bool(request.GET.get("q")),
    )
    context = {
        "organisation": organisation,
        "page": page,
        "rows": [mission_row(mission, f"{request.path}{mission.pk}/") for mission in page.object_list],
        "filters": form,
        "is_filtered": any(request.GET.get(name) for name in ("q", "statut")),
    }
    return render(request, "missions/host/mission_list.html", context)
