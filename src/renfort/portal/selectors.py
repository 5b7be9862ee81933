"""What the front door shows."""

from __future__ import annotations

from typing import Any


def home() -> dict[str, Any]:
    """Latest missions, domains and figures; empty until the missions app fills it."""
    return {"latest": [], "domains": [], "figures": None, "map": None}
