"""What a person says of oneself (R7), and joining the réserve with it (R3)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.sentences import Sentence
from renfort.parameters.catalogue import MINIMUM_AGE
from renfort.parameters.selectors import value_of
from renfort.people.enums import Joins
from renfort.people.models import Person
from renfort.people.rules import age_on
from renfort.people.selectors import today


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What the profile page says; phones in E.164, "" when there is none."""

    first_name: str
    last_name: str
    email: str = ""
    mobile_phone: str = ""
    landline_phone: str = ""
    postcode: str = ""
    birth_date: date | None = None


def edit_person(*, actor: Actor, person: Person, facts: PersonFacts) -> None:
    """Write the facts; the history keeps which changed, never what they say (P10)."""
    changed = [name for name, value in asdict(facts).items() if getattr(person, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(person, name, getattr(facts, name))
    with transaction.atomic():
        person.save(update_fields=changed)
        publish("people.person.edit", person, actor=actor, codes={"fields": " ".join(changed)})


def too_young(birth_date: date) -> str:
    """The sentence that says why somebody born then may not join the réserve today, or "". One query."""
    age = value_of(MINIMUM_AGE)
    if age_on(birth_date, today()) >= age:
        return ""
    return ngettext(
        "Il faut avoir %(age)d an révolu pour rejoindre la réserve. Revenez quand vous l'aurez !",
        "Il faut avoir %(age)d ans révolus pour rejoindre la réserve. Revenez quand vous les aurez !",
        age,
    ) % {"age": age}


def join_reserve(*, actor: Actor, person: Person, facts: PersonFacts) -> None:
    """Somebody who has an account becomes a volunteer too; who hears gives the role.

    Raises:
        Sentence: too young, or a fact that organisations need is missing.
    """
    if facts.birth_date is None or not facts.mobile_phone or not facts.postcode:
        raise Sentence(_("Pour rejoindre la réserve, indiquez votre date de naissance, votre code postal et votre mobile."))
    if refusal := too_young(facts.birth_date):
        raise Sentence(refusal)
    with transaction.atomic():
        edit_person(actor=actor, person=person, facts=facts)
        publish("people.person.joined", person, actor=actor, codes={"joins": Joins.VOLUNTEER.value})
