"""Host projects for those who may know (S5)."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from renfort.civic_service.enums import ProjectState
from renfort.civic_service.models import HostProject
from renfort.civic_service.selectors.roles import (
    establishments_led,
    establishments_tutored,
    federations_managed,
    is_everything,
    routed_to,
)
from renfort.kernel.actors import Actor

WITH = ("campaign__approval", "establishment__organisation__department", "lead", "tutor", "co_tutor")


def projects_visible(actor: Actor) -> QuerySet[HostProject]:
    """An establishment's own for its leads and tutors; those of a territory that were filed for its case managers."""
    found = HostProject.objects.select_related(*WITH)
    if is_everything(actor):
        return found.exclude(state=ProjectState.DRAFT, filings=0) if actor.kind == "person" else found
    wanted = Q(establishment__in=[*establishments_led(actor), *establishments_tutored(actor)])
    if federations := federations_managed(actor):
        department = "establishment__organisation__department"
        wanted |= routed_to(federations, department=department) & ~Q(state=ProjectState.DRAFT, filings=0)
    return found.filter(wanted)
