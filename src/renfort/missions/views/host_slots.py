"""An organisation's slots: what happens to one of them (R61)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse

from renfort.kernel.http import Request
from renfort.kernel.views import act
from renfort.missions.models import Slot
from renfort.missions.selectors.slots import slots_visible
from renfort.missions.views.host import enter_host
from renfort.missions.workflow import SLOT


@login_required
def slot_act(request: Request, organisation: int, pk: int, slot: int, path: str) -> HttpResponse:
    """« Annuler ce créneau »: with a reason; those on it are told, and nobody else."""
    actor = enter_host(request, organisation)
    mine = slots_visible(actor).filter(mission__organisation_id=organisation, mission_id=pk)
    found: Slot | None = mine.select_related("mission__organisation").filter(pk=slot).first()
    if found is None:
        raise Http404
    back = reverse("missions:host-mission", args=[organisation, pk])
    return act(request, SLOT, found, path, actor=actor, title=f"{found.mission.title} · {found.words}", back=back)
