"""The missions that wait for a reader, for those who may read them, and what a reader must know of one (R52)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from renfort.audit.models import Entry
from renfort.audit.selectors import Line
from renfort.kernel.actors import Actor
from renfort.missions.enums import MissionState
from renfort.missions.models import Mission
from renfort.missions.selectors.changes import LABELS, Change, Wording, both_sides
from renfort.organisations.rules import case_lapses_after
from renfort.organisations.selectors.perimeter import overseen

S = MissionState
WAITS = Q(state=S.SUBMITTED) | Q(state=S.PUBLISHED, reviewed_at=None)
MINE, FREE = "moi", "libres"


def mission_queue(actor: Actor) -> QuerySet[Mission]:
    """What waits for a decision of the actor's, the oldest first; the index ``missions_mission_queue`` serves the order."""
    return Mission.objects.filter(WAITS).filter(overseen(actor, domain="domain")).order_by("queued_at", "id")


def taken(now: datetime | None = None) -> Q:
    """Those that somebody has in hand; a case that was forgotten is free again."""
    return Q(taken_by__isnull=False, taken_at__gt=(now or timezone.now()) - case_lapses_after())


def holder_of(case: Mission, now: datetime | None = None) -> int | None:
    """Who has the mission in hand now: the number of a person, None when nobody has, or the time for it has run out."""
    if case.taken_at is None or case.taken_at <= (now or timezone.now()) - case_lapses_after():
        return None
    return case.taken_by_id


def next_in(queue: QuerySet[Mission], case: Mission, actor: Actor) -> int | None:
    """The case to look at after this one: the next in the order, else the first; not those that others have in hand."""
    free = queue.exclude(taken() & ~Q(taken_by_id=actor.person_id)).exclude(pk=case.pk).values_list("pk", flat=True)
    later = Q(queued_at__gt=case.queued_at) | Q(queued_at=case.queued_at, pk__gt=case.pk)
    found = free.filter(later).first()
    return found if found is not None else free.first()


def before_in(queue: QuerySet[Mission], case: Mission) -> int | None:
    """The case before this one in the order."""
    earlier = Q(queued_at__lt=case.queued_at) | Q(queued_at=case.queued_at, pk__lt=case.pk)
    return queue.filter(earlier).reverse().values_list("pk", flat=True).first()


# ── what a reader must know ───────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Record:
    """What an organisation has done until now, in numbers."""

    published: int
    ended: int
    corrected: int
    refused: int
    cancelled: int


def record_of(organisation_id: int) -> Record:
    """The missions of an organisation by what became of them. Two queries, by the index of an object's history."""
    missions = Mission.objects.filter(organisation_id=organisation_id)
    states = dict(missions.order_by().values_list("state").annotate(count=Count("pk")))
    asked = Entry.objects.filter(
        model="missions.mission", object_id__in=missions.values("pk"), verb="missions.mission.ask_correction"
    )
    return Record(
        published=states.get(S.PUBLISHED, 0),
        ended=states.get(S.ENDED, 0),
        corrected=asked.count(),
        refused=states.get(S.REFUSED, 0),
        cancelled=states.get(S.CANCELLED, 0),
    )


def corrected_since(lines: Sequence[Line], wording: Wording) -> list[Change]:
    """What the organisation changed since the last request for a correction, from a history of which the newest comes first.

    Each field once: what it was when the correction was asked, what it is now; what was changed back is left out.
    """
    since: list[Line] = []
    for line in lines:
        if line.entry.verb == "missions.mission.ask_correction":
            break
        since.append(line)
    else:
        return []
    first: dict[str, object] = {}
    last: dict[str, object] = {}
    for line in reversed(since):
        for name, (before, after) in both_sides(line.entry.changes, line.texts).items():
            first.setdefault(name, before)
            last[name] = after
    return [
        Change(name, str(label), wording.of(name, first[name]), wording.of(name, last[name]))
        for name, label in LABELS.items()
        if name in first and first[name] != last[name]
    ]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision on another mission of the same organisation."""

    title: str
    mission_id: int
    state: str
    at: datetime
    actor_id: int | None


def earlier_decisions(mission: Mission, *, most: int = 5) -> list[Decided]:
    """The last decisions on the other missions of the organisation, newest first. Two queries."""
    others = Mission.objects.filter(organisation_id=mission.organisation_id).exclude(pk=mission.pk)
    verbs = [f"missions.mission.{verb}" for verb in ("validate", "review", "ask_correction", "refuse")]
    entries = Entry.objects.filter(model="missions.mission", object_id__in=others.values("pk"), verb__in=verbs).order_by("-id")
    found = list(entries[:most])
    titles = Mission.objects.only("title").in_bulk([entry.object_id for entry in found])
    return [
        Decided(titles[entry.object_id].title, entry.object_id, entry.after, entry.at, entry.actor_id)
        for entry in found
        if entry.object_id in titles
    ]
