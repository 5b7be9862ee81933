"""What the worker does for the programme."""

from __future__ import annotations

from datetime import datetime

from renfort.kernel.clock import every
from renfort.workshops.services import bills


@every("* * * * * */10", name=bills.CARRY)
def write_bills(now: datetime) -> int:
    """Write the invoices of the run that waits, and go on with what a dead worker began."""
    return bills.write_due(now)
