"""What the operator reads of people and their roles (R58)."""

from __future__ import annotations

from collections.abc import Mapping

from allauth.account.models import EmailAddress
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from renfort.kernel.words import has_word, typed_words
from renfort.organisations.models import Grant
from renfort.organisations.selectors.roles import grants_in_force
from renfort.people.models import Person

NO_ROLE = "aucun"


class PersonState(TextChoices):
    """Whether somebody can sign in."""

    OPEN = "ouvert", _("Compte ouvert")
    UNCONFIRMED = "a-confirmer", _("Adresse à confirmer")
    CLOSED = "ferme", _("Compte fermé")
    NONE = "sans", _("Sans compte")


CONFIRMED = EmailAddress.objects.filter(user=OuterRef("account"), verified=True)
STATES: Mapping[str, Q] = {
    PersonState.OPEN: Q(account__is_active=True) & Q(Exists(CONFIRMED)),
    PersonState.UNCONFIRMED: Q(account__is_active=True) & ~Q(Exists(CONFIRMED)),
    PersonState.CLOSED: Q(account__is_active=False),
    PersonState.NONE: Q(account=None),
}


def people_found(said: Mapping[str, str]) -> QuerySet[Person]:
    """The people that the filters ask for, the newest first: ``q`` words of a name or an address (each must be there), ``role``
    or ``programme`` of a role held now, ``etat`` of the account. Everybody without a filter."""
    found = Person.objects.order_by("-id")
    for word in typed_words(said.get("q", "")):
        found = found.filter(has_word("search_name", word))
    held = grants_in_force().filter(person=OuterRef("pk"))
    if programme := said.get("programme"):
        held = held.filter(programme=programme)
    if said.get("role") == NO_ROLE:
        found = found.filter(~Exists(held))
    elif role := said.get("role"):
        found = found.filter(Exists(held.filter(role=role)))
    elif programme:
        found = found.filter(Exists(held))
    if state := said.get("etat"):
        found = found.filter(STATES[PersonState(state)])
    return found


def people_dressed() -> QuerySet[Person]:
    """People with what a row of the list shows: ``account``, ``is_confirmed``, ``held`` (the roles in force). Two queries."""
    held = grants_in_force().select_related("organisation").order_by("id")
    rows = Person.objects.select_related("account").annotate(is_confirmed=Exists(CONFIRMED))
    return rows.prefetch_related(Prefetch("grants", queryset=held, to_attr="held"))


def state_of(person: Person) -> PersonState:
    """Where the account of a person of ``people_dressed`` stands."""
    account = getattr(person, "account", None)
    if account is None:
        return PersonState.NONE
    if not account.is_active:
        return PersonState.CLOSED
    return PersonState.OPEN if getattr(person, "is_confirmed", False) else PersonState.UNCONFIRMED


def grants_of(person_id: int) -> list[Grant]:
    """Every role that somebody holds or held, those in force first. One query."""
    rows = Grant.objects.filter(person_id=person_id).select_related("organisation", "network")
    return list(rows.order_by(F("valid_until").desc(nulls_first=True), "-id"))
