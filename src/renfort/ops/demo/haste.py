"""As people type when they are in a hurry: capitals, no accents, letters swapped, doubled or forgotten, « é » for « er »."""

from __future__ import annotations

import re
from random import Random

BARE = str.maketrans("éèêëàâäîïôöûùüçÉÈÊÀÂÎÔÇ", "eeeeaaaiioouuucEEEAAIOC")
WORD = re.compile(r"[^\W\d_]{5,}")
NEIGHBOURS = {"a": "z", "e": "r", "i": "o", "o": "p", "n": "b", "t": "r", "s": "d", "r": "t", "l": "k", "u": "y"}


def in_haste(rng: Random, text: str) -> str:
    """The text typed in haste: never the same as it was, unless it has no word of five letters."""
    kind = rng.randrange(10)
    if kind < 3:  # noqa: PLR2004 -- three in ten
        return _shouted(rng, text)
    if kind < 5 and (bare := text.translate(BARE)) != text:  # noqa: PLR2004 -- two in ten
        return bare.lower() if rng.random() < 0.5 else bare  # noqa: PLR2004 -- one in two
    mistakes = 1 + len(text) // 160
    for _ in range(mistakes):
        text = _misspelt(rng, text)
    return text


def _shouted(rng: Random, text: str) -> str:
    """In capitals: a title or a short text all of it, a long one mostly its first sentence."""
    first, dot, rest = text.partition(". ")
    return text.upper() if not dot or rng.random() < 0.15 else first.upper() + dot + rest  # noqa: PLR2004 -- a few shout throughout


def _misspelt(rng: Random, text: str) -> str:
    """One word of the text with a mistake."""
    words = list(WORD.finditer(text))
    if not words:
        return text
    found = rng.choice(words)
    word = found.group()
    return text[: found.start()] + _mistaken(rng, word) + text[found.end() :]


def _mistaken(rng: Random, word: str) -> str:
    """The word, wrong."""
    if word.endswith("er") and rng.random() < 0.3:  # noqa: PLR2004 -- the commonest mistake of all
        return word[:-2] + "é"
    at = rng.randrange(1, len(word) - 2)
    kind = rng.randrange(4)
    if kind == 0 and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1 and word[at] in NEIGHBOURS:
        return word[:at] + NEIGHBOURS[word[at]] + word[at + 1 :]
    if kind == 2:  # noqa: PLR2004 -- one of four
        return word[:at] + word[at + 1 :] if word[at] != word[at + 1] else word[: at + 1] + word[at:]
    return word[: at + 1] + word[at:]
