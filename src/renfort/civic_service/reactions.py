"""What the programme does when something happens: a link is used up (S1), the head of an establishment comes in (S4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from renfort.civic_service.services.access import note_opened
from renfort.civic_service.services.posts import welcome_head
from renfort.kernel.events import Event
from renfort.organisations.enums import Programme
from renfort.parameters.selectors import is_open
from renfort.people.models import Account


def hear(event: Event[Any]) -> None:
    """Subscriber: do what follows from an event, in its transaction; ``REACTIONS`` says what."""
    for react in REACTIONS.get(event.name, ()):
        react(event)


def signed_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Receiver of Django's signal, whichever way somebody came in: the head of an establishment is its « Référent » (S4).

    One query for everybody else; none while the programme is closed.
    """
    if isinstance(user, Account) and is_open(Programme.CIVIC_SERVICE):
        welcome_head(user.person)


def _opened(event: Event[Account]) -> None:
    note_opened(person_id=event.obj.person_id)


REACTIONS: dict[str, tuple[Callable[[Event[Any]], None], ...]] = {
    "people.account.open": (_opened,),
}
