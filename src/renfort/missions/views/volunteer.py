"""A volunteer's own space (R35, first form): proposals, answers, withdrawal."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from renfort.audit.selectors import history_of
from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.http import Request, enter
from renfort.kernel.pages import page_of
from renfort.kernel.views import act
from renfort.missions.components import dressed, mission_card, participation_badge, timeline_of
from renfort.missions.enums import ACTIVE, ParticipationState
from renfort.missions.models import Participation
from renfort.missions.selectors.participation import participations_visible
from renfort.missions.views.given import own_block
from renfort.missions.workflow import PARTICIPATION
from renfort.organisations.enums import Programme, Role

S = ParticipationState
SHOWS_CONTACT = (S.ACCEPTED, S.ONGOING)


def enter_volunteer(request: Request) -> Actor:
    """Open a page as « bénévole »; 404 for somebody who has not joined the réserve."""
    return enter(request, Programme.RESERVE, Role.VOLUNTEER)


def own(actor: Actor) -> Any:
    """One's own participations: another role of the same person shows nothing more here."""
    return participations_visible(actor).filter(person_id=actor.person_id or 0)


def _own_or_404(actor: Actor, pk: int) -> Participation:
    found: Participation | None = (
        own(actor)
        .filter(pk=pk)
        .select_related("mission__organisation", "mission__domain", "mission__department", "person", "rules")
        .first()
    )
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def space(request: Request) -> HttpResponse:
    """« Mes participations »: what is under way first, then what is past."""
    actor = enter_volunteer(request)
    rows = own(actor).select_related("mission__organisation", "mission__domain", "mission__department")
    active = list(rows.filter(state__in=[str(s) for s in ACTIVE]).order_by("mission__begins_at", "id")[:100])
    page = page_of(request, rows.exclude(state__in=[str(s) for s in ACTIVE]).order_by("-id"))
    context = {
        "active": [(each, participation_badge(each)) for each in active],
        "page": page,
        "past": [(each, participation_badge(each)) for each in page.object_list],
    }
    return render(request, "missions/volunteer/space.html", context)


@login_required
@require_safe
def participation_detail(request: Request, pk: int) -> HttpResponse:
    """One's proposal: status, what happens next, contact once accepted, withdraw, history."""
    actor = enter_volunteer(request)
    participation = _own_or_404(actor, pk)
    url = reverse("missions:volunteer-participation", args=[pk])
    shows_contact = participation.state in SHOWS_CONTACT
    context = {
        "participation": participation,
        "mission": participation.mission,
        "state_badge": participation_badge(participation),
        **own_block(actor, participation),
        "contacts": list(participation.mission.contacts.all()) if shows_contact else [],
        "shows_contact": shows_contact,
        "actions": [  # to contest stands beside what is contested
            action
            for action in actions_of(PARTICIPATION, participation, actor, lambda path: f"{url}{path}/")
            if action.name != "contest"
        ],
        "timeline": timeline_of(
            history_of(participation), PARTICIPATION, {participation.person_id: participation.person.full_name}
        ),
    }
    return render(request, "missions/volunteer/participation_detail.html", context)


@login_required
@require_safe
def applied(request: Request, pk: int) -> HttpResponse:
    """« Merci, votre proposition est envoyée »: what happens now."""
    participation = _own_or_404(enter_volunteer(request), pk)
    return render(
        request,
        "missions/public/apply_done.html",
        {
            "participation": participation,
            "mission": dressed(participation.mission),
            "card": mission_card(participation.mission),
            "participation_url": reverse("missions:volunteer-participation", args=[pk]),
        },
    )


@login_required
def participation_act(request: Request, pk: int, path: str) -> HttpResponse:
    """Withdraw: any transition that the volunteer may do."""
    actor = enter_volunteer(request)
    participation = _own_or_404(actor, pk)
    back = reverse("missions:volunteer-participation", args=[pk])
    return act(request, PARTICIPATION, participation, path, actor=actor, title=participation.mission.title, back=back)
