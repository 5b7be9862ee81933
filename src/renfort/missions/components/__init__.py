"""Pieces of the réserve's pages, as functions that return safe HTML (design decision 15)."""

from renfort.missions.components.cards import distance_words, mission_card
from renfort.missions.components.rows import (
    dressed,
    mission_badge,
    mission_row,
    participation_badge,
    timeline_of,
    turn_badge,
)

__all__ = [
    "distance_words",
    "dressed",
    "mission_badge",
    "mission_card",
    "mission_row",
    "participation_badge",
    "timeline_of",
    "turn_badge",
]
