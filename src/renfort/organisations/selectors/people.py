"""What the operator reads of people and their roles (R58)."""

from __future__ import annotations

from django.db.models import F, QuerySet

from renfort.kernel.words import has_word, typed_words
from renfort.organisations.models import Grant
from renfort.people.models import Person


def people_found(words: str) -> QuerySet[Person]:
    """The people whose name or e-mail has every word; none without words. By name."""
    wanted = typed_words(words)
    if not wanted:
        return Person.objects.none()
    found = Person.objects.all()
    for word in wanted:
        found = found.filter(has_word("search_name", word))
    return found.order_by("last_name", "first_name", "id")


def grants_of(person_id: int) -> list[Grant]:
    """Every role that somebody holds or held, those in force first. One query."""
    rows = Grant.objects.filter(person_id=person_id).select_related("organisation", "network")
    return list(rows.order_by(F("valid_until").desc(nulls_first=True), "-id"))
