"""The closed lists of the geography."""

from __future__ import annotations

from enum import StrEnum


class DepartmentKind(StrEnum):
    """What stands behind a department's code."""

    DEPARTMENT = "department"
    COLLECTIVITY = "collectivity"  # overseas, outside the regions: Polynésie française, Nouvelle-Calédonie…


class PlaceKind(StrEnum):
    """What a typed text was understood as."""

    POSTCODE = "postcode"
    COMMUNE = "commune"
    DEPARTMENT = "department"
    REGION = "region"
