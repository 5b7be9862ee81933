"""Internal notes on organisations, for those who look after them (R55)."""

from __future__ import annotations

from renfort.kernel.actors import Actor
from renfort.organisations.models import Organisation, OrganisationNote
from renfort.organisations.selectors.perimeter import overseen
from renfort.organisations.selectors.roles import is_member

MOST = 50


def organisation_notes(actor: Actor, organisation: Organisation) -> list[OrganisationNote] | None:
    """The last notes on an organisation with their authors, newest first; None for who may not read them. Three queries.

    ``rules.reads_notes`` asks the same before anything is written.
    """
    if not Organisation.objects.filter(overseen(actor), pk=organisation.pk).exists():
        return None
    if actor.person_id is not None and is_member(actor.person_id, organisation.pk):
        return None
    return list(OrganisationNote.objects.filter(organisation=organisation).select_related("author").order_by("-id")[:MOST])
