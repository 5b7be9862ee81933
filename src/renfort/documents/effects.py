"""What the end of a paper writes."""

from __future__ import annotations

from renfort.documents.models import Paper
from renfort.kernel.events import Event


def end(event: Event[Paper]) -> None:
    """Keep since when it stands no longer."""
    event.obj.ended_at = event.at


def keep_reason(event: Event[Paper]) -> None:
    """Keep why it is void."""
    event.obj.reason = str(event.codes["reason"])
