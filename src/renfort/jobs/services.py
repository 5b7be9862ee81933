"""Make a form count once, and clean up after jobs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status

from renfort.jobs.models import FormToken
from renfort.kernel.clock import ring_after_commit

logger = logging.getLogger(__name__)

FIRE_DUE = "jobs.fire_due"  # the clock's task; named, because tasks stand above this room
KEPT = timedelta(days=7)
SILENCE = 30.0  # seconds without a sign of life after which a worker is taken for dead; it gives one every ten
MOST_ATTEMPTS = 5  # a job that killed its worker so often is not given to another one


def once(token: UUID, *, owner: str, make: Callable[[], str]) -> str:
    """Run ``make`` in a transaction unless this form was already received; return where it leads.

    ``make`` creates and returns the address of what it made. A second call with the same token waits for the first one
    to end, then returns the first one's address; when the first one failed, the second one is the first.
    A token of another owner is nobody's: it is treated as a form of its own.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO jobs_formtoken (token, owner, result, at) VALUES (%s, %s, '', now()) ON CONFLICT DO NOTHING",
                [token, owner],
            )
            is_first = cursor.rowcount == 1
        if not is_first:
            earlier = FormToken.objects.get(pk=token)
            if earlier.owner == owner and earlier.result:
                return earlier.result
            return make()
        result = make()
        FormToken.objects.filter(pk=token).update(result=result[:500])
        return result


def forget_old_tokens() -> int:
    """Remove tokens older than a week; returns how many. Called by the clock."""
    removed, _ = FormToken.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return removed


def ring_clock() -> None:
    """Ask the worker to look at once at what is due, rather than at the next minute. Losing the call loses nothing."""
    ring_after_commit(FIRE_DUE)


def forget_expired_sessions() -> None:
    """Remove the sessions whose time is over. Called by the clock."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def forget_expired_cache(now: datetime) -> int:
    """Remove the cache rows that expired before ``now``; returns how many. Called by the clock.

    Django removes them only when the table is full.
    """
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608 -- the table's name is a setting
        return int(cursor.rowcount)


async def forget_finished_jobs() -> None:
    """Remove the jobs that ended, well or not, more than a week ago. Called by the clock."""
    await app.job_manager.delete_old_jobs(
        nb_hours=int(KEPT.total_seconds() // 3600), include_failed=True, include_cancelled=True, include_aborted=True
    )


async def rescue_stalled_jobs() -> int:
    """Put jobs whose worker gives no sign of life back in the queue; returns how many. Called by the clock.

    A job may then run twice: each is written so that this does no harm.
    """
    rescued = 0
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE):
        rescued += await _rescue(job)
    return rescued


async def _rescue(job: Job) -> bool:
    if job.attempts >= MOST_ATTEMPTS:
        logger.error("job %s (%s) lost its worker %s times and is given up", job.id, job.task_name, job.attempts + 1)
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
        return False
    try:
        await app.job_manager.retry_job(job)
    except UniqueViolation:
        # its successor waits already, and is kept waiting by the lock of the dead one: that one need not be done again
        await app.job_manager.finish_job(job, Status.ABORTED, delete_job=False)
        return False
    logger.warning("job %s (%s) lost its worker and is done again", job.id, job.task_name)
    return True
