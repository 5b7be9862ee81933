"""The history of the demonstration: what happened, as the recorder would have written it (P3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.db.models import Model

from renfort.audit.models import Entry, Remark
from renfort.ops.demo.rows import number

CLOCK = "clock"


@dataclass
class Story:
    """Entries in the order in which they are told; each object's own must be told in the order of time."""

    entries: list[Entry] = field(default_factory=list)
    remarks: list[tuple[Entry, Remark]] = field(default_factory=list)

    def tell(
        self, obj: Model, verb: str, at: datetime, *, role: str, actor: int | None = None, before: str = "", after: str = "",
        codes: Mapping[str, object] | None = None, texts: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Note one thing that happened to ``obj``."""
        entry = Entry(
            at=at, actor_id=actor, role=role, verb=verb, model=obj._meta.label_lower, object_id=obj.pk,
            before=before, after=after, codes=dict(codes or {}),
        )  # fmt: skip
        self.entries.append(entry)
        self.remarks += [(entry, Remark(name=name, text=text)) for name, text in (texts or {}).items() if text]

    def bind(self) -> list[Remark]:
        """Put the entries in the order of time and number them. Returns the remarks, each pointing at its entry."""
        self.entries.sort(key=lambda entry: entry.at)  # stable: what was told first stays first
        number(self.entries)
        for entry, remark in self.remarks:
            remark.entry_id = entry.pk
        return [remark for _, remark in self.remarks]


def between(rng: Random, start: datetime, end: datetime) -> datetime:
    """A moment from ``start`` to ``end``; ``start`` when there is nothing between."""
    seconds = (end - start).total_seconds()
    return start + timedelta(seconds=rng.randrange(int(seconds))) if seconds > 1 else start
