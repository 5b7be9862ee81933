"""Persons, accounts and browsers."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from django.test import Client

from renfort.people.models import Account, Person

_numbers = count(1)
FIRST_NAMES = ("Zoé", "Awa", "Léo", "Inès", "Noé", "Éléonore")


def person(**facts: Any) -> Person:
    """Somebody of 36, with a name, an address, a mobile phone and a postcode."""
    number = next(_numbers)
    given = {
        "first_name": FIRST_NAMES[number % len(FIRST_NAMES)],
        "last_name": f"Nom{number}",
        "email": f"personne{number}@example.org",
        "birth_date": date(1990, 5, 17),
        "mobile_phone": "+33612345678",
        "postcode": "33000",
    }
    return Person.objects.create(**{**given, **facts})


def account(someone: Person | None = None, *, language: str = "fr", **facts: Any) -> Account:
    """An account with a verified address; of a new person when none is given."""
    someone = someone or person()
    address = someone.email.lower()
    made = Account(person=someone, email=address, language=language, **facts)
    made.set_unusable_password()
    made.save()
    EmailAddress.objects.create(user=made, email=address, primary=True, verified=True)
    return made


def client_of(someone: Person | None, **settings: Any) -> Client:
    """A browser in which somebody is signed in, through an account made when there is none; None: nobody is."""
    client = Client(**settings)
    if someone is not None:
        client.force_login(Account.objects.filter(person=someone).first() or account(someone))
    return client
