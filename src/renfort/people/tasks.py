"""What the clock forgets of people: accounts and intents that nobody confirmed (P10)."""

from __future__ import annotations

from datetime import datetime

from renfort.kernel.clock import every
from renfort.people.services import forget_old_changes, forget_old_intents, forget_unconfirmed


@every("10 4 * * *", name="people.forget")
def forget(now: datetime) -> None:
    """Remove what waited for a confirmation for a month."""
    forget_unconfirmed()
    forget_old_intents()
    forget_old_changes()
