"""An organisation's participations: the list, one person's page, the answers (R32, R33)."""

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
from renfort.kernel.http import Request
from renfort.kernel.pages import dressed_page
from renfort.kernel.views import act
from renfort.missions.components import dressed, participation_badge, participation_row, timeline_of
from renfort.missions.enums import ParticipationState
from renfort.missions.forms.filters import ParticipationFilterForm
from renfort.missions.models import Participation
from renfort.missions.selectors.host_lists import host_participations
from renfort.missions.selectors.participation import participations_visible, with_rows, with_twin
from renfort.missions.views.host import enter_host, team_names
from renfort.missions.workflow import PARTICIPATION

S = ParticipationState


def participations_of(actor: Actor, organisation: int) -> Any:
    """The organisation's participations, as this actor may see them."""
    return participations_visible(actor).filter(organisation_id=organisation)


@login_required
@require_safe
def participation_list(request: Request, organisation: int) -> HttpResponse:
    """« Participations »: newest first; search and filters stay in the address."""
    actor = enter_host(request, organisation)
    form = ParticipationFilterForm(request.GET)
    form.is_valid()
    page = dressed_page(
        request,
        host_participations(actor, organisation, form.cleaned_data).order_by("-id"),
        with_rows(participations_of(actor, organisation)),
        by_words=bool(request.GET.get("q")),
    )
    context = {
        "organisation": organisation,
        "page": page,
        "rows": [participation_row(each, actor, f"{request.path}{each.pk}/") for each in page.object_list],
        "filters": form,
        "is_filtered": any(request.GET.get(name) for name in ("q", "statut", "mission")),
        "waiting": next((item.count for item in request.nav.items if item.count), 0),
        "waiting_url": f"?statut={S.PENDING}",
    }
    return render(request, "missions/host/participation_list.html", context)


def _participation_or_404(actor: Actor, organisation: int, pk: int) -> Participation:
    rows = with_twin(participations_of(actor, organisation).filter(pk=pk))
    found: Participation | None = rows.select_related("person", "mission__organisation", "rules").first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def participation_detail(request: Request, organisation: int, pk: int) -> HttpResponse:
    """One person's proposal: who, for what, what was ticked, what can be answered and why not, history."""
    actor = enter_host(request, organisation)
    participation = _participation_or_404(actor, organisation, pk)
    url = reverse("missions:host-participation", args=[organisation, pk])
    context = {
        "organisation": organisation,
        "participation": participation,
        "mission": dressed(participation.mission),
        "state_badge": participation_badge(participation),
        "actions": actions_of(PARTICIPATION, participation, actor, lambda path: f"{url}{path}/"),
        "timeline": timeline_of(
            history_of(participation),
            PARTICIPATION,
            {**team_names(organisation), participation.person_id: participation.person.full_name},
        ),
    }
    return render(request, "missions/host/participation_detail.html", context)


@login_required
def participation_act(request: Request, organisation: int, pk: int, path: str) -> HttpResponse:
    """Accept, refuse, take back…: any transition that the organisation may do."""
    actor = enter_host(request, organisation)
    participation = _participation_or_404(actor, organisation, pk)
    title = f"{participation.person.full_name} · {participation.mission.title}"
    back = reverse("missions:host-participation", args=[organisation, pk])
    return act(request, PARTICIPATION, participation, path, actor=actor, title=title, back=back)
