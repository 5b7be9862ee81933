"""Forms that somebody left half-way: one's own, and nobody else's (R12)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from renfort.kernel.actors import Actor
from renfort.missions.models import Mission, Unfinished


def unfinished_of(actor: Actor, organisation: int, mission: Mission | None = None) -> QuerySet[Unfinished]:
    """What the actor was typing in this organisation: into this mission's form, or into new ones; the newest first."""
    own = Unfinished.objects.filter(person_id=actor.person_id or 0, organisation_id=organisation, mission=mission)
    return own.order_by("-saved_at")


def unfinished_of_token(actor: Actor, organisation: int, token: UUID) -> Unfinished | None:
    """One's own form of this token; None for anybody else's. One query."""
    found: Unfinished | None = Unfinished.objects.filter(
        pk=token, person_id=actor.person_id or 0, organisation_id=organisation
    ).first()
    return found
