"""The worker seals the history each minute."""

from __future__ import annotations

from datetime import datetime

from renfort.audit import services
from renfort.kernel.clock import every


@every("* * * * *", name="audit.seal")
def seal(now: datetime) -> int:
    """Seal what was written since the last minute; returns how many seals were written."""
    return services.seal(now)
