"""An organisation's list of missions, with its side panel (R17, R18)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from renfort.audit.selectors import history_of
from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.http import Request
from renfort.kernel.pages import dressed_page
from renfort.missions.components import dressed, mission_badge, timeline_of
from renfort.missions.components.lists import MissionRows, facts_of_mission, heading, results_words
from renfort.missions.enums import ListKind, MissionState
from renfort.missions.forms.filters import MissionFilterForm
from renfort.missions.models import Mission
from renfort.missions.rules import runs
from renfort.missions.selectors.host_lists import FEW, FEW_MISSION_SORTS, LEFT, MISSION_SORTS, host_missions
from renfort.missions.selectors.policy import with_policy
from renfort.missions.selectors.room import count_places, rooms
from renfort.missions.services.mission import CLOSED
from renfort.missions.views.host import enter_host, helpers_in, mission_or_404, missions_of, team_names
from renfort.missions.views.listing import PANEL_ALONE, counted, listing, sorted_rows
from renfort.missions.workflow import MISSION

OF_PANEL = ("domain", "department", "rules", "responsible", "organisation")
UNSHOWN = (  # what no row shows
    "schedule", "description", "safety", "address", "postcode", "search_name", "latitude", "longitude", "published_at",
    "first_reminder_at", "second_reminder_at", "rules_at", "prerequisites", "begins_at", "cancellation_reason", "asked_at",
    "hours_to_tell_at", "hours_told_at",
)  # fmt: skip


@login_required
@require_safe
def mission_list(request: Request, organisation: int) -> HttpResponse:
    """« Missions »: search, filters, order and panel stay in the address."""
    actor = enter_host(request, organisation)
    path = reverse("missions:host-missions", args=[organisation])
    found = listing(
        request,
        actor=actor,
        organisation=organisation,
        kind=ListKind.MISSIONS,
        form=MissionFilterForm(request.GET),
        path=path,
    )
    if isinstance(found, HttpResponse):
        return found
    said, places, keys = found.form.said, None, None
    if said.get("places") == LEFT:  # how many places they have together is asked with which they are: looked for once
        asked = host_missions(actor, organisation, {**said, "places": ""})
        keys, places = rooms(organisation, asked, timezone.now(), asked=found.sort)
        count = len(keys)
    else:
        missions, count = counted(host_missions(actor, organisation, said), by_words=bool(said.get("q")))
    shown = {column.key for column in found.columns}
    page = dressed_page(
        request,
        sorted_rows(missions, found.sort, MISSION_SORTS, FEW_MISSION_SORTS, count) if keys is None else keys,
        _rows(missions_of(actor, organisation), shown, with_panel=found.opened is not None),
        count=count,
        also=found.opened,
    )
    opened = page.beside
    count_places([*page.object_list, *filter(None, [opened])])
    row = MissionRows(found.columns, found.place, actor, csrf=get_token(request))
    is_few = count <= FEW
    context = {
        **found.context(),
        "page": page,
        "rows": [row(mission) for mission in page.object_list],
        "heads": [heading(MISSION.title, "titre", request.GET)]
        + [
            heading(column.label, column.sort, request.GET, possible=column.sort in MISSION_SORTS or is_few)
            for column in found.columns
        ],
        "results": results_words(count, places),
        "panel": _panel(request, actor, opened, found.close_url, found.names) if opened is not None else None,
    }
    return render(request, "missions/host/mission_list.html", context)


def _rows(missions: QuerySet[Mission], shown: set[str], *, with_panel: bool) -> QuerySet[Mission]:
    """The missions with what their rows show; ``with_panel``, with all that the panel and the rules read too."""
    if with_panel:
        return with_policy(missions).select_related(*OF_PANEL)
    joined = ["domain", *(["responsible"] if "responsable" in shown else [])]
    return missions.select_related(*joined).defer(*UNSHOWN)


def _panel(request: Request, actor: Actor, mission: Mission, close_url: str, names: dict[int, str]) -> dict[str, Any]:
    organisation = mission.organisation_id
    page = reverse("missions:host-mission", args=[organisation, mission.pk])
    lines = history_of(mission, most=8)
    return {
        "organisation": organisation,
        "mission": dressed(mission),
        "title": mission.title,
        "close_url": close_url,
        "page_url": page,
        "state_badge": mission_badge(mission),
        "facts": facts_of_mission(mission),
        "actions": actions_of(MISSION, mission, actor, lambda path: f"{page}{path}/"),
        "timeline": timeline_of(lines, MISSION, {**names, **helpers_in(lines)}),
        "can_edit": mission.state not in CLOSED and runs(actor, mission),
        "is_public": mission.state in (MissionState.PUBLISHED, MissionState.ENDED),
    }


@login_required
@require_safe
def mission_panel(request: Request, organisation: int, pk: int) -> HttpResponse:
    """The panel alone, for the script; whoever opens its address gets the list with the panel beside it."""
    actor = enter_host(request, organisation)
    path = reverse("missions:host-missions", args=[organisation])
    mission = mission_or_404(actor, organisation, pk)
    if request.headers.get(PANEL_ALONE) is None:
        return redirect(f"{path}?volet={pk}")
    panel = _panel(request, actor, mission, path, team_names(organisation))
    return render(request, "missions/host/_mission_panel.html", {"panel": panel})
