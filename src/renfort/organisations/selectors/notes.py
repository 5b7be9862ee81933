"""Internal notes on organisations, for those who look after them (R55)."""

from __future__ import annotations

from renfort.kernel.actors import Actor
from renfort.organisations.models import Organisation, OrganisationNote
from renfort.organisations.rules import reads_notes

MOST = 50


def organisation_notes(actor: Actor, organisation: Organisation) -> list[OrganisationNote] | None:
    """The last notes on an organisation with their authors, newest first; None for who may not read them. Two queries."""
    if not reads_notes(actor, organisation.pk, organisation.department_id):
        return None
    return list(OrganisationNote.objects.filter(organisation=organisation).select_related("author").order_by("-id")[:MOST])
