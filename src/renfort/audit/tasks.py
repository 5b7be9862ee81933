"""The worker seals the history each minute, and forgets each night who read contact data a year ago."""

from __future__ import annotations

from datetime import datetime

from renfort.audit import services
from renfort.kernel.clock import every


@every("* * * * *", name="audit.seal")
def seal(now: datetime) -> int:
    """Seal what was written since the last minute; returns how many seals were written."""
    return services.seal(now)


@every("45 3 * * *", name="audit.forget_views")
def forget_views(now: datetime) -> int:
    """Who read whose contact data is kept for a year (R37, P10); returns how many rows went."""
    return services.forget_views(now)
