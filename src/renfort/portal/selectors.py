"""What the front door shows."""

from __future__ import annotations

from typing import Any


def home() -> dict[str, Any]:
    """Latest missions, domains, figures, and ``needs``: places left by department code. Empty until missions fill it."""
    return {"latest": [], "domains": [], "figures": None, "needs": {}}
