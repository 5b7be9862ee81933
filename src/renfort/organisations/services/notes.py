"""Write and erase internal notes (R55). The history keeps that there was one, by whom and when, never its words (P10)."""

from __future__ import annotations

from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused, lock_row
from renfort.organisations.models import Note, Organisation, OrganisationNote
from renfort.organisations.models.notes import LONGEST
from renfort.organisations.rules import reads_notes

N = TypeVar("N", bound=Note)


def write_note(*, actor: Actor, organisation: Organisation, text: str) -> OrganisationNote:
    """Write a note on an organisation.

    Raises:
        NotAllowed: the actor does not look after it, or is of its team.
        Refused: nothing was written, or too much.
    """
    if not reads_notes(actor, organisation.pk, organisation.department_id):
        raise NotAllowed(_("Ces notes sont à qui suit cette structure."))
    return keep_note(actor=actor, note=OrganisationNote(organisation=organisation, text=text))


def keep_note(*, actor: Actor, note: N) -> N:
    """Keep a note that its programme has judged: its author and its moment are the actor's and now.

    Raises:
        Refused: nothing was written, or too much.
    """
    note.text = note.text.strip()
    if not note.text or len(note.text) > LONGEST:
        raise Refused(_("Écrivez votre note, en 2 000 caractères au plus."))
    note.author_id, note.created_at = actor.person_id or 0, timezone.now()
    with transaction.atomic():
        note.save()
        publish(f"{note._meta.label_lower}.write", note, actor=actor)
    return note


def erase_note(*, actor: Actor, note: Note) -> None:
    """Erase the words of one's own note, for good. Twice is once.

    Raises:
        NotAllowed: it is somebody else's.
    """
    with transaction.atomic():
        locked: Note = lock_row(note)
        if locked.author_id != actor.person_id:
            raise NotAllowed(_("Seule la personne qui a écrit cette note peut l'effacer."))
        if locked.erased_at is not None:
            return
        locked.text, locked.erased_at = "", timezone.now()
        locked.save(update_fields=["text", "erased_at"])
        publish(f"{locked._meta.label_lower}.erase", locked, actor=actor)
