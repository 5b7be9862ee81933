"""The day of a session in the demonstration: a class counted without names, and the code of its room (W6)."""

from __future__ import annotations

from renfort.kernel.actors import Actor
from renfort.workshops.models import Session
from renfort.workshops.services.attendance import count_heads, open_code

CLASS = 27  # of the 28 expected


def attended(session: Session, *, by: Actor) -> None:
    """Somebody who led a session of this week counted the class and had shown the code."""
    open_code(actor=by, session=session)
    count_heads(actor=by, session=session, half=1, people=CLASS)
