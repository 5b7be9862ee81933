"""A mail server, people, and events that tell them something."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction
from tests.notifications.support import Post, free_port, recipient_of, simple_mail, use_server

from renfort.kernel.actors import SERVICE
from renfort.kernel.events import publish
from renfort.kernel.messages import MESSAGES, Mail, Message, Recipient
from renfort.notifications.models import Outgoing
from renfort.people.models import Account, Person

_numbers = count(1)


@pytest.fixture
def post(settings):
    """A running mail server, which the settings name."""
    box = Post(port=free_port())
    use_server(settings, box.port)
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def person() -> Callable[..., Person]:
    """Make a person; with an account unless told otherwise."""

    def make(name: str = "Camille", *, account: bool = True, language: str = "fr") -> Person:
        address = f"{name.lower()}{next(_numbers)}@example.org"
        someone = Person.objects.create(first_name=name, last_name="Martin", email=address)
        if account:
            Account.objects.create(person=someone, email=address, language=language)
        return someone

    return make


@pytest.fixture
def message():
    """Declare a message for this test alone."""
    declared: list[str] = []

    def declare(*recipients: Recipient, mail: Callable[..., Mail] | None = None, **changes: Any) -> Message[Any]:
        key = f"tests.message.number{next(_numbers)}"
        declared.append(key)
        return Message(key=key, label="Un essai", to=lambda event: recipients, mail=mail or simple_mail, **changes)

    yield declare
    for key in declared:
        del MESSAGES[key]


@pytest.fixture
def tell():
    """Publish an event about a person that tells the given messages."""

    def publish_it(obj: Any, *messages: Message[Any], name: str = "tests.thing.happen") -> Any:
        with transaction.atomic():
            return publish(name, obj, actor=SERVICE, tells=messages)

    return publish_it


@pytest.fixture
def write(person, message, tell):
    """Write one e-mail to somebody; returns its row."""

    def write_it(mail: Mail | None = None) -> Outgoing:
        someone = person()
        tell(someone, message(recipient_of(someone), mail=(lambda event, recipient: mail) if mail else None))
        return Outgoing.objects.latest("id")

    return write_it
