"""The country as a picture: how many missions wait in each department."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.territories.selectors import Outline, country_map


def needs_map(by_department: dict[str, int]) -> SafeString:
    """The map of open missions, drawn on the server (R1): each department a link to its missions, darker where more are.

    Colour is never alone: each link says the department and the number. Paris and its neighbours, magnified in a corner,
    are pictures of the same links and stay silent for screen readers.
    """
    drawing = country_map()
    most = max(by_department.values(), default=1)
    shapes = format_html_join("", "{}", ((_shape(outline, by_department, most),) for outline in drawing.outlines))
    magnified = format_html_join(
        "", '<path class="dep dep-{}" d="{}"/>', ((_shade(by_department.get(o.code, 0), most), o.path) for o in drawing.magnified)
    )
    return format_html(
        '<svg class="country" viewBox="{}" role="group" aria-label="{}">{}<g aria-hidden="true">{}</g></svg>',
        drawing.view_box,
        _("Missions ouvertes par département"),
        shapes,
        magnified,
    )


def _shade(count: int, most: int) -> int:
    """0 to 4, by the square root: a country where Paris has a hundred times more still shows the others."""
    return 0 if not count else max(1, round(4 * (count / most) ** 0.5))


def _shape(outline: Outline, by_department: dict[str, int], most: int) -> SafeString:
    count = by_department.get(outline.code, 0)
    said = ngettext("%(name)s : %(count)d mission", "%(name)s : %(count)d missions", count)
    label = said % {"name": outline.name, "count": count}
    shape = format_html('<path class="dep dep-{}" d="{}"><title>{}</title></path>', _shade(count, most), outline.path, label)
    if not count:
        return shape
    url = f"{reverse('missions:public-list')}?lieu={outline.code}"
    return format_html('<a href="{}" aria-label="{}">{}</a>', url, label, shape)
