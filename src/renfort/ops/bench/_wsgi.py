"""The site as the benchmarks serve it: the real application, plus a header with the number of queries of each answer.

With ``RENFORT_BENCH_WITHOUT_LOCK`` the parents' locks of the workflow engine are taken out, and the moment that they would
have covered lasts longer: the negative control of ``bench apply``. Nothing of this is in the production's
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

MOMENT = 0.2  # seconds between reading and counting: two clicks of one moment surely meet in it


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


def take_locks_out() -> None:
    """Let transitions lock their own object alone, as an engine would that forgot the parents."""
    with_parents = firing._lock

    def without_parents(stale: Any, parents: tuple[str, ...], counts: Any = None) -> Any:
        found = with_parents(stale, ())
        time.sleep(MOMENT)
        return found

    firing._lock = without_parents


if os.environ.get("RENFORT_BENCH_WITHOUT_LOCK"):
    take_locks_out()
