"""Applications and acceptances week by week, drawn on the server; the table beside it says the same (R41)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from renfort.kernel.plots import HEIGHT, RIGHT, WIDTH, bar, left_of, nice_top, scale, under
from renfort.kernel.templatetags.ui import number, period_words


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


def weekly_plot(weeks: Sequence[Week]) -> SafeString:
    """Two bars a week. Attributes and classes alone: no style that the site's policy would refuse."""
    top = nice_top(max((max(week.applied, week.accepted) for week in weeks), default=0))
    left = left_of(len(number(top)))
    slot = (WIDTH - left - RIGHT) / max(1, len(weeks))
    wide = min(18.0, slot / 2 - 4)
    lines = scale([number(top - top * part // 4) for part in range(5)], left)
    for place, week in enumerate(weeks):
        middle = left + slot * (place + 0.5)
        lines.append(bar(middle - wide - 1, wide, week.applied / top, "plot-applied"))
        lines.append(bar(middle + 1, wide, week.accepted / top, "plot-accepted"))
        if (len(weeks) - 1 - place) % 3 == 0:
            lines.append(under(middle, f"{week.monday.day:02}/{week.monday.month:02}"))
    said = esc(_("Propositions reçues et acceptées par semaine ; les chiffres sont dans le tableau qui suit."))
    drawing = "".join(lines)
    return mark_safe(f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{said}">{drawing}</svg>')  # noqa: S308 -- our own drawing; the words are escaped
