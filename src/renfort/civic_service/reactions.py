"""What the programme does when something happens below: a link is used up when its person has an account (S1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from renfort.civic_service.services.access import note_opened
from renfort.kernel.events import Event
from renfort.people.models import Account


def hear(event: Event[Any]) -> None:
    """Subscriber: do what follows from an event, in its transaction; ``REACTIONS`` says what."""
    for react in REACTIONS.get(event.name, ()):
        react(event)


def _opened(event: Event[Account]) -> None:
    note_opened(person_id=event.obj.person_id)


REACTIONS: dict[str, tuple[Callable[[Event[Any]], None], ...]] = {
    "people.account.open": (_opened,),
}
