"""What the clock takes out of the search: missions that are over."""

from __future__ import annotations

from datetime import datetime

from renfort.kernel.clock import every
from renfort.search import services


@every("*/5 * * * *", name="search.forget_over")
def forget_over(now: datetime) -> None:
    """Remove missions whose last day has passed where they take place."""
    services.forget(now)
