"""Write what happened, in the transaction in which it happens (P3)."""

from __future__ import annotations

from typing import Any

from renfort.audit.models import Entry, Remark
from renfort.kernel.events import Event


def record(event: Event[Any]) -> None:
    """Subscriber: one entry per event, and one erasable remark per free text.

    When the operator acts as somebody, the entry names both: ``codes["behind"]`` is the operator's person (P10).
    """
    entry = Entry.objects.create(
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
    Remark.objects.bulk_create(Remark(entry_id=entry.pk, name=name, text=text) for name, text in event.texts.items() if text)
