"""Internal notes on missions: written and erased by those who look after them (R55)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from renfort.kernel.actors import Actor
from renfort.kernel.http import Request
from renfort.missions.models import Mission, MissionNote
from renfort.missions.selectors.mission import missions_visible
from renfort.missions.selectors.notes import mission_notes
from renfort.missions.services.notes import write_mission_note
from renfort.organisations.forms.notes import NoteForm
from renfort.organisations.views.notes import again, erased, kept, way_back
from renfort.organisations.views.territory import enter_overseer


def _mission(actor: Actor, pk: int) -> Mission:
    found = missions_visible(actor).filter(pk=pk).first()
    if found is None or mission_notes(actor, found) is None:
        raise Http404
    return found


@login_required
@require_POST
def mission_note(request: Request, pk: int) -> HttpResponse:
    """« Ajouter la note »."""
    actor = enter_overseer(request)
    mission = _mission(actor, pk)
    back = way_back(request, reverse("missions:case", args=[pk]))
    form = NoteForm(request.POST)
    if not form.is_valid():
        return again(request, form, mission.title, back)
    write_mission_note(actor=actor, mission=mission, text=form.cleaned_data["text"])
    return kept(request, back)


@login_required
@require_POST
def mission_note_erase(request: Request, pk: int) -> HttpResponse:
    """« Effacer » one's own."""
    actor = enter_overseer(request)
    note = MissionNote.objects.filter(pk=pk).first()
    if note is None:
        raise Http404
    _mission(actor, note.mission_id)
    return erased(request, actor, note, reverse("missions:case", args=[note.mission_id]))
