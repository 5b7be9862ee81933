"""Which amount holds on a day (facts A.3)."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from renfort.civic_service.models import LegalFigure
from renfort.civic_service.selectors.roles import is_case_manager, is_everything
from renfort.kernel.actors import Actor


def figure_on(kind: str, day: date) -> LegalFigure | None:
    """The amount of a kind that holds on a day; None when nobody has noted one. One query."""
    holds = Q(last_on=None) | Q(last_on__gte=day)
    return LegalFigure.objects.filter(holds, kind=kind, first_on__lte=day).first()


def figures_visible(actor: Actor) -> QuerySet[LegalFigure]:
    """The whole table for the case managers, each kind's newest first."""
    found = LegalFigure.objects.order_by("kind", "-first_on")
    return found if is_everything(actor) or is_case_manager(actor) else found.none()
