"""What the clock does for the papers."""

from __future__ import annotations

from datetime import datetime

from renfort.documents import services
from renfort.kernel.clock import every


@every("10 4 * * *", name="documents.forget_ended_files")
def forget_ended_files(now: datetime) -> None:
    """Files that nobody is handed any more are not kept."""
    services.forget_ended_files(now)
