"""Time given, in quarters of an hour: read as people type it, told as they say it (R33)."""

from __future__ import annotations

import re

QUARTERS = 4  # of an hour
MINUTES = 15  # of a quarter
_TYPED = re.compile(
    r"(?:(?P<hours>\d{1,5})(?:\s*(?:h|heures?|hours?|:)\s*(?P<minutes>\d{1,2})?\s*(?:min(?:utes?)?|m)?)?"
    r"|(?P<decimal>\d{1,5}[.,]\d{1,2})\s*(?:h|heures?|hours?)?"
    r"|(?P<alone>\d{1,4})\s*(?:min(?:utes?)?|m))",
    re.IGNORECASE,
)


def quarters_of(text: str) -> int | None:
    """« 7 h 30 », « 7:30 », « 7,5 », « 7 » or « 45 min » in quarters of an hour; None when it is no such duration."""
    found = _TYPED.fullmatch(" ".join(text.split()))
    if found is None:
        return None
    if found["decimal"]:
        quarters = float(found["decimal"].replace(",", ".")) * QUARTERS
        return int(quarters) if quarters == int(quarters) else None
    hours, minutes = int(found["hours"] or 0), int(found["minutes"] or found["alone"] or 0)
    if (found["hours"] and minutes >= 60) or minutes % MINUTES:  # noqa: PLR2004 -- minutes of an hour
        return None
    return hours * QUARTERS + minutes // MINUTES


def duration_words(quarters: int) -> str:
    """« 7 h 30 », « 7 h », « 45 min »: the same in French and English."""
    hours, rest = divmod(quarters, QUARTERS)
    if rest and not hours:
        return f"{rest * MINUTES}\u00a0min"
    return f"{hours}\u00a0h" + (f"\u00a0{rest * MINUTES:02}" if rest else "")
