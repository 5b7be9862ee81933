"""The results on a map drawn here (design decisions 27 and 28): departments as background, a circle where missions are.

The drawing is all there is without JavaScript; with it, ``missions/map.js`` lets Leaflet move the same drawing about. The list
beside it says everything that the drawing shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.kernel.templatetags.ui import number
from renfort.missions.models import Mission
from renfort.missions.selectors.mission import titles_of
from renfort.search.selectors import Circle, Criteria, Spot, spots
from renfort.territories.selectors import CountryMap, Outline, country_map, departments

MOST = 60  # places drawn and listed
NAMED = 3  # missions told at each
LABELS = 14  # places whose name stands on the drawing
AROUND = 80  # km shown on each side of one mission
SHAPE = 4 / 3  # width to height of what is shown
MARGIN = 1.12
Address = Callable[..., str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One circle of the drawing and one line of the list: x, y and radius in the drawing's units."""

    x: float
    y: float
    radius: float
    name: str
    count: int
    url: str
    label: bool
    label_size: float = 0.0
    missions: tuple[Mission, ...]

    @property
    def shown(self) -> str:
        return number(self.count)

    @property
    def words(self) -> str:
        """« Bègles (33) : 12 missions »."""
        return _("%(name)s\u00a0: %(missions)s") % {"name": self.name, "missions": self.count_words}

    @property
    def count_words(self) -> str:
        return ngettext("%(n)s mission", "%(n)s missions", self.count) % {"n": self.shown}

    @property
    def svg(self) -> SafeString:
        """The circle with its figure, and its name where there is room: a link, told again in the list."""
        inside, x, y = "", f"{self.x:.1f}", f"{self.y:.1f}"
        if self.count > 1:
            inside = (
                f'<text class="map-count" x="{x}" y="{y}" dy=".36em" font-size="{self.radius * 0.95:.1f}">{self.shown}</text>'
            )
        if self.label:
            size = self.label_size
            inside += f'<text class="map-name" x="{self.x + self.radius * 1.15:.1f}" y="{y}" dy=".36em" font-size="{size:.1f}"'
            inside += f' stroke-width="{size / 4:.1f}">{esc(self.name.rpartition(" (")[0])}</text>'
        return mark_safe(  # noqa: S308 -- every part is escaped
            f'<a href="{esc(self.url)}" tabindex="-1" data-x="{x}" data-y="{y}" data-count="{self.count}">'
            f'<circle cx="{x}" cy="{y}" r="{self.radius:.1f}"/>{inside}<title>{esc(self.words)}</title></a>'
        )

    @property
    def others(self) -> int:
        """How many more there are than are told."""
        return self.count - len(self.missions) if self.missions else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionMap:
    """The drawing: ``view`` is left, top, width and height of what is shown of ``whole``. ``unit`` grows with what is shown."""

    whole: str
    view: tuple[float, float, float, float]
    unit: float
    outlines: tuple[Outline, ...]
    lens: tuple[Outline, ...]
    circle: tuple[float, float, float] | None
    marks: list[Mark]
    is_cut: bool  # there are more places than are shown

    @property
    def view_box(self) -> str:
        return " ".join(f"{each:.1f}" for each in self.view)


def draw(criteria: Criteria, circle: Circle | None, address: Address, *, now: datetime) -> MissionMap:
    """Draw what the criteria find: the whole country by department, else a place by city. Three queries at most.

    ``address`` makes the address of the same search with changes.
    """
    drawing, by_department = country_map(), not criteria.has_place
    found = spots(criteria, by_department=by_department, most=MOST * 2 if by_department else MOST, named=NAMED, now=now)
    if by_department:
        lens = {each.code: each for each in drawing.magnified}
        view = tuple(map(float, drawing.view_box.split()))
        marks = _departments(found, {each.code: each for each in drawing.outlines} | lens, address)
        return _map(drawing, (view[0], view[1], view[2], view[3]), marks, lens=drawing.magnified)
    middle = _circle(drawing, circle, criteria.departments)
    points = [drawing.point(spot.department, spot.latitude, spot.longitude) for spot in found]
    view = _view(drawing, criteria.departments, middle, points)
    marks = _cities(found, points, view[2], address)
    return _map(drawing, view, marks, circle=middle, is_cut=len(found) == MOST)


