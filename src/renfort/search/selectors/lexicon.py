"""Typing errors: « infromatique » means « informatique » when the missions speak of the one and not of the other (P2).

The lexicon follows the missions by some minutes (``services.learn``): a new word is found at once by whoever types it right,
and forgiven to whoever types it wrong a little later.
"""

from __future__ import annotations

import re
from collections import defaultdict

from django.db import connection

from renfort.search.selectors.words import Wanted

SHORTEST = 4  # letters: shorter words differ by one letter from too many others
PREFIX = 1.5  # what a beginning costs: more than one slip, less than two
HEARD = 0.5  # what writing by ear costs
SOUNDS = (
    (re.compile(r"(.)\1"), r"\1"),
    (re.compile("ph"), "f"),
    (re.compile("qu|c(?![eiyh])|q"), "k"),
    (re.compile("eau|au"), "o"),
)
ENDINGS = re.compile(r"(?<=..)(e|es|s|t|x|ent)$")  # silent
NEAR = """
SELECT asked.word, public.sort_key(asked.word), near.word, near.bare, near.documents
FROM unnest(%s::text[]) AS asked(word)
CROSS JOIN LATERAL (
    (SELECT word, bare, documents FROM search_word
     WHERE bare OPERATOR(public.%%) public.sort_key(asked.word)
     ORDER BY public.similarity(bare, public.sort_key(asked.word)) DESC, documents DESC LIMIT 12)
    UNION
    (SELECT word, bare, documents FROM search_word
     WHERE bare LIKE public.sort_key(asked.word) || '%%' ORDER BY documents DESC LIMIT 3)
) AS near
"""


def corrections(wanted: Wanted) -> dict[str, str]:
    """Return, for each word that no open mission uses, the word that was most probably meant. One query.

    A word that the missions use, with other accents or in another form, stays as it is; so does what stands between quotes.
    """
    asked = [word for word in wanted.words if len(word) >= SHORTEST and not word.isdecimal()]
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(NEAR, [asked])
        rows = cursor.fetchall()
    candidates: dict[str, list[tuple[float, int, str]]] = defaultdict(list)
    known = {word for word, bare, _near, near_bare, _count in rows if near_bare == bare}
    for word, bare, near, near_bare, documents in rows:
        heard = slips(sound(bare), sound(near_bare)) + HEARD
        cost = PREFIX if near_bare.startswith(bare) else min(float(slips(bare, near_bare)), heard)
        if word not in known and cost <= forgiven(bare):
            candidates[word].append((cost, -documents, near))
    return {word: min(found)[2] for word, found in candidates.items()}


def forgiven(word: str) -> int:
    """How many slips a word of this length may hold."""
    return 1 if len(word) <= 5 else 2 if len(word) <= 9 else 3  # noqa: PLR2004 -- a third of the letters at most


def sound(word: str) -> str:
    """How a word without accents sounds, roughly: « numerik » is « numérique »."""
    for written, heard in SOUNDS:
        word = written.sub(heard, word)
    return ENDINGS.sub("", word).replace("y", "i").replace("z", "s")


def slips(one: str, other: str) -> int:
    """How many slips of the fingers lead from one word to the other: a letter more, less, another, or two swapped."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
