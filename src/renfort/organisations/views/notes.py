"""Internal notes on organisations: written and erased by those who look after them (R55)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from renfort.kernel.actors import Actor
from renfort.kernel.http import Request
from renfort.organisations.forms.notes import NoteForm
from renfort.organisations.models import Note, Organisation, OrganisationNote
from renfort.organisations.selectors.notes import organisation_notes
from renfort.organisations.selectors.queue import organisations_visible
from renfort.organisations.services.notes import erase_note, write_note
from renfort.organisations.views.territory import enter_overseer

REFERENT = "/referent/"
UNPROCESSABLE = 422
LONGEST_WAY = 1000  # characters: longer than any address of ours


def way_back(request: Request, fallback: str) -> str:
    """The referent's page from which a form was sent, else ``fallback``."""
    said = request.POST.get("retour", "")
    is_ours = said.startswith(REFERENT) and url_has_allowed_host_and_scheme(said, allowed_hosts=None)
    return said if is_ours and len(said) < LONGEST_WAY else fallback


def notes_block(actor: Actor, url: str, notes: Any) -> dict[str, Any]:
    """What ``organisations/_notes.html`` reads. ``url``: where a note is written; ``notes`` None: not for this reader."""
    return {"notes": notes, "note_form": NoteForm(), "note_url": url, "me": actor.person_id}


def kept(request: Request, back: str) -> HttpResponse:
    """After writing one."""
    messages.success(request, _("Note ajoutée. Ni la structure ni les bénévoles ne la voient."))
    return redirect(f"{back}#notes")


def again(request: Request, form: NoteForm, title: str, back: str) -> HttpResponse:
    """What was typed, on a page of its own, with what is wrong."""
    context = {"form": form, "object_title": title, "back": back}
    return render(request, "organisations/referent/note.html", context, status=UNPROCESSABLE)


def erased(request: Request, actor: Actor, note: Note, fallback: str) -> HttpResponse:
    """Erase one's own note, and go back."""
    erase_note(actor=actor, note=note)
    messages.success(request, _("Le texte de la note est effacé. L'historique garde qu'il y a eu une note."))
    return redirect(f"{way_back(request, fallback)}#notes")


def _organisation(actor: Actor, pk: int) -> Organisation:
    found = organisations_visible(actor).filter(pk=pk).first()
    if found is None or organisation_notes(actor, found) is None:
        raise Http404
    return found


@login_required
@require_POST
def organisation_note(request: Request, pk: int) -> HttpResponse:
    """« Ajouter la note »."""
    actor = enter_overseer(request)
    organisation = _organisation(actor, pk)
    back = way_back(request, reverse("organisations:case", args=[pk]))
    form = NoteForm(request.POST)
    if not form.is_valid():
        return again(request, form, organisation.name, back)
    write_note(actor=actor, organisation=organisation, text=form.cleaned_data["text"])
    return kept(request, back)


@login_required
@require_POST
def organisation_note_erase(request: Request, pk: int) -> HttpResponse:
    """« Effacer » one's own."""
    actor = enter_overseer(request)
    note = OrganisationNote.objects.filter(pk=pk).first()
    if note is None:
        raise Http404
    _organisation(actor, note.organisation_id)
    return erased(request, actor, note, reverse("organisations:case", args=[note.organisation_id]))
