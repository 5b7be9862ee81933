"""« Visualiser »: the public page as volunteers will see it, before anybody else can (R16)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from renfort.kernel.actors import Actor
from renfort.kernel.http import Request
from renfort.missions.components import dressed
from renfort.missions.components.map import place_map
from renfort.missions.components.slots import slot_lines
from renfort.missions.enums import MissionState
from renfort.missions.forms.apply import ApplyForm
from renfort.missions.models import Mission
from renfort.missions.selectors.eligibility import eligibility
from renfort.missions.selectors.mission import rules_in_force
from renfort.missions.views.host import enter_host, mission_or_404
from renfort.missions.views.operator import enter_operator, operator_mission_or_404

PUBLIC = (MissionState.PUBLISHED, MissionState.ENDED)


@login_required
@require_safe
def host_preview(request: Request, organisation: int, pk: int) -> HttpResponse:
    """For the organisation's managers; a mission that is public leads to its page."""
    actor = enter_host(request, organisation)
    return _preview(
        request, mission_or_404(actor, organisation, pk), actor, reverse("missions:host-mission", args=[organisation, pk])
    )


@login_required
@require_safe
def operator_preview(request: Request, pk: int) -> HttpResponse:
    """For the operator, who decides on what will be read."""
    actor = enter_operator(request)
    return _preview(request, operator_mission_or_404(actor, pk), actor, reverse("missions:operator-mission", args=[pk]))


def _preview(request: Request, mission: Mission, actor: Actor, back: str) -> HttpResponse:
    if mission.state in PUBLIC:
        return redirect(mission)
    wording = rules_in_force(mission.domain_id)
    found = eligibility(mission, None)
    context = {
        "mission": dressed(mission),
        "wording": wording,
        "state": "preview",
        "apply_form": ApplyForm(mission=mission, wording=wording, found=found),
        "slots": slot_lines(mission, found.slots, found.refusals),
        "place_map": place_map(mission),
        "publics": [public.label for public in mission.publics.all()],
        "suggestions": [],
        "wait_form": None,
        "slot_turns": [],
        "host_url": back,
    }
    return render(request, "missions/public/mission_detail.html", context)
