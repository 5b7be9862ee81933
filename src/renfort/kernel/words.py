"""Words typed into the search box of a list, compared as ``public.sort_key`` keeps names (design decision 21)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.lookups import Contains

MOST = 6  # words that count: more narrow nothing and cost as much each


def typed_words(text: str) -> list[str]:
    """The words of a search box, at most six."""
    return text.replace("\x00", " ").split()[:MOST]


def has_word(field: str, word: str) -> Q:
    """Rows whose ``field``, a generated ``sort_key`` column, contains the word whatever its accents and capitals.

    A trigram index on the field answers it from three letters on.
    """
    wanted = Func(Value(word, output_field=TextField()), function="public.sort_key", output_field=TextField())
    return Q(Contains(F(field), wanted))


def among(field: str, found: QuerySet[Any]) -> Q:
    """Rows whose ``field`` is one of the keys that ``found`` finds, looked up beforehand.

    Two such conditions joined with « or » are answered by the indexes of their fields; with ``IN``, by reading every row.
    """
    keys = ArraySubquery(found.values("pk"))
    return Q(Func(F(field), keys, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField()))
