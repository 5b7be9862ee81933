"""Figures of a campaign by department, for those who manage it (S10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, FilteredRelation, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, TruncWeek
from django.utils import timezone

from renfort.civic_service.enums import TAKES_PLACES, UNDECIDED, ProjectState
from renfort.civic_service.models import Campaign, Establishment, HostProject, PlaceClass, ProjectVersion
from renfort.civic_service.selectors.establishments import establishments_visible
from renfort.civic_service.selectors.places import GRANTED
from renfort.civic_service.selectors.records import earliest_school_year, incomplete
from renfort.civic_service.selectors.review import DEPARTMENT, late_before, projects_managed
from renfort.kernel.actors import Actor
from renfort.territories.selectors import in_french_order

WEEKS = 12
P = ProjectState


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A department, or the sum of several, places being volunteers. ``allowed``: by the enrolments and the case managers (S3)."""

    code: str = ""
    filed: int = 0
    waiting: int = 0
    late: int = 0
    to_correct: int = 0
    accepted: int = 0
    refused: int = 0
    asked: int = 0
    granted: int = 0
    taken: int = 0
    establishments: int = 0
    complete: int = 0
    allowed: int = 0

    @property
    def left(self) -> int:
        """Places that nobody has asked for yet."""
        return max(0, self.allowed - self.taken)

    @property
    def incomplete(self) -> int:
        """Establishments that cannot file yet, for a fact is missing (S2)."""
        return self.establishments - self.complete


NUMBERS = tuple(each.name for each in fields(Figures) if each.name != "code")


def summed(rows: Iterable[Figures]) -> Figures:
    """All of them together."""
    found = list(rows)
    return Figures(**{name: sum(getattr(row, name) for row in found) for name in NUMBERS})


def figures_by_department(actor: Actor, campaign: Campaign, *, department: str = "") -> list[Figures]:
    """The figures of each department of a case manager where there is anything to count; by code. Five queries at most."""
    found: dict[str, dict[str, int]] = {}
    for row in [*_projects(actor, campaign), *_establishments(actor, campaign)]:
        numbers = found.setdefault(str(row["code"]), {})
        for name, value in row.items():
            if name != "code":
                numbers[name.removeprefix("n_")] = int(value or 0)
    wanted = sorted((code for code in found if not department or code == department), key=in_french_order)
    return [Figures(code=code, **found[code]) for code in wanted]


def _projects(actor: Actor, campaign: Campaign) -> QuerySet[HostProject, dict[str, Any]]:
    waits = Q(state__in=[str(each) for each in UNDECIDED])
    accepted = Q(state__in=[str(each) for each in GRANTED])
    takes = Q(state__in=[str(each) for each in TAKES_PLACES])
    counted = {
        "n_filed": Count("pk"),
        "n_waiting": Count("pk", filter=waits),
        "n_late": Count("pk", filter=waits & Q(queued_at__lt=late_before())),
        "n_to_correct": Count("pk", filter=Q(state=P.CHANGES_REQUESTED)),
        "n_accepted": Count("pk", filter=accepted),
        "n_refused": Count("pk", filter=Q(state=P.REFUSED)),
        "n_asked": Sum("asked", filter=~Q(state=P.WITHDRAWN)),
        "n_granted": Sum("granted", filter=accepted),
        "n_taken": Sum(Coalesce("granted", "asked"), filter=takes),
    }
    return projects_managed(actor).filter(campaign=campaign).order_by().values(code=F(DEPARTMENT)).annotate(**counted)


def _establishments(actor: Actor, campaign: Campaign) -> QuerySet[Establishment, dict[str, Any]]:
    """Of those of the network: how many, how many complete, and the places that ``selectors.places`` gives each, in one query."""
    classes = PlaceClass.objects.filter(campaign=campaign).order_by("-from_pupils").values_list("from_pupils", "places")
    reached = [When(pupils__gte=bound, then=Value(places)) for bound, places in classes]
    complete = ~incomplete(earliest_school_year())
    here = establishments_visible(actor).select_related(None).filter(left_on=None)
    return (
        here.annotate(
            frozen=FilteredRelation("records", condition=Q(records__campaign=campaign)),
            given=FilteredRelation("overrides", condition=Q(overrides__campaign=campaign)),
            pupils=Coalesce(
                Cast(KeyTextTransform("enrolment", "frozen__facts"), IntegerField()), F("enrolment"), output_field=IntegerField()
            ),
            places=Case(
                When(given__isnull=False, then=F("given__places")), *reached, default=Value(0), output_field=IntegerField()
            ),
        )
        .order_by()
        .values(code=F("organisation__department"))
        .annotate(n_establishments=Count("pk"), n_complete=Count("pk", filter=complete), n_allowed=Sum("places"))
    )


# ── week by week ──────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Week:
    """One week, from its Monday."""

    monday: date
    filed: int
    decided: int


def weeks_of(actor: Actor, campaign: Campaign, *, department: str = "") -> list[Week]:
    """The projects filed for the first time and those decided in each of the last twelve weeks, on Paris's days. Two queries."""
    today = timezone.localdate()
    mondays = [today - timedelta(days=today.weekday(), weeks=back) for back in reversed(range(WEEKS))]
    since = timezone.make_aware(datetime.combine(mondays[0], datetime.min.time()))
    mine = projects_managed(actor).filter(campaign=campaign)
    if department:
        mine = mine.filter(**{DEPARTMENT: department})
    first = ProjectVersion.objects.filter(number=1, filed_at__gte=since, project__in=mine.order_by().values("pk"))
    filed = _by_week(first, "filed_at")
    decided = _by_week(mine.filter(decided_at__gte=since), "decided_at")
    return [Week(monday, filed.get(monday, 0), decided.get(monday, 0)) for monday in mondays]


def _by_week(rows: QuerySet[Any], moment: str) -> dict[date, int]:
    counted = rows.order_by().values(week=TruncWeek(moment)).annotate(n=Count("pk")).values_list("week", "n")
    return {timezone.localtime(week).date(): n for week, n in counted}
