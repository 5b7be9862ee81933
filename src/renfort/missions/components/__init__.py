"""Pieces of the réserve's pages, as functions that return safe HTML (design decision 15)."""

from renfort.missions.components.rows import (
    dressed,
    mission_badge,
    mission_row,
    participation_badge,
    participation_row,
    timeline_of,
)

__all__ = [
    "dressed",
    "mission_badge",
    "mission_row",
    "participation_badge",
    "participation_row",
    "timeline_of",
]
