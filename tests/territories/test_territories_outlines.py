"""The map drawn on the server."""

import gzip
import re

import pytest

from renfort.territories.models import Commune
from renfort.territories.selectors import country_map, departments, outlines

VERTEX = re.compile(r"-?\d+")


def test_the_map_fits_in_thirty_kilobytes():
    drawn = (*country_map().outlines, *country_map().magnified)
    assert len(gzip.compress("".join(f'<path d="{each.path}"/>' for each in drawn).encode())) < 30_000


@pytest.mark.django_db
def test_every_department_is_on_the_map_once_under_its_name():
    assert {each.code: each.name for each in outlines()} == {each.code: each.name for each in departments()}
    assert len(outlines()) == 107


def test_the_capital_and_its_neighbours_are_also_drawn_large():
    assert [each.code for each in country_map().magnified] == ["75", "92", "93", "94"]


def test_every_figure_stands_inside_the_drawing():
    width, height = (int(side) for side in country_map().view_box.split()[2:])
    for each in (*country_map().outlines, *country_map().magnified):
        assert 0 < each.x < width
        assert 0 < each.y < height
        start = [int(number) for number in VERTEX.findall(each.path)[:2]]
        assert 0 <= start[0] <= width
        assert 0 <= start[1] <= height


def test_a_path_holds_only_what_a_path_may_hold():
    assert all(re.fullmatch(r"[Mlaz0-9 -]+", each.path) for each in outlines())


def test_reading_the_map_asks_the_database_nothing(django_assert_num_queries, db):
    country_map.cache_clear()
    with django_assert_num_queries(0):
        assert country_map() is country_map()


@pytest.mark.django_db
def test_communes_lie_in_the_drawing_of_their_department():
    """A mission drawn in the sea, or in the next department, would send people astray."""
    drawing, astray = country_map(), []
    for code, department, latitude, longitude in Commune.objects.order_by("code").values_list(
        "code", "department_id", "latitude", "longitude"
    ):
        x, y = drawing.point(department, latitude, longitude)
        left, top, right, bottom = drawing.box(department)
        if not (left - 3 <= x <= right + 3 and top - 3 <= y <= bottom + 3):
            astray.append((code, department, round(x - left), round(y - top)))

    assert astray == []


def test_towns_lie_where_the_drawing_has_them():
    drawing = country_map()
    brest, strasbourg, perpignan = (
        drawing.point(*place) for place in (("29", 48.39, -4.49), ("67", 48.58, 7.75), ("66", 42.70, 2.90))
    )

    assert brest[0] < perpignan[0] < strasbourg[0]
    assert strasbourg[1] < brest[1] + 60 < perpignan[1]
    assert 0.85 < drawing.kilometre("33") < 0.88
    assert drawing.kilometre("972") > drawing.kilometre("33"), "an island is drawn larger"
