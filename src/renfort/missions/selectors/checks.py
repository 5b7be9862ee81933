"""Which missions the checks read again, and how far that is (R53)."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.missions.enums import MissionState
from renfort.missions.models import Mission, MissionFinding, Recheck
from renfort.organisations.selectors import is_operator
from renfort.organisations.selectors.perimeter import overseen

S = MissionState
UNREAD = (S.DRAFT, S.SUBMITTED, S.TO_CORRECT)


def to_check() -> list[int]:
    """The numbers of the missions that somebody may still read or change: everything but what is closed. One query."""
    now = timezone.now()
    open_ = Q(state__in=UNREAD) | Q(state=S.PUBLISHED, over_at__gt=now) | Q(state=S.PUBLISHED, reviewed_at=None)
    return list(Mission.objects.filter(open_).order_by("pk").values_list("pk", flat=True))


def to_review_ids() -> list[int]:
    """Those that wait to be read, and those online that nobody has read. One query."""
    waiting = Q(state=S.SUBMITTED) | Q(state=S.PUBLISHED, reviewed_at=None)
    return list(Mission.objects.filter(waiting).order_by("pk").values_list("pk", flat=True))


def partners_of(mission_id: int) -> list[int]:
    """The missions that were found to be nearly the same as this one. One query."""
    rows = MissionFinding.objects.filter(gone_at=None, facts__other_id=mission_id, mission__organisation__missions=mission_id)
    return list(rows.values_list("mission_id", flat=True).distinct())


def missions_overseen(actor: Actor) -> QuerySet[Mission]:
    """The missions that the actor looks after: all for the operator, those of a referent's departments (R50)."""
    return Mission.objects.all() if is_operator(actor) else Mission.objects.filter(overseen(actor, domain="domain_id"))


def last_recheck() -> Recheck | None:
    """The last time that everything was checked again, under way or done. One query."""
    return Recheck.objects.order_by("-pk").first()
