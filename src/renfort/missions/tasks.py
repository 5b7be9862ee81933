"""What the clock does for the réserve's search: its words follow the missions."""

from __future__ import annotations

from datetime import datetime

from renfort.kernel.clock import every
from renfort.missions.services import search
from renfort.missions.services.reminders import remind_hosts


@every("*/2 * * * *", name="missions.learn_words")
def learn_words(now: datetime) -> None:
    """Typing errors in the words of new missions are forgiven a few minutes after them."""
    search.learn()


@every("50 3 * * *", name="missions.learn_words_anew")
def learn_words_anew(now: datetime) -> None:
    """Words that no open mission uses any more are no longer proposed."""
    search.learn_anew()


@every("7 * * * *", name="missions.remind_hosts")
def remind_of_waiting(now: datetime) -> None:
    """Applications that wait for two and seven days (R36)."""
    remind_hosts(now)
