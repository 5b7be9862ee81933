"""Reads of the history. Who may read which object's history is the business of the storey that owns the object."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from renfort.audit.models import Entry, Remark


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an object's history, with the words written then."""

    entry: Entry
    texts: dict[str, str] = field(default_factory=dict)


def history_of(obj: Model, *, most: int = 50) -> list[Line]:
    """The last ``most`` entries of one object, newest first. Two queries."""
    return history(obj._meta.label_lower, [obj.pk], most=most)


def history(model: str, ids: Iterable[Any], *, most: int = 50) -> list[Line]:
    """The last ``most`` entries of some objects of one model, newest first. Two queries."""
    entries = list(Entry.objects.filter(model=model, object_id__in=list(ids)).order_by("-id")[:most])
    texts: dict[int, dict[str, str]] = {}
    for remark in Remark.objects.filter(entry_id__in=[entry.pk for entry in entries]):
        texts.setdefault(remark.entry_id, {})[remark.name] = remark.text
    return [Line(entry, texts.get(entry.pk, {})) for entry in entries]
