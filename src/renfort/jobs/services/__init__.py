"""Make a form count once, count requests against their limits, and clean up after jobs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from math import ceil
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status

from renfort.jobs.catalogue import MINUTE, Limit
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


def was_received(token: UUID, *, owner: str) -> bool:
    """Whether a form of this token has made its object already. One query."""
    return FormToken.objects.filter(pk=token, owner=owner).exclude(result="").exists()


# ── limits (P11) ──────────────────────────────────────────────────────────────────────────────────
# One statement, so that requests of one moment wait for each other's row and each sees what the others spent. The clock is the
# database's, read once the row is held: machines may differ, and a statement that waited must not count with an old moment.
SPEND = """
INSERT INTO jobs_spent AS spent (key, free_at, passed)
VALUES (%(key)s, clock_timestamp() + %(step)s * interval '1 microsecond', true)
ON CONFLICT (key) DO UPDATE SET (free_at, passed) = (
    SELECT CASE WHEN next <= full_at THEN next ELSE spent.free_at END, next <= full_at
    FROM (
        SELECT greatest(spent.free_at, at) + %(step)s * interval '1 microsecond' AS next,
            at + %(period)s * interval '1 second' AS full_at
        FROM (SELECT clock_timestamp() AS at) AS clock
    ) AS wanted
)
RETURNING passed,
    extract(epoch FROM free_at - clock_timestamp() + %(step)s * interval '1 microsecond' - %(period)s * interval '1 second')
"""
GIVE_BACK = "UPDATE jobs_spent SET free_at = free_at - %(step)s * interval '1 microsecond' WHERE key = %(key)s"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A limit is reached; ``seconds`` from now one more request passes."""

    limit: Limit
    seconds: int

    @property
    def sentence(self) -> str:
        """What the person is told: when to try again."""
        if self.seconds < MINUTE:
            when = ngettext("dans %(n)d seconde", "dans %(n)d secondes", self.seconds) % {"n": self.seconds}
        else:
            minutes = ceil(self.seconds / MINUTE)
            when = ngettext("dans %(n)d minute", "dans %(n)d minutes", minutes) % {"n": minutes}
        return _("Trop de tentatives en peu de temps. Réessayez %(when)s.") % {"when": when}


def spend(limit: Limit, subject: str) -> Refusal | None:
    """Count one request of ``subject`` against a limit. Returns None when it passes, else when to try again.

    Call it outside a transaction when the subject is shared by many: the row counts at once for everybody, and holds nobody up
    until some commit.
    """
    with connection.cursor() as cursor:
        cursor.execute(SPEND, _terms(limit, subject))
        passed, wait = cursor.fetchone()
    return None if passed else Refusal(limit, max(1, ceil(wait)))


def give_back(limit: Limit, subject: str) -> None:
    """Let a request that was counted count no more: it was the right password, say."""
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, _terms(limit, subject))


def _terms(limit: Limit, subject: str) -> dict[str, int | bytes]:
    """The statement's values; who is counted is kept as a digest under the site's key, never as an address (P10)."""
    most = max(1, int(limit.most * settings.LIMITS_FACTOR))
    key = salted_hmac(f"jobs.limit:{limit.name}", subject, algorithm="sha256").digest()[:16]
    return {"key": key, "step": limit.seconds * 1_000_000 // most, "period": limit.seconds}


def forget_spent() -> int:
    """Remove what no longer counts; returns how many rows. Called by the clock."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM jobs_spent WHERE free_at < clock_timestamp()")
        return int(cursor.rowcount)


# ── what is kept no longer than needed ────────────────────────────────────────────────────────────
def forget_old_tokens() -> int:
    """Remove tokens older than a week; returns how many. Called by the clock."""
    removed, _each = FormToken.objects.filter(at__lt=timezone.now() - KEPT).delete()
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
