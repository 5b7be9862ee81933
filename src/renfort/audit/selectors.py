"""Reads of the history. Who may read which object's history is the business of the storey that owns the object."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model
from django.db.models.expressions import RawSQL

from renfort.audit.models import Entry

# The canonical form of one entry: every column, in this order, moments in UTC. Changing it breaks every seal ever written.
CANONICAL = """jsonb_build_array(
    entry.id, to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), entry.actor_id, entry.role, entry.verb,
    entry.model, entry.object_id, entry.before, entry.after, entry.codes, entry.changes)::text"""

TEXTS = "(SELECT jsonb_object_agg(name, text) FROM audit_remark WHERE entry_id = audit_entry.id)"

BEFORE_ALL = -(2**63)  # below any number: an entry slipped in below the first one is seen too


def digest_sql(*, previous: str) -> str:
    """The SQL of a seal's digest over rows called ``entry``; ``previous`` is the SQL of the digest before."""
    lines = f"{previous} || E'\\n' || string_agg({CANONICAL}, E'\\n' ORDER BY entry.id)"  # JSON escapes newlines
    return f"encode(sha256(convert_to({lines}, 'UTF8')), 'hex')"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an object's history, with the words written then."""

    entry: Entry
    texts: dict[str, str] = field(default_factory=dict)


def history_of(obj: Model, *, most: int = 50) -> list[Line]:
    """The last ``most`` entries of one object, newest first. One query."""
    return history(obj._meta.label_lower, [obj.pk], most=most)


def history(model: str, ids: Iterable[Any], *, most: int = 50) -> list[Line]:
    """The last ``most`` entries of some objects of one model, newest first. One query."""
    entries = Entry.objects.filter(model=model, object_id__in=list(ids)).annotate(texts=RawSQL(TEXTS, [], JSONField()))  # noqa: S611 -- our own words
    return [Line(entry, entry.texts or {}) for entry in entries.order_by("-id")[:most]]


def trigger_alone_holds() -> bool:
    """Whether the application's database role could change the history if its trigger were taken away.

    True with a single role for everything: correct, but weaker than two roles (design decision 17). ``renfort integrity``
    says so; it is not a fault.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, 'audit_entry', 'UPDATE, DELETE, TRUNCATE')")
        row = cursor.fetchone()
    return bool(row and row[0])


def happened_since(verb: str, obj: Model, since: datetime) -> bool:
    """Whether this was done to the object since then. One query, by the index of an object's history."""
    return Entry.objects.filter(model=obj._meta.label_lower, object_id=obj.pk, verb=verb, at__gte=since).exists()
