"""What the page of a mission's form asks while one types: to keep it, to forget it, who is in the team (R11, R12)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from renfort.jobs.services import was_received
from renfort.kernel.firing import NotAllowed, Refused
from renfort.kernel.http import Request
from renfort.kernel.views import seen_of
from renfort.missions.forms.desk import said_of
from renfort.missions.models import Mission
from renfort.missions.selectors.unfinished import unfinished_of_token
from renfort.missions.services.mission import CLOSED
from renfort.missions.services.unfinished import drop_typed, keep_typed
from renfort.missions.views.host import enter_host, mission_or_404, team_of

BAD, FORBIDDEN, CONFLICT, TOO_LONG = 400, 403, 409, 413


@login_required
@require_POST
def keep_new(request: Request, organisation: int) -> JsonResponse:
    """Keep a new mission's form as it stands. Answers ``{"kept": true}``, or a sentence."""
    return _keep(request, organisation, None)


@login_required
@require_POST
def keep_edit(request: Request, organisation: int, pk: int) -> JsonResponse:
    """The same for a mission that is being changed."""
    return _keep(request, organisation, pk)


def _keep(request: Request, organisation: int, pk: int | None) -> JsonResponse:
    actor = enter_host(request, organisation)
    mission: Mission | None = mission_or_404(actor, organisation, pk) if pk is not None else None
    try:
        token = UUID(request.POST.get("form_token", ""))
    except ValueError:
        return _no(_("Ce formulaire n'est pas reconnu. Rechargez la page."), BAD)
    if was_received(token, owner=str(request.user.pk)) or (mission is not None and mission.state in CLOSED):
        return _no(_("Ce formulaire est déjà enregistré."), CONFLICT)
    try:
        keep_typed(
            actor=actor,
            organisation=organisation,
            mission=mission,
            token=token,
            said=said_of(request.POST),
            seen=seen_of(request),
        )
    except NotAllowed as barred:
        return _no(str(barred), FORBIDDEN)
    except Refused as refused:
        return _no(str(refused), TOO_LONG)
    return JsonResponse({"kept": True})


def _no(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"kept": False, "error": sentence}, status=status)


@login_required
@require_POST
def drop(request: Request, organisation: int, token: UUID) -> HttpResponse:
    """« Repartir de zéro »: forget one form that was left half-way."""
    actor = enter_host(request, organisation)
    left = unfinished_of_token(actor, organisation, token)
    drop_typed(actor=actor, organisation=organisation, token=token)
    messages.success(request, _("Votre saisie est oubliée."))
    if left is not None and left.mission_id is not None:
        return redirect("missions:host-mission-edit", organisation, left.mission_id)
    return redirect("missions:mission-new", organisation)


@login_required
@require_safe
def team(request: Request, organisation: int) -> JsonResponse:
    """Who may be in charge of a mission, for a page that was open while a colleague joined."""
    actor = enter_host(request, organisation)
    return JsonResponse({"people": [{"id": str(each.pk), "name": each.full_name} for each in team_of(actor, organisation)]})
