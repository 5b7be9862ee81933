"""What the clock does for coordinated sessions beside what its workflows say."""

from __future__ import annotations

from datetime import datetime

from renfort.kernel.clock import every
from renfort.workshops.services import bills, proofs


@every("17 * * * *", name="workshops.remind_documents")
def remind_of_documents(now: datetime) -> None:
    """Documents that expire within a month and within a week (W4)."""
    proofs.remind_of_documents(now)


@every("* * * * * */10", name=bills.CARRY)
def write_bills(now: datetime) -> int:
    """Write the invoices of the run that waits, and go on with what a dead worker began."""
    return bills.write_due(now)
