"""One's turn in the waiting list of a full mission (R60): place in it, the offer and its delay, leaving."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from renfort.audit.selectors import history_of
from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.http import Request
from renfort.kernel.views import act
from renfort.missions.components import dressed, mission_card, timeline_of, turn_badge
from renfort.missions.components.slots import slot_words
from renfort.missions.enums import WaitingState
from renfort.missions.models import Waiting
from renfort.missions.selectors.waiting import line_of, position_of, turns_visible
from renfort.missions.views.volunteer import enter_volunteer
from renfort.missions.workflow import WAITING


def _turn_or_404(actor: Actor, pk: int) -> Waiting:
    turn = turns_visible(actor).filter(pk=pk).select_related("mission__organisation", "mission__domain", "person", "slot").first()
    if turn is None:
        raise Http404
    if turn.slot is not None:
        turn.slot.mission = turn.mission  # its zone says which hours people read
    return turn


@login_required
@require_safe
def turn_detail(request: Request, pk: int) -> HttpResponse:
    """« Liste d'attente »: position, or the place that is kept and until when."""
    actor = enter_volunteer(request)
    turn = _turn_or_404(actor, pk)
    if turn.participation_id is not None:
        return redirect("missions:volunteer-participation", turn.participation_id)
    url = reverse("missions:turn", args=[pk])
    context = {
        "turn": turn,
        "mission": dressed(turn.mission),
        "card": mission_card(turn.mission),
        "state_badge": turn_badge(turn),
        "position": position_of(turn) if turn.state == WaitingState.WAITING else 0,
        "line": line_of(turn.mission, turn),
        "slot_words": slot_words(turn.slot) if turn.slot is not None else "",
        "actions": actions_of(WAITING, turn, actor, lambda path: f"{url}{path}/"),
        "timeline": timeline_of(history_of(turn), WAITING, {turn.person_id: turn.person.full_name}),
    }
    return render(request, "missions/volunteer/turn.html", context)


@login_required
def turn_act(request: Request, pk: int, path: str) -> HttpResponse:
    """Take the place that is offered, or leave the line."""
    actor = enter_volunteer(request)
    turn = _turn_or_404(actor, pk)
    return act(request, WAITING, turn, path, actor=actor, title=turn.mission.title, back=reverse("missions:turn", args=[pk]))
