"""How many tables a session has, and whether enough people hold them: advice, which refuses nothing (W3)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.parameters.selectors import values_of
from renfort.workshops.catalogue import TABLE_SIZE, TABLES_HELD
from renfort.workshops.enums import Kind, Seat

TOO_FEW, RIGHT, TOO_MANY = "few", "right", "many"


@dataclass(frozen=True, slots=True)
class Staffing:
    """``tables`` that the participants fill, ``held`` by those who lead; ``verdict``; ``advice`` in a sentence."""

    tables: int
    held: int
    verdict: str
    advice: str


def tables_for(people: int, size: int) -> int:
    """How many tables so many people fill; the last one may be half empty."""
    return -(-people // size)


def judge(*, people: int, leads: int, co_leads: int, size: int, each: int) -> Staffing:
    """Whether so many people are well led: who leads holds ``each`` tables, who helps half as many.

    Too few when they hold fewer tables than there are; too many when there would be two of them and more for one table.
    """
    tables = tables_for(people, size)
    held = leads * each + co_leads * each // 2
    counted = ngettext("%(n)d table", "%(n)d tables", tables) % {"n": tables}
    if held < tables:
        advice = _("%(tables)s pour %(people)d personnes : prévoyez plus d'animation.") % {"tables": counted, "people": people}
        return Staffing(tables, held, TOO_FEW, advice)
    if leads + co_leads > 2 * tables:
        advice = _("%(tables)s pour %(people)d personnes : moins d'animateur·ices suffiraient.")
        return Staffing(tables, held, TOO_MANY, advice % {"tables": counted, "people": people})
    return Staffing(tables, held, RIGHT, _("%(tables)s pour %(people)d personnes.") % {"tables": counted, "people": people})


def staffing(kind: str, people: int, seats: dict[str, int]) -> Staffing | None:
    """The same with the operator's figures; None for a coaching, which has no tables. ``seats``: how many per part. One query."""
    if kind == Kind.COACHING:
        return None
    size, each = values_of(TABLE_SIZE, TABLES_HELD)
    return judge(people=people, leads=seats.get(Seat.LEAD, 0), co_leads=seats.get(Seat.CO_LEAD, 0), size=size, each=each)
