"""One mission of an organisation (R16, R17, R20)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from renfort.audit.selectors import Line
from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.http import Request, enter_one_of
from renfort.kernel.views import act
from renfort.missions.checks import Finding, findings_of
from renfort.missions.components import dressed, mission_badge, timeline_of
from renfort.missions.components.slots import host_slot_lines
from renfort.missions.enums import MissionState
from renfort.missions.forms.queue import CaseMessageForm
from renfort.missions.models import Mission
from renfort.missions.rules import runs
from renfort.missions.selectors.changes import LABELS
from renfort.missions.selectors.hours import waiting_for_host
from renfort.missions.selectors.mission import missions_visible, with_places
from renfort.missions.selectors.participation import pending_on
from renfort.missions.selectors.policy import with_policy
from renfort.missions.selectors.slots import history_with_slots
from renfort.missions.selectors.transfers import open_transfer
from renfort.missions.selectors.waiting import line_of
from renfort.missions.services.mission import CLOSED
from renfort.missions.services.queue import write_on_mission
from renfort.missions.workflow import MISSION
from renfort.organisations.components import turns_of
from renfort.organisations.enums import TEAM, Programme, ScopeKind
from renfort.organisations.rules import manages
from renfort.organisations.selectors import ever_members_of, members_of
from renfort.organisations.selectors.decisions import exchange_of, names_of
from renfort.people.models import Person

UNPROCESSABLE = 422


def enter_host(request: Request, organisation: int) -> Actor:
    """Open a page as « responsable » of the organisation of the path, else as « tuteur » in it; 404 when one is neither (R40)."""
    return enter_one_of(request, Programme.RESERVE, TEAM, ScopeKind.ORGANISATION, organisation)


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
    return _detail(request, actor, mission_or_404(actor, organisation, pk), CaseMessageForm())


def _detail(request: Request, actor: Actor, mission: Mission, form: CaseMessageForm, status: int = 200) -> HttpResponse:
    organisation, lines = mission.organisation_id, history_with_slots(mission)
    names = team_names(organisation) | helpers_in(lines)
    reads_only = not runs(actor, mission)
    context = {
        "organisation": organisation,
        "mission": dressed(mission),
        "state_badge": mission_badge(mission),
        "actions": actions_of(
            MISSION, mission, actor, lambda path: reverse("missions:host-mission-act", args=[organisation, mission.pk, path])
        ),
        "timeline": timeline_of(lines, MISSION, names),
        "turns": turns_of(exchange_of(lines), names, LABELS),
        "message_form": form,
        "can_edit": mission.state not in CLOSED and not reads_only,
        "reads_only": reads_only,
        "to_close": mission.state == MissionState.PUBLISHED and mission.is_over,
        "form_token": uuid4(),  # of « Dupliquer »
        "transfer": open_transfer(mission) if manages(actor, organisation) else None,
        "is_public": mission.state in (MissionState.PUBLISHED, MissionState.ENDED),
        "contacts": list(mission.contacts.all()),
        "publics": list(mission.publics.all()),
        "line": line_of(mission),
        "advice": advice_of(actor, mission),
        "pending": 0 if reads_only else pending_on(mission),
        "hours_waiting": waiting_for_host(mission) if mission.has_begun and not reads_only else 0,
        "slots": host_slot_lines(mission),
    }
    return render(request, "missions/host/mission_detail.html", context, status=status)


@login_required
@require_POST
def mission_message(request: Request, organisation: int, pk: int) -> HttpResponse:
    """A few words to who reads the mission (R52)."""
    actor = enter_host(request, organisation)
    mission = mission_or_404(actor, organisation, pk)
    form = CaseMessageForm(request.POST)
    if not form.is_valid():
        return _detail(request, actor, mission, form, UNPROCESSABLE)
    write_on_mission(actor=actor, mission=mission, words=form.words())
    messages.success(request, _("Votre message est envoyé."))
    return redirect("missions:host-mission", organisation, pk)


@login_required
def mission_act(request: Request, organisation: int, pk: int, path: str) -> HttpResponse:
    """Any transition of a mission that the organisation may do."""
    actor = enter_host(request, organisation)
    mission = mission_or_404(actor, organisation, pk)
    back = reverse("missions:host-mission", args=[organisation, pk])
    return act(request, MISSION, mission, path, actor=actor, title=mission.title, back=back)


def advice_of(actor: Actor, mission: Mission) -> list[Finding]:
    """What its team can mend itself, kindly said (R53); nothing for who only reads it, or once it is closed. One query."""
    if mission.state in CLOSED or not runs(actor, mission):
        return []
    return [each for each in findings_of(mission) if each.advice and not each.is_false]


def team_of(actor: Actor, organisation: int) -> list[Person]:
    """Whom the actor may put in charge of a mission: anybody of the team; a « tuteur », only oneself (R40)."""
    team = [grant.person for grant in members_of(organisation)]
    return team if manages(actor, organisation) else [person for person in team if person.pk == actor.person_id]


def helpers_in(lines: Iterable[Line]) -> dict[int, str]:
    """The referents who changed the mission with its organisation (R55): it knows them by name. One query, if there are any."""
    return names_of(
        line.entry.actor_id for line in lines if line.entry.verb == "missions.mission.edit" and ":referent:" in line.entry.role
    )


def team_names(organisation: int) -> dict[int, str]:
    """The colleagues whom the history names, former ones too; an officer or a volunteer appears by role alone. One query."""
    return {grant.person_id: grant.person.full_name for grant in ever_members_of(organisation)}
