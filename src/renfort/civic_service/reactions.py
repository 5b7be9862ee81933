"""What the programme does when it hears of something that concerns it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from renfort.civic_service.services.posts import welcome_head
from renfort.organisations.enums import Programme
from renfort.parameters.selectors import is_open
from renfort.people.models import Account


def signed_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Receiver of Django's signal, whichever way somebody came in: the head of an establishment is its « Référent » (S4).

    One query for everybody else; none while the programme is closed.
    """
    if isinstance(user, Account) and is_open(Programme.CIVIC_SERVICE):
        welcome_head(user.person)
