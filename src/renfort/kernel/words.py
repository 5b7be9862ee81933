"""Words typed into the search box of a list, compared as ``public.sort_key`` keeps names (design decision 21)."""

from __future__ import annotations

from django.db.models import F, Func, Q, TextField, Value
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
