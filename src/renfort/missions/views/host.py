"""One mission of an organisation (R16, R17, R20)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.http import Request, enter
from renfort.kernel.views import act
from renfort.missions.components import dressed, mission_badge, timeline_of
from renfort.missions.components.slots import host_slot_lines
from renfort.missions.enums import MissionState
from renfort.missions.models import Mission
from renfort.missions.selectors.mission import missions_visible, with_places, with_policy
from renfort.missions.selectors.slots import history_with_slots
from renfort.missions.selectors.waiting import line_of
from renfort.missions.services.mission import CLOSED
from renfort.missions.workflow import MISSION
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.organisations.selectors import managers_of
from renfort.people.models import Person


def enter_host(request: Request, organisation: int) -> Actor:
    """Open a page as « responsable » of the organisation of the path; 404 when one is not."""
    return enter(request, Programme.RESERVE, Role.MANAGER, ScopeKind.ORGANISATION, organisation)


def missions_of(actor: Actor, organisation: int) -> Any:
    """The organisation's missions, as this actor may see them."""
    return missions_visible(actor).filter(organisation_id=organisation)


def mission_or_404(actor: Actor, organisation: int, pk: int) -> Mission:
    """One mission of the organisation, with all that its page and its rules read."""
    missions = with_policy(with_places(missions_of(actor, organisation)))
    mission: Mission | None = (
        missions.select_related("domain", "department", "rules", "responsible", "organisation").filter(pk=pk).first()
    )
    if mission is None:
        raise Http404
    return mission


@login_required
@require_safe
def mission_detail(request: Request, organisation: int, pk: int) -> HttpResponse:
    """One mission: state, actions with their reasons, places, history (« Visualiser » leads to the public page)."""
    actor = enter_host(request, organisation)
    mission = mission_or_404(actor, organisation, pk)
    context = {
        "organisation": organisation,
        "mission": dressed(mission),
        "state_badge": mission_badge(mission),
        "actions": actions_of(
            MISSION, mission, actor, lambda path: reverse("missions:host-mission-act", args=[organisation, pk, path])
        ),
        "timeline": timeline_of(history_with_slots(mission), MISSION, team_names(organisation)),
        "can_edit": mission.state not in CLOSED,
        "to_close": mission.state == MissionState.PUBLISHED and mission.is_over,
        "form_token": uuid4(),  # of « Dupliquer »
        "is_public": mission.state in (MissionState.PUBLISHED, MissionState.ENDED),
        "contacts": list(mission.contacts.all()),
        "publics": list(mission.publics.all()),
        "line": line_of(mission),
        "slots": host_slot_lines(mission),
    }
    return render(request, "missions/host/mission_detail.html", context)


@login_required
def mission_act(request: Request, organisation: int, pk: int, path: str) -> HttpResponse:
    """Any transition of a mission that the organisation may do."""
    actor = enter_host(request, organisation)
    mission = mission_or_404(actor, organisation, pk)
    back = reverse("missions:host-mission", args=[organisation, pk])
    return act(request, MISSION, mission, path, actor=actor, title=mission.title, back=back)


def team_of(organisation: int) -> list[Person]:
    """Who may be in charge of a mission."""
    return [grant.person for grant in managers_of(organisation)]


def team_names(organisation: int) -> dict[int, str]:
    """The colleagues whom the history names; an officer or a volunteer appears by role alone. One query."""
    return {grant.person_id: grant.person.full_name for grant in managers_of(organisation)}
