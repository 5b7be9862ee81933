"""Every mission, for the operator: found, read, decided (R12, R52). What waits is in the queue, « À valider »."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from renfort.audit.selectors import history_of
from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.http import Request, enter
from renfort.kernel.pages import dressed_page
from renfort.kernel.views import act
from renfort.kernel.words import among, has_word, typed_words
from renfort.missions.checks import findings_of
from renfort.missions.components import dressed, mission_badge, mission_row, timeline_of
from renfort.missions.enums import MissionState
from renfort.missions.forms.filters import ReviewFilterForm
from renfort.missions.models import Mission
from renfort.missions.selectors.mission import missions_visible, with_places
from renfort.missions.selectors.policy import trust_of, with_policy
from renfort.missions.selectors.room import count_places
from renfort.missions.workflow import MISSION
from renfort.organisations.checks import findings_of as host_findings_of
from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Organisation


def enter_operator(request: Request) -> Actor:
    """Open a page as operator; 404 for anybody else."""
    return enter(request, Programme.PLATFORM, Role.OPERATOR)


@login_required
@require_safe
def mission_list(request: Request) -> HttpResponse:
    """Every mission, the newest first, by words and status. Without a question, as in former links: the queue."""
    actor = enter_operator(request)
    if not request.GET or (request.GET.get("statut") == MissionState.SUBMITTED and not request.GET.get("q")):
        return redirect("missions:queue")
    form = ReviewFilterForm(request.GET)
    missions: Any = missions_visible(actor).order_by("-id")
    if form.is_valid():
        if state := form.cleaned_data["statut"]:
            missions = missions.filter(state=state)
        for word in typed_words(form.cleaned_data["q"]):
            hosts = Organisation.objects.filter(name__icontains=word)
            missions = missions.filter(has_word("search_name", word) | among("organisation_id", hosts))
    page = dressed_page(
        request,
        missions,
        missions_visible(actor).select_related("domain", "organisation").defer("schedule", "description", "safety"),
        by_words=bool(request.GET.get("q")),
    )
    count_places(page.object_list)
    context = {
        "page": page,
        "rows": [mission_row(each, f"{request.path}{each.pk}/", reader=True) for each in page.object_list],
        "filters": form,
    }
    return render(request, "missions/operator/mission_list.html", context)


def operator_mission_or_404(actor: Actor, pk: int) -> Mission:
    missions = with_policy(with_places(missions_visible(actor).filter(pk=pk)))
    found = missions.select_related("domain", "department", "rules", "responsible", "organisation").first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def mission_detail(request: Request, pk: int) -> HttpResponse:
    """One mission as the operator reads it before saying yes, no, or what to correct."""
    actor = enter_operator(request)
    mission = operator_mission_or_404(actor, pk)
    url = reverse("missions:operator-mission", args=[pk])
    context = {
        "mission": dressed(mission),
        "state_badge": mission_badge(mission, reader=True),
        "actions": actions_of(MISSION, mission, actor, lambda path: f"{url}{path}/", in_person=True),
        "timeline": timeline_of(history_of(mission), MISSION, {}),
        "contacts": list(mission.contacts.all()),
        "publics": list(mission.publics.all()),
        "findings": findings_of(mission),
        "host_findings": host_findings_of(mission.organisation),
        "trust": trust_of(mission.organisation_id),
    }
    return render(request, "missions/operator/mission_detail.html", context)


@login_required
def mission_act(request: Request, pk: int, path: str) -> HttpResponse:
    """Validate, mark as read, ask for a correction, refuse."""
    actor = enter_operator(request)
    mission = operator_mission_or_404(actor, pk)
    back = reverse("missions:operator-mission", args=[pk])
    return act(request, MISSION, mission, path, actor=actor, title=f"{mission.title} · {mission.organisation.name}", back=back)