def place_map(mission: Mission) -> SafeString:
    """Where a mission lies in its part of the country, drawn small; "" when it has no place. Decoration: the words say it."""
    if mission.is_remote or mission.latitude is None or mission.longitude is None:
        return SafeString("")
    drawing = country_map()
    x, y = drawing.point(mission.department_id, mission.latitude, mission.longitude)
    left, top, right, bottom = x - AROUND, y - AROUND * 0.8, x + AROUND, y + AROUND * 0.8
    view = f"{left:.0f} {top:.0f} {2 * AROUND} {1.6 * AROUND:.0f}"
    own = {mission.department_id: ' class="map-own"'}
    paths = "".join(
        f'<path{own.get(each.code, "")} d="{each.path}"/>'
        for each in drawing.outlines
        if _meet(drawing.box(each.code), (left, top, right, bottom))
    )
    others = "".join(
        '<circle class="place-also" cx="{:.1f}" cy="{:.1f}" r="3"/>'.format(
            *drawing.point(each.department_id, each.latitude, each.longitude)
        )
        for each in mission.addresses.all()
        if each.latitude is not None and each.longitude is not None
    )
    return mark_safe(  # noqa: S308 -- our own drawing
        f'<svg class="place-map" viewBox="{view}" preserveAspectRatio="xMidYMid slice" aria-hidden="true">'
        f'{paths}{others}<circle cx="{x:.1f}" cy="{y:.1f}" r="5"/></svg>'
    )


def _map(
    drawing: CountryMap,
    view: tuple[float, float, float, float],
    marks: list[Mark],
    *,
    lens: tuple[Outline, ...] = (),
    circle: tuple[float, float, float] | None = None,
    is_cut: bool = False,
) -> MissionMap:
    return MissionMap(
        whole=drawing.view_box, view=view, unit=round(view[2] / 1000, 4), outlines=drawing.outlines, lens=lens, circle=circle,
        marks=marks, is_cut=is_cut,
    )  # fmt: skip


def _departments(found: Iterable[Spot], shapes: dict[str, Outline], address: Address) -> list[Mark]:
    """One mark for each department, where a figure can stand; it leads to the department's own map."""
    names = {each.code: each.name for each in departments()}
    return [
        Mark(
            x=shapes[spot.department].x, y=shapes[spot.department].y, radius=min(19.0, 8.0 + 1.2 * sqrt(spot.count)), label=False,
            name=names[spot.department], count=spot.count, url=address(lieu=spot.department, vue="carte"), missions=(),
        )
        for spot in found
    ]  # fmt: skip


def _cities(found: list[Spot], points: list[tuple[float, float]], width: float, address: Address) -> list[Mark]:
    """One mark for each city; a single mission is one press away."""
    told = titles_of([pk for spot in found for pk in spot.missions])
    marks, taken = [], [_extent(x, y, _radius(spot.count, width)) for spot, (x, y) in zip(found, points, strict=True)]
    labels = 0
    for spot, (x, y) in zip(found, points, strict=True):
        name, radius = f"{spot.city} ({spot.department})", _radius(spot.count, width)
        extent = (x + radius, y - width / 60, x + radius + len(spot.city) * width / 85, y + width / 60)
        label = labels < LABELS and not any(_meet(extent, other) for other in taken)
        if label:
            taken.append(extent)
            labels += 1
        missions = tuple(told[pk] for pk in spot.missions if pk in told)
        url = address(lieu=name, rayon=0.0, lat="", lon="", vue="liste")
        if spot.count == 1 and missions:
            url = missions[0].get_absolute_url()
        marks.append(
            Mark(
                x=x,
                y=y,
                radius=radius,
                name=name,
                count=spot.count,
                url=url,
                label=label,
                label_size=width / 48,
                missions=missions,
            )
        )
    return marks


def _radius(count: int, width: float) -> float:
    """A circle whose surface grows with what it stands for, never too small for a finger nor larger than a thumb."""
    return min(34.0, 11.0 + 2.6 * sqrt(count)) * width / 1000


def _extent(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    return x - radius, y - radius, x + radius, y + radius


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _circle(drawing: CountryMap, circle: Circle | None, codes: tuple[str, ...]) -> tuple[float, float, float] | None:
    """The circle that was asked for, in the drawing."""
    if circle is None or not codes:
        return None
    x, y = drawing.point(codes[0], circle.latitude, circle.longitude)
    return x, y, circle.radius * drawing.kilometre(codes[0])


def _view(
    drawing: CountryMap, codes: tuple[str, ...], circle: tuple[float, float, float] | None, points: list[tuple[float, float]]
) -> tuple[float, float, float, float]:
    """What is shown: the circle, else the departments, with a margin, in a shape that suits a screen."""
    boxes = [_extent(*circle)] if circle else [drawing.box(code) for code in codes]
    if not circle and len(codes) == 1 and points:
        boxes.append(
            (min(x for x, _y in points), min(y for _x, y in points), max(x for x, _y in points), max(y for _x, y in points))
        )
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    width, height = (right - left) * MARGIN, (bottom - top) * MARGIN
    width, height = max(width, height * SHAPE), max(height, width / SHAPE)
    return (left + right - width) / 2, (top + bottom - height) / 2, width, height
