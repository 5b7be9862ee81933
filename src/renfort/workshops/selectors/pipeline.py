"""Where the orders stand, stage by stage: the figures of the association's home, and exactly their rows (W11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from renfort.workshops.enums import AssignmentState, Audience, SessionState, Stage
from renfort.workshops.models import Assignment, Session

S = AssignmentState
WITH_ORDER = ("order__client__organisation", "coordinator__person")
NEWEST = "-recent"
SORTS: dict[str, tuple[str, ...]] = {
    "recent": ("id",), "-recent": ("-id",),
    "client": ("order__client__organisation__name", "id"), "-client": ("-order__client__organisation__name", "-id"),
    "date": ("order__first_on", "id"), "-date": ("-order__first_on", "-id"),
}  # fmt: skip


def _staged() -> QuerySet[Assignment]:
    """Every assignment with whether a session took place (``has_begun``) and whether one is still to come (``has_more``)."""
    sessions = Session.objects.filter(assignment=OuterRef("pk"))
    return Assignment.objects.annotate(
        has_begun=Exists(sessions.filter(state=SessionState.HELD)), has_more=Exists(sessions.filter(state=SessionState.PLANNED))
    )


def in_stage(stage: str) -> Q:
    """Which assignments stand there: those given are under way until every session is over, then wait for their closing."""
    over = Q(has_begun=True, has_more=False)
    return {
        Stage.PREPARED: Q(state=S.DRAFT),
        Stage.OFFERED: Q(state=S.OFFERED),
        Stage.RUNNING: Q(state=S.AWARDED) & ~over,
        Stage.TO_CLOSE: Q(state=S.AWARDED) & over,
        Stage.CLOSED: Q(state=S.CLOSED, invoice=None),
        Stage.INVOICED: Q(state=S.CLOSED, invoice__isnull=False),
        Stage.CANCELLED: Q(state=S.CANCELLED),
    }[Stage(stage)]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """How many orders stand in each stage; ``waiting_since``: since when the oldest opportunity waits for somebody."""

    counts: Mapping[str, int]
    waiting_since: datetime | None


def pipeline() -> Pipeline:
    """The figures of the home. One query."""
    counted = _staged().aggregate(
        **{f"n_{stage}": Count("pk", filter=in_stage(stage)) for stage in Stage.values},
        since=Min("offered_at", filter=Q(state=S.OFFERED)),
    )
    return Pipeline({str(stage): counted[f"n_{stage}"] for stage in Stage.values}, counted["since"])


def orders_found(said: Mapping[str, Any], sort: str = "") -> QuerySet[Assignment]:
    """The orders of the list: ``q`` looks in titles, clients and cities; ``etape`` and ``public`` narrow it. Newest first."""
    found = _staged().select_related(*WITH_ORDER)
    for word in str(said.get("q") or "").split()[:5]:
        found = found.filter(
            Q(order__title__icontains=word)
            | Q(order__client__organisation__name__icontains=word)
            | Q(order__client__organisation__city__icontains=word)
        )
    if said.get("etape") in Stage.values:
        found = found.filter(in_stage(str(said["etape"])))
    if said.get("public") in Audience.values:
        found = found.filter(order__audience=said["public"])
    return found.order_by(*SORTS.get(sort, SORTS[NEWEST]))
