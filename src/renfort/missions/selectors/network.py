"""What the head of a national network reads: its organisations, their missions, their participations (R56)."""

from __future__ import annotations

from django.db.models import QuerySet

from renfort.kernel.actors import Actor
from renfort.organisations.models import Organisation
from renfort.organisations.selectors.supervision import supervised


def network_organisations(actor: Actor) -> QuerySet[Organisation]:
    """The organisations of the network that are on the platform: a claim that was not confirmed is not among them."""
    return Organisation.objects.filter(supervised(actor, organisation="pk"), left_at=None)
