"""Reads of exports: one's own, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet

from renfort.jobs.enums import OPEN_WORK
from renfort.jobs.models import Export, ExportPart
from renfort.kernel.actors import Actor
from renfort.kernel.clock import error_key
from renfort.kernel.exports import EXPORT_KINDS, Asked


def exports_of(actor: Actor) -> QuerySet[Export]:
    """The files that the actor asked for, the newest first. Whether one may still be fetched is asked of ``may_fetch``."""
    if actor.person_id is None:
        return Export.objects.none()
    return Export.objects.filter(person_id=actor.person_id).order_by("-id")


def asked_of(export: Export) -> Asked:
    """What was asked for, as its kind reads it."""
    return Asked(role=export.role, organisation=export.organisation_id, query=export.query)


def acting(actor: Actor, export: Export) -> Actor | None:
    """The actor in the role in which the file was asked for; None when that role is no longer held. No query."""
    kind = EXPORT_KINDS.get(export.kind)
    return kind.acts(actor, asked_of(export)) if kind else None


def parts_of(export: Export) -> Iterator[bytes]:
    """The file, piece by piece: one piece in memory."""
    numbers = list(ExportPart.objects.filter(export=export).order_by("number").values_list("pk", flat=True))
    for pk in numbers:
        data = ExportPart.objects.filter(pk=pk).values_list("data", flat=True).first()
        if data is not None:
            yield bytes(data)


def open_count(actor: Actor) -> int:
    """How many files of the actor are not made yet. One query."""
    return exports_of(actor).filter(state__in=[str(state) for state in OPEN_WORK]).count()


def last_columns(actor: Actor, kind: str) -> list[str]:
    """The columns that the actor chose last for this kind of file; none when there was no such file. One query."""
    last = exports_of(actor).filter(kind=kind).values_list("columns", flat=True).first()
    return [str(key) for key in last or []]


# ── what the worker does (R58) ────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Chore:
    """One kind of task: how the last run ended, when, how many wait or are under way, what went wrong last."""

    name: str
    state: str
    at: datetime | None
    waiting: int
    error: str = ""

    @property
    def failed(self) -> bool:
        """Whether the last run that ended failed."""
        return self.state == "failed"


CHORES = """
WITH ended AS (
    SELECT DISTINCT ON (job.task_name) job.task_name, job.status::text AS status, event.at
    FROM procrastinate_jobs job JOIN procrastinate_events event ON event.job_id = job.id
    WHERE job.status IN ('succeeded', 'failed') AND event.type IN ('succeeded', 'failed')
    ORDER BY job.task_name, event.id DESC
), waiting AS (
    SELECT task_name, count(*) AS waiting FROM procrastinate_jobs WHERE status IN ('todo', 'doing') GROUP BY task_name
)
SELECT coalesce(ended.task_name, waiting.task_name), coalesce(ended.status, ''), ended.at, coalesce(waiting.waiting, 0)
FROM ended FULL JOIN waiting USING (task_name) ORDER BY 1
"""
FAILED = """
SELECT count(*) FROM (
    SELECT DISTINCT ON (job.task_name) job.status::text AS status
    FROM procrastinate_jobs job JOIN procrastinate_events event ON event.job_id = job.id
    WHERE job.status IN ('succeeded', 'failed') AND event.type IN ('succeeded', 'failed')
    ORDER BY job.task_name, event.id DESC
) AS last WHERE status = 'failed'
"""


def chores() -> list[Chore]:
    """Every task that has run within the days that are kept, or waits, by name. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(CHORES)
        rows = cursor.fetchall()
    errors = cache.get_many([error_key(name) for name, *_rest in rows])
    return [Chore(name, state, at, waiting, errors.get(error_key(name), "")) for name, state, at, waiting in rows]


def failed_count() -> int:
    """How many tasks failed the last time they ran. One query."""
    with connection.cursor() as cursor:
        cursor.execute(FAILED)
        return int(cursor.fetchone()[0])
