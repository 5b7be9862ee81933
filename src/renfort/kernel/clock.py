"""What the worker does by itself: the clock of the platform (design decision 18).

A periodic task is a function of the moment: called again for the same moment it does nothing more, and called late it makes
up for what was missed, so that tests call it as the clock does.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

logger = logging.getLogger(__name__)

Chore = Callable[[datetime], Any]
ERROR_KEPT = 7 * 86_400  # seconds
FIRST, USUAL = 10, 0  # priorities: what moves the platform goes before what waits for a mail server


def every(cron: str, *, name: str, priority: int = USUAL, overlaps: bool = False) -> Callable[[Chore], Chore]:
    """Let the worker call a function of the moment by ``cron`` (six fields: with seconds at the end).

    Never more than one run waits. Never two run at once either, on all machines, unless it ``overlaps``.
    Returns the function unchanged.
    """

    def register(chore: Chore) -> Chore:
        @app.periodic(cron=cron)
        @app.task(name=name, queueing_lock=name, lock=None if overlaps else name, priority=priority)
        def run(timestamp: int) -> None:
            # the moment of the run, not of the tick: a run that had to wait does what is due now
            try:
                chore(timezone.now())
            except Exception as error:
                remember_error(name, error)
                raise

        return chore

    return register


def error_key(name: str) -> str:
    """Under what the cache keeps why a chore failed last."""
    return f"chore-error:{name}"


def remember_error(name: str, error: Exception) -> None:
    """Keep for a week why a chore failed, for the operator's page; never a second failure in the place of the first."""
    with suppress(Exception):
        cache.set(error_key(name), f"{type(error).__name__}: {error}"[:500], ERROR_KEPT)


def ring_after_commit(name: str) -> None:
    """Ask the worker to run a chore as soon as this transaction is committed, rather than at its next hour.

    After the commit and in a transaction of its own, which refines design decision 18 (docs/adr/0006-outgoing-mail.md): inside
    the causing transaction, the unique queueing lock would make each transaction that rings wait for the end of every other
    one that has rung. The rows are the truth: a bell that is lost, for whatever reason, costs a moment and never a thing to do.
    """
    transaction.on_commit(lambda: _ring(name), robust=True)


def ring_now(name: str) -> None:
    """Ask the worker to run a chore once more; nothing when it is about to.

    Raises:
        LookupError: no such chore.
    """
    if name not in app.tasks:
        raise LookupError(name)
    _ring(name)


def _ring(name: str) -> None:
    try:
        with transaction.atomic():
            app.configure_task(name).defer(timestamp=int(timezone.now().timestamp()))
    except AlreadyEnqueued:
        pass  # a worker is about to look anyway
    except Exception:
        logger.exception("the worker could not be called for %s; the clock will call it", name)
