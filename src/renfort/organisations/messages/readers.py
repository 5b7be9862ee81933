"""To whom organisations' messages go, and the invented things of the operator's preview."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event, Plain
from renfort.kernel.messages import Recipient
from renfort.kernel.rules import Text
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import able_managers_of, managers_of, operators
from renfort.people.models import Person
from renfort.people.selectors import recipient_of


def the_managers(event: Event[Any]) -> Iterable[Recipient]:
    """Each « responsable » of the organisation but the one who did it."""
    held = managers_of(event.obj.organisation_id)
    return [recipient_of(grant.person) for grant in held if grant.person_id != event.actor.person_id]


def the_operators(event: Event[Any]) -> Iterable[Recipient]:
    """Those who run the platform, but the one who did it."""
    return [recipient_of(grant.person) for grant in operators() if grant.person_id != event.actor.person_id]


def those_who_answer(event: Event[Any]) -> Iterable[Recipient]:
    """The « responsables »; the operators where none remains (R9)."""
    held = list(able_managers_of(event.obj.organisation_id)) or list(operators())
    return [recipient_of(grant.person) for grant in held if grant.person_id != event.actor.person_id]


def sample_organisation() -> Organisation:
    """An organisation that exists only in the preview."""
    return Organisation(pk=0, name=_("Secours Exemple"))


def sample_person() -> Person:
    """Somebody who exists only in the preview."""
    return Person(pk=0, first_name="Camille", last_name="Martin", email="camille.martin@exemple.fr")


def sample(obj: Any, texts: Mapping[str, Text] | None = None, codes: Mapping[str, Plain] | None = None) -> Event[Any]:
    """An event that never happened."""
    words = {name: str(text) for name, text in (texts or {}).items()}
    return Event(name="sample", obj=obj, actor=SERVICE, at=timezone.now(), texts=words, codes=codes or {})
