"""A paper is void as soon as what it was about stands no longer, in the same transaction (R35)."""

from __future__ import annotations

from typing import Any

from renfort.documents.services import revoke_those_of
from renfort.kernel.events import Event
from renfort.kernel.papers import PAPERS


def hear(event: Event[Any]) -> None:
    """Subscriber: revoke the papers that the event voids. No query for an event that voids none."""
    for kind in PAPERS.values():
        reason = kind.voided_by.get(event.name)
        if reason is not None:
            revoke_those_of(kind, event.obj.pk, reason=reason)
