"""Seal the history, so that a change made behind the application's back can be shown (P3, design decision 17), and note who
has read somebody's contact data (R37).

The digest is computed by PostgreSQL, here and in ``integrity``, with the one text of ``selectors``: the canonical form of an
entry cannot differ between the two.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from renfort.audit.enums import Way
from renfort.audit.models import ContactView, Entry, Seal
from renfort.audit.selectors import BEFORE_ALL, digest_sql
from renfort.kernel.actors import Actor

logger = logging.getLogger(__name__)

BATCH = 5_000  # entries in one seal: a change is found within so many
PATIENCE = 2.0  # seconds for transactions that were writing to end; then the next minute tries again

# Who may hold a number that cannot be seen yet. An INSERT takes this lock before it takes its number and keeps it until its
# transaction ends; reading pg_locks needs no right on the table and makes nobody wait, where LOCK TABLE … SHARE needs the right
# to change the history (which the application's role must not have) and stops every writer behind the slowest one.
WRITERS = """
SELECT DISTINCT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = 'audit_entry'::regclass AND mode = 'RowExclusiveLock' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid IS DISTINCT FROM pg_backend_pid()
"""

SEAL = f"""
INSERT INTO audit_seal (first_id, last_id, count, previous, digest, at)
SELECT min(entry.id), max(entry.id), count(*), %(previous)s, {digest_sql(previous="%(previous)s")}, %(at)s
FROM (SELECT * FROM audit_entry WHERE id > %(after)s AND id <= %(upto)s ORDER BY id LIMIT {BATCH}) AS entry
HAVING count(*) > 0
ON CONFLICT DO NOTHING
"""  # noqa: S608 -- our own SQL, values are parameters


def seal(now: datetime) -> int:
    """Seal the entries that nothing can be added among any more; called each minute by the worker.

    Returns how many seals were written: none when there is nothing new, or when somebody was still writing after
    ``PATIENCE`` seconds (the next minute seals more).
    """
    upto = _settled()
    if upto is None:
        logger.info("the history is being written: sealed next minute")
        return 0
    written = 0
    while _seal_next(upto, now):
        written += 1
    return written


def _settled() -> int | None:
    """The highest number below which no entry can appear any more; None when that cannot be known now.

    The number is read first: whoever takes a number afterwards takes a higher one. Whoever had taken a lower one before
    holds a lock now, or has committed.
    """
    newest = Entry.objects.order_by("-id").values_list("id", flat=True).first()
    if newest is None:
        return 0
    waited_for = _writers()
    give_up_at = time.monotonic() + PATIENCE
    while waited_for:
        if time.monotonic() > give_up_at:
            return None
        time.sleep(0.05)
        waited_for &= _writers()
    return newest


def _writers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(WRITERS)
        return {row[0] for row in cursor.fetchall()}


def _seal_next(upto: int, now: datetime) -> bool:
    """Write the next seal up to ``upto``; false when there is nothing to seal, or another worker was faster."""
    with transaction.atomic():
        last = Seal.objects.order_by("-id").first()
        values: dict[str, str | int | datetime] = {
            "previous": last.digest if last else "",
            "after": last.last_id if last else BEFORE_ALL,
            "upto": upto,
            "at": now,
        }
        with connection.cursor() as cursor:
            cursor.execute(SEAL, values)
            is_written = bool(cursor.rowcount)
    if is_written:
        newest = Seal.objects.order_by("-id")[0]
        # the log leaves the machine: whoever rewrites the whole chain cannot rewrite what was logged
        logger.info("history sealed up to entry %s: %s", newest.last_id, newest.digest)
    return is_written


VIEWS_KEPT = timedelta(days=365)  # who looked at one's contact data, and when, is shown and kept for a year (P10)


def forget_views(now: datetime) -> int:
    """Remove the views of contact data of more than a year ago; returns how many. By the clock."""
    day = timezone.localdate(now) - VIEWS_KEPT
    return ContactView.objects.filter(day__lt=day).delete()[0]


# ── contact data (R37) ────────────────────────────────────────────────────────────────────────────
# in order, so that two lists of the same people wait for one another instead of blocking each other
SEEN = """
INSERT INTO audit_contactview (viewer_id, subject_id, day, at, role, organisation_id, way, purpose, purpose_words, department)
SELECT %(viewer)s, subject, %(day)s, %(at)s, %(role)s, %(organisation)s, %(way)s, %(purpose)s, %(purpose_words)s, %(department)s
FROM (SELECT DISTINCT unnest(%(people)s::bigint[]) AS subject ORDER BY 1) AS seen WHERE subject <> %(viewer)s
ON CONFLICT DO NOTHING
"""


def contact_seen(
    *, viewer: Actor, people: Iterable[int], organisation: int | None = None, way: str, purpose: str = "",
    purpose_words: str = "", department: str = "",
) -> int:  # fmt: skip
    """Note that ``viewer`` was shown the contact data (e-mail, phones, birth date) of these people (R37).

    One row per viewer, person and day of the platform's zone, whatever is read again that day; one's own data do not count.
    One statement for all of them: call it once per page, list or file, with the numbers of those whose data are really shown.
    ``organisation``: for whom it is read. ``way``: a value of ``Way``. ``purpose`` (a value of ``ViewPurpose``), its words and
    the ``department`` are what a referent said. Returns how many rows are new.

    Raises:
        ValueError: the viewer is not a person (contact data are shown to nobody else), or the way is unknown.
    """
    if viewer.person_id is None:
        raise ValueError("contact data are shown to persons alone")
    seen = sorted(set(people))
    if not seen:
        return 0
    now = timezone.now()
    values: dict[str, int | str | list[int] | date | None] = {
        "viewer": viewer.behind or viewer.person_id,  # whoever really looks, when the operator acts as somebody (P10)
        "people": "{%s}" % ",".join(map(str, seen)),  # noqa: UP031 -- an array as text: a list would cost ten times as much
        "day": timezone.localdate(now),
        "at": now,
        "role": viewer.role_key,
        "organisation": organisation,
        "way": str(Way(way)),
        "purpose": str(purpose),
        "purpose_words": purpose_words,
        "department": department,
    }
    with connection.cursor() as cursor:
        cursor.execute(SEEN, values)
        return int(cursor.rowcount)
