"""The grid: whatever lies within a circle lies in one of its cells (P2)."""

from __future__ import annotations

from math import cos, radians

from hypothesis import given
from hypothesis import strategies as st

from renfort.search.selectors import FARTHEST, Circle, cell_of, cells_around
from renfort.search.selectors.cells import KILOMETRES


@given(
    latitude=st.floats(-60, 60),
    longitude=st.floats(-179.9, 179.9),
    radius=st.floats(0.1, FARTHEST),
    north=st.floats(-1, 1),
    share=st.floats(-0.99, 0.99),
)
def test_a_point_within_the_radius_lies_in_a_cell_of_the_circle(latitude, longitude, radius, north, share):
    up = north * radius / KILOMETRES
    side = share * max(0.0, radius**2 - (north * radius) ** 2) ** 0.5 / KILOMETRES / cos(radians(latitude))
    point_longitude = (longitude + side + 180) % 360 - 180

    assert cell_of(latitude + up, point_longitude) in cells_around(Circle(latitude=latitude, longitude=longitude, radius=radius))


def test_a_circle_has_few_cells():
    assert len(cells_around(Circle(latitude=44.8, longitude=-0.5, radius=20))) <= 42
    assert len(cells_around(Circle(latitude=51.0, longitude=2.5, radius=FARTHEST))) <= 2_700
