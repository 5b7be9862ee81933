"""The establishments of a territory, for its case managers: found by words, numbers and what is wrong with them (S10, S2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from renfort.civic_service.enums import PostRole
from renfort.civic_service.models import Establishment, Post
from renfort.civic_service.selectors.establishments import establishments_visible
from renfort.civic_service.selectors.records import earliest_school_year, incomplete
from renfort.kernel.actors import Actor
from renfort.kernel.words import has_word, typed_words

INCOMPLETE, NO_LEAD, LEFT = "incomplets", "sans-referent", "partis"
DIGITS = 3  # from so many on, what begins with digits is a UAI or a SIRET


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for: words of the name and the town, or the beginning of a UAI; a department's code; what is wrong."""

    words: str = ""
    department: str = ""
    state: str = ""


def schools(actor: Actor, wanted: Wanted) -> QuerySet[Establishment]:
    """The establishments of the actor's territory that fit, by name. Those that have left are shown when asked for.

    One query beforehand for the school year when incomplete ones are asked for.
    """
    found = establishments_visible(actor)
    if words := wanted.words.strip():
        if words[:DIGITS].isascii() and words[:DIGITS].isdigit() and len(words) >= DIGITS:
            found = found.filter(Q(uai__startswith=words.upper().replace(" ", "")) | Q(siret__startswith=words.replace(" ", "")))
        else:
            for word in typed_words(words):
                found = found.filter(has_word("search_name", word))
    if wanted.department:
        found = found.filter(organisation__department=wanted.department)
    found = found.filter(left_on__isnull=wanted.state != LEFT)
    if wanted.state == INCOMPLETE:
        found = found.filter(incomplete(earliest_school_year()))
    elif wanted.state == NO_LEAD:
        leads = Post.objects.filter(establishment=OuterRef("pk"), role=PostRole.LEAD, ended_at=None)
        found = found.filter(~Exists(leads))
    return found.order_by("search_name", "pk")


def leads_of(establishments: Iterable[Establishment]) -> dict[int, list[Post]]:
    """The « Référents » of each, by its number, with person and account. One query."""
    found: dict[int, list[Post]] = {}
    rows = Post.objects.filter(
        establishment__in=[each.pk for each in establishments], role=PostRole.LEAD, ended_at=None
    ).select_related("person__account")  # fmt: skip
    for post in rows.order_by("began_at", "pk"):
        found.setdefault(post.establishment_id, []).append(post)
    return found
