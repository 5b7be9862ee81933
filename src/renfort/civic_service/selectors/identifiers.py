"""The numbers by which a school is known, and the school year: asked of what is stored and of what is typed (S2)."""

from __future__ import annotations

import re
from datetime import date

from phonenumbers import NumberParseException, is_valid_number, parse

UAI = re.compile(r"\d{7}[A-HJ-NPR-Z]", re.ASCII)
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # of a UAI: no I, O nor Q


def uai_letter(digits: str) -> str:
    """The letter that checks the seven digits of a UAI: the 23 letters without I, O and Q, at the number modulo 23."""
    return LETTERS[int(digits) % len(LETTERS)]


def is_uai(code: str) -> bool:
    """Whether this is a UAI (« code RNE »): seven digits, of which the first three say the department, and their letter."""
    return UAI.fullmatch(code) is not None and uai_letter(code[:-1]) == code[-1]


def is_phone(number: str) -> bool:
    """Whether a stored number (E.164) is one that somebody may have."""
    try:
        return is_valid_number(parse(number))
    except NumberParseException:
        return False


def school_year_of(day: date, *, month: int, first: int) -> int:
    """The year in which the school year of a day begins, when it begins on that day of that month."""
    return day.year if (day.month, day.day) >= (month, first) else day.year - 1
