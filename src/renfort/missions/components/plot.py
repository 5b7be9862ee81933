"""Applications and acceptances week by week, drawn on the server; the table beside it says the same (R41)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from renfort.kernel.templatetags.ui import number, period_words

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 12, 28
WORD = 12  # what a figure of the scale takes, as large as a phone shows it
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Week:
    """One week, from its Monday."""

    monday: date
    applied: int
    accepted: int

    @property
    def words(self) -> str:
        """« du 2 au 8 mars »."""
        return period_words(starts_on=self.monday, ends_on=self.monday + timedelta(days=6))


def nice_top(most: int) -> int:
    """The round number that a scale ends with: four parts of 1, 2 or 5 times a power of ten, at least 4."""
    part, power = max(1, ceil(most / 4)), 1
    while True:
        for step in STEPS:
            if step * power >= part:
                return 4 * step * power
        power *= 10


def weekly_plot(weeks: Sequence[Week]) -> SafeString:
    """Two bars a week. Attributes and classes alone: no style that the site's policy would refuse."""
    top = nice_top(max((max(week.applied, week.accepted) for week in weeks), default=0))
    inner = HEIGHT - TOP - BOTTOM
    left = max(LEFT, 8 + WORD * len(number(top)))
    slot = (WIDTH - left - RIGHT) / max(1, len(weeks))
    bar = min(18.0, slot / 2 - 4)
    lines = []
    for part in range(5):
        y = TOP + inner * part / 4
        words = esc(number(top - top * part // 4))
        lines.append(
            f'<line class="plot-line" x1="{left}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="plot-word" x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{words}</text>'
        )
    for place, week in enumerate(weeks):
        middle = left + slot * (place + 0.5)
        lines.append(_bar(middle - bar - 1, bar, week.applied, top, "plot-applied"))
        lines.append(_bar(middle + 1, bar, week.accepted, top, "plot-accepted"))
        if (len(weeks) - 1 - place) % 3 == 0:
            day = f"{week.monday.day:02}/{week.monday.month:02}"
            lines.append(f'<text class="plot-word" x="{middle:.1f}" y="{HEIGHT - 8}" text-anchor="middle">{day}</text>')
    said = esc(_("Propositions reçues et acceptées par semaine ; les chiffres sont dans le tableau qui suit."))
    drawing = "".join(lines)
    return mark_safe(f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{said}">{drawing}</svg>')  # noqa: S308 -- our own drawing; the words are escaped


def _bar(x: float, width: float, value: int, top: int, kind: str) -> str:
    inner = HEIGHT - TOP - BOTTOM
    height = inner * value / top
    return f'<rect class="{kind}" x="{x:.1f}" y="{TOP + inner - height:.1f}" width="{width:.1f}" height="{height:.1f}" rx="3"/>'
