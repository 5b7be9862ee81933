"""What an entry of one of the operator's lists was called at a given moment (P3, R58): the history knows each renaming."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from renfort.audit.models import Entry
from renfort.kernel.lists import Listed, in_language

Wanted = tuple[str, datetime]  # a key, and when it was chosen


def labels_at(model: type[Listed], wanted: Iterable[Wanted]) -> dict[Wanted, str]:
    """The words of each key at each moment, in the reader's language; a key that is gone is left out.

    Two queries, by the index of an object's history; none when nothing is asked.
    """
    asked = list(wanted)
    if not asked:
        return {}
    rows = {each.key: each for each in model.objects.filter(key__in={key for key, _at in asked})}  # type: ignore[attr-defined]  # concrete
    label = model._meta.label_lower
    renamed = Entry.objects.filter(model=label, object_id__in=[row.pk for row in rows.values()], verb=f"{label}.rename")
    changes: dict[int, list[Entry]] = {}
    for entry in renamed.order_by("at", "id"):
        changes.setdefault(entry.object_id, []).append(entry)
    found: dict[Wanted, str] = {}
    for key, at in asked:
        row = rows.get(key)
        if row is None:
            continue
        since = [entry for entry in changes.get(row.pk, []) if entry.at > at]
        french, english = (_before(name, since, getattr(row, name)) for name in ("label_fr", "label_en"))
        found[key, at] = in_language(french, english)
    return found


def _before(name: str, since: Iterable[Entry], now: str) -> str:
    """The words before the first of these renamings; those of today when none touched them."""
    for entry in since:
        if name in entry.changes:
            return str(entry.changes[name][0] or "")
    return now
