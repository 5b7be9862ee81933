"""Make a form count once, and clean up after jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from renfort.jobs.models import FormToken

KEPT = timedelta(days=7)


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
