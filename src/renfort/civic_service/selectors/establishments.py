"""Establishments for those who may know, and what is missing of one (S2)."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from renfort.civic_service.models import Establishment
from renfort.civic_service.selectors.roles import (
    establishments_led,
    establishments_tutored,
    federations_managed,
    is_everything,
    routed_to,
)
from renfort.kernel.actors import Actor


def establishments_visible(actor: Actor) -> QuerySet[Establishment]:
    """Those where the actor works; for case managers those of their territory, all of them for the national ones."""
    found = Establishment.objects.select_related("organisation__department")
    if is_everything(actor):
        return found
    wanted = Q(pk__in=[*establishments_led(actor), *establishments_tutored(actor)])
    if federations := federations_managed(actor):
        wanted |= routed_to(federations, department="organisation__department")
    return found.filter(wanted)
