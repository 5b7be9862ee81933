"""What the programme does when it hears of something that concerns it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from renfort.jobs.services import ring_clock
from renfort.kernel.events import Event
from renfort.workshops.services.closing import seal

FREES_SEATS = (  # of participants: the next in line has it within seconds (W6)
    "workshops.registration.decline", "workshops.registration.cancel", "workshops.session.change",
)  # fmt: skip
ENDS_FOR_PEOPLE = ("workshops.assignment.cancel", "workshops.session.cancel", "workshops.session.cancel_with_assignment")


CLOSING = "workshops.assignment.close"


def hear(event: Event[Any]) -> None:
    """Subscriber: what depends on what was cancelled goes with it, a freed seat goes on, in the clock's batches (decision 11).

    What is closed is sealed, in the same transaction (W10).
    """
    if event.name == CLOSING:
        seal(actor=event.actor, assignment=event.obj, reason=event.texts.get("reason", ""))
    if event.name in ENDS_FOR_PEOPLE or event.name in FREES_SEATS:
        transaction.on_commit(ring_clock)
