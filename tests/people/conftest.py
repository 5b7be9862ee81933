"""What the tests of accounts share: a mailbox that reads every e-mail, and people who sign up."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from renfort.audit.recorder import record
from renfort.kernel import events
from renfort.kernel.actors import SERVICE
from renfort.organisations import reactions
from renfort.people.services import SignUp, make_account

PASSWORD = "quatre chevaux dans un pré"


@dataclass
class Letter:
    key: str
    to: str
    mail: object

    @property
    def link(self) -> str:
        return self.mail.action[1]


@dataclass
class Mailbox:
    """Every e-mail that the platform would send, every event it published, and what missions would do of an intent."""

    letters: list[Letter] = field(default_factory=list)
    events: list = field(default_factory=list)
    performed: list = field(default_factory=list)
    on_intent: object = None

    def hear(self, event) -> None:
        self.events.append(event)
        for message in event.tells:
            for recipient in message.to(event):
                self.letters.append(Letter(message.key, recipient.address, message.mail(event, recipient)))
        if event.name == "people.intent.confirmed":
            if self.on_intent is not None:
                self.on_intent(event)
            self.performed.append((event.obj.kind, event.obj.payload, event.actor.person_id))
            event.obj.result = f"/missions/{event.obj.payload['mission']}/"

    def keys(self) -> list[str]:
        return [letter.key for letter in self.letters]

    @property
    def last(self) -> Letter:
        return self.letters[-1]


@pytest.fixture
def mailbox(request, monkeypatch) -> Mailbox:
    request.getfixturevalue("own_database" if "own_database" in request.fixturenames else "db")
    box = Mailbox()
    monkeypatch.setattr(events, "subscribers", lambda: (record, reactions.hear, box.hear))
    return box


@pytest.fixture
def volunteer_form() -> dict[str, str]:
    return {
        "first_name": "Zoé",
        "last_name": "d'Haïti-Lemaître",
        "email": "Zoe@Exemple.fr",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "postcode": "33000",
        "birth_date": "1990-05-17",
        "mobile_phone": "06 12 34 56 78",
        "form_token": "6f0e0d4e-7f8a-4a39-9b4e-0d7c5f7a1c11",
    }


@pytest.fixture
def manager_form(volunteer_form) -> dict[str, str]:
    return {name: volunteer_form[name] for name in ("first_name", "last_name", "email", "password1", "password2", "form_token")}


@pytest.fixture
def made(mailbox):
    """Make a confirmed account."""

    def make(address: str = "ana@exemple.fr", **facts):
        facts = {"first_name": "Ana", "last_name": "Petit", "joins": "volunteer", "password": make_password(PASSWORD), **facts}
        account = make_account(actor=SERVICE, facts=SignUp(address=address, **facts))
        mailbox.letters.clear()
        mailbox.events.clear()
        return account

    return make


@pytest.fixture
def phone() -> Client:
    """Another device of anybody."""
    return Client()


def can_sign_in(address: str, password: str) -> bool:
    client = Client(REMOTE_ADDR="192.0.2.77")
    client.post("/connexion/", {"email": address, "password": password})
    return "_auth_user_id" in client.session


def words(response) -> str:
    """The page without what differs at each reading: tokens, and the address that was typed."""
    text = response.content.decode()
    text = re.sub(r'name="(csrfmiddlewaretoken|form_token)" value="[^"]*"', "", text)
    return re.sub(r"[\w.]+@exemple\.fr", "ADRESSE", text)
