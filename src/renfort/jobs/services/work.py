"""Carry out work that takes longer than a page: take it, say how far it is, hear that it must stop, survive its worker (P6).

A model of such work extends ``models.LongWork``. Whoever does it calls ``take`` for the next one, then ``beat`` at least every
few seconds, then ``end`` in the transaction that writes the result. Each is one statement, which says at once whether
the work is still ours: a worker that was paused for minutes finds out here that another one has begun again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from renfort.jobs.enums import WorkError, WorkState
from renfort.jobs.models import LongWork

W = TypeVar("W", bound=LongWork)
S = WorkState
LEASE = timedelta(seconds=30)  # without a sign of life for so long, a worker is dead
FIRST_LEASE = timedelta(seconds=90)  # the first rows may come late
MOST_ATTEMPTS = 3
EVERY = 0.5  # seconds between two signs of life


class StoppedError(Exception):
    """Whoever asked for the work has stopped it."""


class OvertakenError(Exception):
    """Another worker has begun again: this one must write nothing more."""


def take(model: type[W], now: datetime) -> W | None:
    """Take the next work of this kind: one that waits, else one whose worker died; None when there is none.

    The one with the fewest rows first, unless another has waited for five minutes: a file of ten lines does not stand behind
    one of a hundred thousand. Whatever died for the third time fails, and is returned in that state, so that it is said.
    """
    with transaction.atomic():
        long_ago = Q(created_at__lt=now - timedelta(minutes=5))
        free = Q(state=S.WAITING) | Q(state=S.RUNNING, alive_until__lt=now)
        waiting = model._default_manager.filter(free).select_for_update(skip_locked=True)
        work = (
            waiting.filter(long_ago).order_by("id").first()
            or waiting.order_by(F("total").asc(nulls_last=True), "id").first()
        )  # fmt: skip
        if work is None:
            return None
        if work.stop_asked_at is not None:
            work.state, work.ended_at = S.STOPPED, now
        elif work.attempts >= MOST_ATTEMPTS:
            work.state, work.ended_at, work.error = S.FAILED, now, WorkError.DIED
        else:
            work.state, work.started_at, work.alive_until = S.RUNNING, work.started_at or now, now + FIRST_LEASE
            work.attempts, work.done = work.attempts + 1, 0
        work.save()
    return work


@dataclass(slots=True)
class Progress(Generic[W]):
    """Says how far a work is, not more often than useful, and hears whether it must stop."""

    work: W
    _last: float = field(default_factory=time.monotonic)

    def beat(self, done: int, *, lease: timedelta = LEASE, at_once: bool = False) -> None:
        """Note that ``done`` of the total is done; nothing when the last sign of life is fresh, unless ``at_once``.

        Raises:
            StoppedError: whoever asked for it has stopped it.
            OvertakenError: it is no longer ours.
        """
        moment = time.monotonic()
        if not at_once and moment - self._last < EVERY:
            return
        self._last = moment
        self.work.done = done
        beat(self.work, done, lease=lease)


def mine(work: W) -> Any:
    """The row, as long as this run holds it."""
    model = type(work)
    return model._default_manager.filter(pk=work.pk, state=S.RUNNING, attempts=work.attempts)


BEAT = (
    "UPDATE {table} SET done = %s, alive_until = %s WHERE id = %s AND state = 'running' AND attempts = %s RETURNING stop_asked_at"
)


def beat(work: LongWork, done: int, *, lease: timedelta = LEASE) -> None:
    """Note how far it is, and that whoever does it lives for ``lease`` more. One statement.

    Raises:
        StoppedError: whoever asked for it has stopped it.
        OvertakenError: it is no longer ours.
    """
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(work._meta.db_table)
        cursor.execute(BEAT.format(table=table), [done, timezone.now() + lease, work.pk, work.attempts])
        row = cursor.fetchone()
    if row is None:
        raise OvertakenError
    if row[0] is not None:
        raise StoppedError


def end(work: LongWork, state: str, *, error: str = "", **facts: Any) -> None:
    """Write that it is over; called in the transaction of its result, which this refuses when the work is no longer ours.

    Raises:
        OvertakenError: another worker has it.
    """
    now = timezone.now()
    if not mine(work).update(state=state, error=error, ended_at=now, alive_until=None, **facts):
        raise OvertakenError
    for name, value in {"state": state, "error": error, "ended_at": now, **facts}.items():
        setattr(work, name, value)


def ask_stop(work: LongWork) -> bool:
    """Stop it: at once when it waits, else at its next sign of life. Returns whether there was anything to stop."""
    now = timezone.now()
    model = type(work)
    waiting = model._default_manager.filter(pk=work.pk, state=S.WAITING)
    if waiting.update(state=S.STOPPED, stop_asked_at=now, ended_at=now):
        return True
    return bool(model._default_manager.filter(pk=work.pk, state=S.RUNNING, stop_asked_at=None).update(stop_asked_at=now))
