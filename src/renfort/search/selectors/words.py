"""What people type in « Que cherchez-vous ? », and what PostgreSQL makes of it.

French stemming alone loses what is typed without accents, stemming without accents damages words that have some
(« scolarité »): both are indexed and both are asked, so that either finds (docs/adr/0013).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connection

LONGEST = 120  # characters of a question; more is not a question
MOST_WORDS = 8
QUOTED = re.compile(r'"([^"]*)"')
QUOTES = str.maketrans(dict.fromkeys("«»“”„‟〝〞＂", '"'))
TWICE = re.compile(r"('[^']+') \| \1")  # a word without accents has one stem: asked once
WORD = re.compile(r"[^\W_]+")
# what carries no meaning, with and without its accents: PostgreSQL's own list plus what people write around a wish
EMPTY = frozenset(
    WORD.findall(
        "a à ai au aux avec c ce ces chez d dans de des du elle en et est etre être eux il ils j je l la le les leur leurs lui m"
        " ma mais me même meme mes moi mon n ne nos notre nous on ou où par pas pour près pres qu que qui s sa sans se ses son"
        " sur t ta te tes toi ton tu un une vers vos votre vous y"
    )
)
EITHER = "(plainto_tsquery('public.french_bare', %s) || plainto_tsquery('pg_catalog.french', %s))"
PHRASE = "(phraseto_tsquery('public.french_bare', %s) || phraseto_tsquery('pg_catalog.french', %s))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A typed question, taken apart. ``words`` may be corrected; ``exact`` stood between quotes and may not."""

    words: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.exact)

    @property
    def text(self) -> str:
        """The question as it can be asked again."""
        return " ".join([*self.words, *(f'"{phrase}"' for phrase in self.exact)])

    def corrected(self, by: dict[str, str]) -> Wanted:
        """The same with some words replaced."""
        return Wanted(words=tuple(by.get(word, word) for word in self.words), exact=self.exact)

    def kept_as_typed(self) -> Wanted:
        """The same question with every word between quotes: nobody corrects it."""
        return Wanted(exact=(*self.words, *self.exact))


def read_words(text: str) -> Wanted:
    """Return what a typed text asks for; nothing when no word of it means something. Never raises, asks no database."""
    text = text[:LONGEST].translate(QUOTES).lower()
    exact = [" ".join(WORD.findall(part)) for part in QUOTED.findall(text)]
    words = [word for word in WORD.findall(QUOTED.sub(" ", text)) if word not in EMPTY and (len(word) > 1 or word.isdecimal())]
    exact = [phrase for phrase in exact if any(word not in EMPTY for word in phrase.split())]
    words = list(dict.fromkeys(words))[:MOST_WORDS]
    return Wanted(words=tuple(words), exact=tuple(dict.fromkeys(exact))[: MOST_WORDS - len(words)])


def query_of(wanted: Wanted) -> str:
    """Return the question as the text of a ``tsquery``: every word asked for, in one of its two stems; "" when nothing is left.

    One query. The text is passed on as a value: a function called in a WHERE would be called for each row.
    """
    if not wanted:
        return ""
    parts, values = [], []
    for pattern, texts in ((EITHER, wanted.words), (PHRASE, wanted.exact)):
        for text in texts:
            parts.append(pattern)
            values += [text, text]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({' && '.join(parts)})::text", values)
        row = cursor.fetchone()
    return TWICE.sub(r"\1", str(row[0])) if row else ""


def any_of(query: str) -> str:
    """The same ``tsquery`` with « or » for « and »: what the ranking weighs, so that half a title counts half."""
    return query.replace(" & ", " | ")
