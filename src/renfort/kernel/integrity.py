"""What must always hold and the database cannot hold by itself: named checks, run by ``renfort integrity``.

An app writes its checks beside its models and registers them when it is loaded. The SQL of a check returns the rows that offend:
none means that it holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

EXAMPLES = 5


@dataclass(frozen=True)
class Check:
    """One invariant.

    Attributes:
        name: ``app.what``, unique.
        sentence: what holds, in French, for whoever runs the command.
        sql: returns the offending rows, with columns that help to find them.
        find: gives them instead, for what lies outside the database (files).
    """

    name: str
    sentence: str
    sql: str = ""
    find: Callable[[], list[dict[str, Any]]] | None = None


@dataclass(frozen=True)
class Finding:
    """What a check found: how many rows offend, and some of them."""

    check: Check
    offenders: int
    examples: list[dict[str, Any]]

    @property
    def holds(self) -> bool:
        """Whether no row offends."""
        return self.offenders == 0


_registry: dict[str, Check] = {}


def register(*checks: Check) -> None:
    """Add checks; called when an app is loaded.

    Raises:
        ValueError: when another check has the name already.
    """
    for check in checks:
        if _registry.setdefault(check.name, check) != check:
            raise ValueError(f"two integrity checks are called {check.name}")


def registered() -> list[Check]:
    """All checks, by name."""
    return [_registry[name] for name in sorted(_registry)]


def run(checks: list[Check]) -> list[Finding]:
    """Run checks on one snapshot, so that work going on meanwhile cannot make two of them disagree."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            if not connection.savepoint_ids:  # the outermost block: a test wraps us in one of its own
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
        return [_find(check) for check in checks]


def _find(check: Check) -> Finding:
    if check.find is not None:
        offenders = check.find()
        return Finding(check, len(offenders), offenders[:EXAMPLES])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) OVER (), found.* FROM ({check.sql}) AS found LIMIT {EXAMPLES}")  # noqa: S608 -- our own SQL
        names = [column.name for column in cursor.description or []][1:]
        rows = cursor.fetchall()
    return Finding(check, rows[0][0] if rows else 0, [dict(zip(names, row[1:], strict=True)) for row in rows])
