"""The site as the benchmarks serve it: the real application, plus a header with the number of queries of each answer.

With ``RENFORT_BENCH_WITHOUT_LOCK=4`` the parents' locks of the workflow engine are taken out, and in the moment that they
would have covered four transactions meet: the negative control of ``bench apply``. Nothing of this is in the production's
``renfort.config.wsgi``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db import connection

from renfort.config.wsgi import application as site
from renfort.kernel import firing
from renfort.ops.bench._header import QUERIES

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

MEETING = 20_111  # the advisory lock whose shared holders have read and not yet counted
HOLDERS = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE datname = current_database() AND locktype = 'advisory' AND objid = %s AND granted
"""
PATIENCE, LOOK = 8.0, 0.02  # seconds for which who came waits for the others; between two looks at how many they are
MOMENT = 0.5  # seconds that all of them stay after having met, so that nobody writes before the last one has seen enough


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer as the site does, and count its queries."""
    count = 0

    def counted(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        count += 1
        return execute(sql, params, many, context)

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        return start_response(status, [*headers, (QUERIES, str(count))], exc_info)

    with connection.execute_wrapper(counted):
        return site(environ, start)


def take_locks_out(meeting: int) -> None:
    """Let transitions lock their own object alone, as an engine would that forgot the parents, ``meeting`` of them at once.

    They wait for one another, not for a number of seconds: however slow the machine, that many have read before one writes.
    """
    with_parents = firing._lock

    def without_parents(stale: Any, parents: tuple[str, ...], counts: Any = None) -> Any:
        found = with_parents(stale, ())
        _meet(meeting)
        return found

    firing._lock = without_parents


def _meet(meeting: int) -> None:
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [MEETING])
        while time.monotonic() < deadline:
            cursor.execute(HOLDERS, [MEETING])
            if cursor.fetchone()[0] >= meeting:
                break
            time.sleep(LOOK)
    time.sleep(MOMENT)


if meeting := os.environ.get("RENFORT_BENCH_WITHOUT_LOCK"):
    take_locks_out(int(meeting))
