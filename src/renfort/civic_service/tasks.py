"""What the clock does for civic service beside what its workflows say."""

from __future__ import annotations

from datetime import datetime

from renfort.civic_service.services import review_digest
from renfort.kernel.clock import every


@every("32 * * * *", name="civic_service.tell_case_managers")
def tell_what_waits(now: datetime) -> None:
    """The morning's e-mail of case managers (S10)."""
    review_digest.tell_case_managers(now)
