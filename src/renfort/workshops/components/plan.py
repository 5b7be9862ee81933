"""Where the sessions of an assignment take place, drawn on the server; the list beside it says the same (W2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from renfort.territories.selectors import country_map
from renfort.workshops.enums import Presence, SessionState
from renfort.workshops.models import Session
from renfort.workshops.selectors.places import centres

AROUND, MARGIN, SHAPE = 70.0, 1.3, 4 / 3  # units of the drawing shown at least on each side; width to height


@dataclass(frozen=True, slots=True)
class PlanMap:
    """The drawing, and its words: each place with how many sessions."""

    svg: SafeString
    places: list[tuple[str, str]]


def sessions_map(sessions: Sequence[Session]) -> PlanMap | None:
    """The sessions on site by place; None when no place is known. One query."""
    alive = [each for each in sessions if each.presence == Presence.ON_SITE and each.state != SessionState.CANCELLED]
    known = centres(each.postcode for each in alive)
    counted = Counter((each.postcode, each.city) for each in alive if each.postcode in known)
    if not counted:
        return None
    drawing = country_map()
    points = {place: drawing.point(*known[place[0]]) for place in counted}
    xs, ys = [x for x, _y in points.values()], [y for _x, y in points.values()]
    width = max((max(xs) - min(xs)) * MARGIN, (max(ys) - min(ys)) * MARGIN * SHAPE, 2 * AROUND)
    left, top = (min(xs) + max(xs) - width) / 2, (min(ys) + max(ys) - width / SHAPE) / 2
    shown = (left, top, left + width, top + width / SHAPE)
    shapes = format_html_join(
        "", '<path d="{}"/>', ((each.path,) for each in drawing.outlines if _meet(drawing.box(each.code), shown))
    )
    marks = format_html_join(
        "", '<circle cx="{}" cy="{}" r="{}"/>',
        ((f"{x:.1f}", f"{y:.1f}", f"{width / 60 + width / 300 * counted[place]:.1f}") for place, (x, y) in points.items()),
    )  # fmt: skip
    view = f"{left:.0f} {top:.0f} {width:.0f} {width / SHAPE:.0f}"
    svg = format_html('<svg class="plan-map" viewBox="{}" aria-hidden="true">{}{}</svg>', view, shapes, marks)
    words = [
        (f"{city or code} ({code})", ngettext("%(n)d session", "%(n)d sessions", count) % {"n": count})
        for (code, city), count in sorted(counted.items())
    ]
    return PlanMap(svg, words)


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
