"""Reads of the réserve: what exists for whom first, then what it counts."""

from renfort.missions.selectors.mission import (
    missions_visible,
    open_missions,
    places_taken,
    similar_missions,
    with_places,
)
from renfort.missions.selectors.participation import participations_visible

__all__ = [
    "missions_visible",
    "open_missions",
    "participations_visible",
    "places_taken",
    "similar_missions",
    "with_places",
]
