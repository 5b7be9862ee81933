"""Before or after publication: which policy holds for a mission, and which organisations are trusted (R12, R52)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Case, CharField, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from renfort.audit.models import Entry
from renfort.missions.enums import MissionState
from renfort.missions.models import Mission, PublicationPolicy
from renfort.parameters.catalogue import ONLINE_FIRST, PUBLICATION, TRUST_DAYS, TRUST_MISSIONS
from renfort.parameters.selectors import in_force, value_of

CORRECTED = "missions.mission.ask_correction"
FLAGGED = "organisations.organisation.flag"


def policies_in_force() -> QuerySet[PublicationPolicy]:
    """The exceptions to the réserve's own policy, the most specific first. One query."""
    rows = PublicationPolicy.objects.filter(ended_at=None).select_related("domain", "department", "set_by")
    return _by_precision(rows).order_by("-precision", "domain__position", "department_id", "id")


def policies_ended(most: int = 50) -> list[PublicationPolicy]:
    """The exceptions that held once, the latest end first. One query."""
    rows = PublicationPolicy.objects.exclude(ended_at=None).select_related("domain", "department", "set_by", "ended_by")
    return list(rows.order_by("-ended_at", "-id")[:most])


def _by_precision(rows: QuerySet[PublicationPolicy]) -> QuerySet[Any]:
    """Annotate how specific a row is: a domain in a department, a domain, a department."""
    return rows.annotate(
        precision=Case(
            When(domain__isnull=False, department__isnull=False, then=3),
            When(domain__isnull=False, then=2),
            default=1,
            output_field=IntegerField(),
        )
    )


def _written() -> Any:
    """What is written for a mission's domain and department, as an expression; NULL where nothing is."""
    here = PublicationPolicy.objects.filter(
        Q(domain=OuterRef("domain_id")) | Q(domain=None),
        Q(department=OuterRef("department_id")) | Q(department=None),
        ended_at=None,
    )
    return Subquery(_by_precision(here).order_by("-precision").values("policy")[:1], output_field=CharField())


def with_policy(missions: QuerySet[Mission]) -> QuerySet[Mission]:
    """Annotate what rules of publication read. One query.

    ``written_policy``: what is written for each one's domain and department, else the réserve's own (R12); ``needs_two``:
    whether two people must be in favour (R52).
    """
    written = Coalesce(_written(), Value(value_of(PUBLICATION)))
    return missions.annotate(written_policy=written, needs_two=F("domain__is_sensitive"))


def publication_policy(mission: Mission) -> str:
    """The policy in force for a mission, which the rules of a draft read (R12): the most specific one that is written, unless
    its organisation is trusted (R52).

    As the selector annotated it, else at most two queries; where validation comes first, three more for the trust. Asked
    twice of the same mission, it is read once.
    """
    known = cast("str | None", getattr(mission, "policy_in_force", None))
    if known is None:
        written = cast("str | None", getattr(mission, "written_policy", None)) or written_for(
            mission.domain_id, mission.department_id
        )
        known = ONLINE_FIRST if written == ONLINE_FIRST or trust_of(mission.organisation_id).is_trusted else written
        mission.policy_in_force = known  # type: ignore[attr-defined]  # remembered with the row it was read for
    return known


def written_for(domain_id: int, department_id: str) -> str:
    """The policy that is written for a domain in a department. At most two queries."""
    here = PublicationPolicy.objects.filter(
        Q(domain=domain_id) | Q(domain=None), Q(department=department_id) | Q(department=None), ended_at=None
    )
    found = _by_precision(here).order_by("-precision").values_list("policy", flat=True).first()
    return found or value_of(PUBLICATION)


@dataclass(frozen=True, slots=True)
class Trust:
    """How far an organisation is trusted (R52): ``count`` of ``needed`` missions accepted without correction in ``days`` days.

    ``suspended_at``: when a correction or a flag last sent the count back to nothing, within those days.
    """

    count: int
    needed: int
    days: int
    suspended_at: datetime | None = None
    is_flagged: bool = False

    @property
    def is_trusted(self) -> bool:
        """Whether its missions are online at once, even where validation comes first."""
        return bool(self.needed) and self.count >= self.needed and not self.is_flagged


def trust_of(organisation_id: int) -> Trust:
    """The trust in one organisation now. Four queries."""
    now = in_force([TRUST_MISSIONS, TRUST_DAYS])
    needed, days = now[TRUST_MISSIONS.key], now[TRUST_DAYS.key]
    since = timezone.now() - timedelta(days=days)
    mine = Mission.objects.filter(organisation=organisation_id)
    corrections = Entry.objects.filter(model="missions.mission", verb=CORRECTED)
    last = corrections.filter(object_id__in=mine.values("pk"), at__gte=since).aggregate(last=Max("at"))["last"]
    clean = mine.filter(reviewed_at__gt=last or since).exclude(state=MissionState.REFUSED)
    count = clean.filter(~Exists(corrections.filter(object_id=OuterRef("pk")))).count()
    flags = Entry.objects.filter(model="organisations.organisation", object_id=organisation_id, verb=FLAGGED, at__gte=since)
    return Trust(count=count, needed=needed, days=days, suspended_at=last, is_flagged=flags.exists())
