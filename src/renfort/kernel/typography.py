"""French spaces: what stands before « : ; ? ! » and inside « » stays on the line of its word (P8, P9).

Texts are written with plain spaces, as one types them; catalogues and guides are made with the right ones.
"""

from __future__ import annotations

import re

NO_BREAK, NARROW = "\u00a0", "\u202f"
BEFORE = {":": NO_BREAK, "»": NO_BREAK, ";": NARROW, "?": NARROW, "!": NARROW}
LOOSE = re.compile(r"« | ([»;:?!])(?!\w)")
HOUR = re.compile(r"(?<=\d) h\b(?: (?=\d\d\b))?")  # « 19 h 30 »


def spaced(text: str) -> str:
    """French text whose spaces end no line: as wide as a word's before a colon and inside quotes, else narrow."""
    text = LOOSE.sub(lambda found: BEFORE[found[1]] + found[1] if found[1] else f"«{NO_BREAK}", text)
    return HOUR.sub(lambda found: found[0].replace(" ", NO_BREAK), text)


def typed(text: str) -> str:
    """The same text with its spaces as one types them, for files that are compared and searched."""
    return text.replace(NO_BREAK, " ").replace(NARROW, " ")
