"""Write what happened, in the transaction in which it happens (P3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from renfort.audit.models import Entry, Remark
from renfort.kernel.events import Event

BATCH = 5000


def record(event: Event[Any]) -> None:
    """Subscriber: one entry per event, and one erasable remark per free text.

    When the operator acts as somebody, the entry names both: ``codes["behind"]`` is the operator's person (P10).
    """
    entry = _entry(event)
    entry.save()
    _remarks([(entry, event)])


def record_many(events: Iterable[Event[Any]]) -> None:
    """The same for what happened to many objects at once, whatever their number, when nobody else has to hear of it."""
    pairs = [(_entry(event), event) for event in events]
    Entry.objects.bulk_create((entry for entry, _event in pairs), batch_size=BATCH)
    _remarks(pairs)


def _entry(event: Event[Any]) -> Entry:
    return Entry(
        at=event.at,
        actor_id=event.actor.person_id,
        role=event.actor.role_key,
        verb=event.name,
        model=event.obj._meta.label_lower,
        object_id=event.obj.pk,
        before=event.before,
        after=event.after,
        codes=dict(event.codes) if event.actor.behind is None else {**event.codes, "behind": event.actor.behind},
        changes={name: list(pair) for name, pair in event.changes.items()},
    )


def _remarks(pairs: Iterable[tuple[Entry, Event[Any]]]) -> None:
    rows = [
        Remark(entry_id=entry.pk, name=name, text=text) for entry, event in pairs for name, text in event.texts.items() if text
    ]
    Remark.objects.bulk_create(rows, batch_size=BATCH)
