"""What the clock does for civic service beside what its workflows say."""

from __future__ import annotations

from datetime import datetime

from renfort.civic_service.services import directory, review_digest
from renfort.kernel.clock import every


@every("32 * * * *", name="civic_service.tell_case_managers")
def tell_what_waits(now: datetime) -> None:
    """The morning's e-mail of case managers (S10)."""
    review_digest.tell_case_managers(now)


@every("12 * * * *", name="civic_service.read_directory")
def read_directory(now: datetime) -> bool:
    """Read the whole directory, once a day from the operator's hour on (S1)."""
    return directory.read_daily(now)


@every("* * * * * */10", name=directory.CARRY)
def carry_directory(now: datetime) -> int:
    """Compare, write or take back the reading that waits, and go on with what a dead worker began."""
    return directory.carry_due(now)


@every("35 3 * * *", name="civic_service.forget_directory")
def forget_directory(now: datetime) -> int:
    """Remove differences of the directory whose time is over (P10)."""
    return directory.forget(now)
