"""What the clock does for coordinated sessions beside what its workflows say."""

from __future__ import annotations

from datetime import datetime

from renfort.kernel.clock import every
from renfort.workshops.services import proofs


@every("17 * * * *", name="workshops.remind_documents")
def remind_of_documents(now: datetime) -> None:
    """Documents that expire within a month and within a week (W4)."""
    proofs.remind_of_documents(now)
