"""Whether a referent has said why they must reach a volunteer, not long ago (R37)."""

from __future__ import annotations

from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.missions.models import ContactAccess, Participation


def access_in_force(actor: Actor, participation: Participation) -> ContactAccess | None:
    """What the actor said about this participation within the last day, the newest; None: they see no contact data. One query."""
    if actor.person_id is None:
        return None
    said = ContactAccess.objects.filter(participation=participation, viewer_id=actor.person_id, until__gt=timezone.now())
    return said.order_by("-until").first()
