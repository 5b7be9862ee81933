"""What was answered, as pages show it: figures in words, and their evolution drawn on the server (W7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format, number_format
from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.kernel.plots import HEIGHT, RIGHT, WIDTH, bar, left_of, scale, under
from renfort.workshops.enums import QuestionKind
from renfort.workshops.selectors.results import FEWEST, Figure, Month

BEST = 5  # the highest mark of the satisfaction
MOST_MONTHS = 24  # of the drawing, the last ones
LONG = 4  # signs: longer words of a share take a line of their own on a phone


@dataclass(frozen=True, slots=True)
class Line:
    """One question as a page shows it. ``shares``: words, count, hundredths, whether the words are long."""

    label: str
    answers: str
    average: str
    hidden: str
    shares: tuple[tuple[str, int, int, bool], ...]
    is_words: bool


def mark_words(average: float, top: int) -> str:
    """« 4,3 sur 5 »."""
    return _("%(mark)s sur %(top)d") % {"mark": number_format(average, decimal_pos=1, use_l10n=True), "top": top}


def too_few(count: int) -> str:
    """Why nothing more is said of so few answers."""
    text = ngettext(
        "%(n)d réponse seulement : le résultat est montré à partir de %(least)d, pour que personne ne soit reconnu.",
        "%(n)d réponses seulement : le résultat est montré à partir de %(least)d, pour que personne ne soit reconnu.",
        count,
    )
    return text % {"n": count, "least": FEWEST}


def line_of(figure: Figure) -> Line:
    """One question in words."""
    is_words = figure.kind == QuestionKind.WORDS
    answers = ngettext("%(n)d réponse", "%(n)d réponses", figure.count) % {"n": figure.count}
    return Line(
        label=figure.label,
        answers=answers,
        average=mark_words(figure.average, figure.top) if figure.average is not None else "",
        hidden=too_few(figure.count) if figure.is_hidden and not is_words else "",
        shares=tuple(
            (share.words, share.count, round(100 * share.count / figure.count), len(share.words) > LONG)
            for share in figure.shares
        ),
        is_words=is_words,
    )


def month_words(month: Month) -> str:
    """« mars 2027 »."""
    return date_format(month.first, "F Y")


def evolution(months: Sequence[Month]) -> SafeString:
    """The satisfaction, a bar a month; a month with too few answers has none. The table beside it says the same."""
    shown = list(months)[-MOST_MONTHS:]
    left = left_of(1)
    slot = (WIDTH - left - RIGHT) / max(1, len(shown))
    wide = min(36.0, slot - 4)
    lines = scale([str(mark) for mark in range(BEST, -1, -1)], left)
    every = max(1, len(shown) // 6)
    for place, month in enumerate(shown):
        middle = left + slot * (place + 0.5)
        if month.average is not None:
            lines.append(bar(middle - wide / 2, wide, month.average / BEST, "plot-bar"))
        if (len(shown) - 1 - place) % every == 0:
            lines.append(under(middle, f"{month.first.month:02}/{month.first.year % 100:02}"))
    said = esc(_("Satisfaction moyenne mois par mois, sur 5 ; les chiffres sont dans le tableau qui suit."))
    drawing = "".join(lines)
    return mark_safe(f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{said}">{drawing}</svg>')  # noqa: S308 -- our own drawing; the words are escaped
