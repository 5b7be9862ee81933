"""Who is in charge of how many missions, and what an organisation's departure means for them (R9, R40)."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from renfort.missions.enums import ACTIVE, MissionState
from renfort.missions.models import Mission, Participation

S = MissionState
GONE = (S.REFUSED, S.CANCELLED)  # nobody is in charge of these any more
LIVE = (S.DRAFT, S.SUBMITTED, S.TO_CORRECT, S.PUBLISHED)


def charged(organisation: int, person: int | None = None) -> QuerySet[Mission]:
    """The missions of an organisation that somebody is in charge of, or this person is: those not given up.

    Ended ones count: volunteers still declare hours on them.
    """
    missions = Mission.objects.filter(organisation_id=organisation).exclude(state__in=[str(state) for state in GONE])
    return missions if person is None else missions.filter(responsible_id=person)


def charge_counts(organisation: int) -> dict[int, int]:
    """How many missions each person looks after now, by person: drafts, submitted, online. One query."""
    live = charged(organisation).filter(state__in=[str(state) for state in LIVE])
    return dict(live.order_by().values_list("responsible_id").annotate(Count("pk")))


def missions_live_of(organisation: int, person: int) -> QuerySet[Mission]:
    """The missions that a person looks after now, the nearest first."""
    return charged(organisation, person).filter(state__in=[str(state) for state in LIVE]).order_by("starts_on", "id")


def departure_counts(organisation: int) -> dict[str, int]:
    """What the departure of an organisation ends: missions cancelled, drafts discarded, people told. Two queries."""
    now = timezone.now()
    ahead = Q(over_at__gt=now)
    counts = Mission.objects.filter(organisation_id=organisation).aggregate(
        cancelled=Count("pk", filter=Q(state__in=[S.SUBMITTED, S.TO_CORRECT]) | Q(state=S.PUBLISHED) & ahead),
        ended=Count("pk", filter=Q(state=S.PUBLISHED) & ~ahead),
        drafts=Count("pk", filter=Q(state=S.DRAFT)),
    )
    expected = Participation.objects.filter(
        Q(mission__state__in=[S.SUBMITTED, S.TO_CORRECT]) | Q(mission__state=S.PUBLISHED, mission__over_at__gt=now),
        organisation_id=organisation,
        state__in=[str(state) for state in ACTIVE],
    ).count()
    return {**counts, "expected": expected}
