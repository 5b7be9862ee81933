"""What the clock does for the réserve beside what its workflows say: the search's words, forms that were left."""

from __future__ import annotations

from datetime import datetime

from renfort.kernel.clock import every
from renfort.missions.services import accesses, batches, checks, search, unfinished
from renfort.missions.services.digest import tell_queues
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


@every("12 * * * *", name="missions.tell_queues")
def tell_what_waits_for_a_decision(now: datetime) -> None:
    """The morning's e-mail of referents and operators (R52)."""
    tell_queues(now)


@every("* * * * *", name=batches.CHORE)
def run_batches(now: datetime) -> None:
    """Answer the participations that somebody answers by the hundred; rung when asked, begun again where a worker died."""
    batches.run_asked()


@every("30 3 * * *", name="missions.forget_batches")
def forget_batches(now: datetime) -> None:
    """Who answered many at once finds the outcome for three months; the history keeps it for good."""
    batches.forget_old(now)


@every("35 3 * * *", name="missions.forget_typed")
def forget_typed(now: datetime) -> None:
    """Forms left half-way for thirty days are forgotten (P10)."""
    unfinished.forget_old(now)


@every("40 3 * * *", name="missions.forget_accesses")
def forget_accesses(now: datetime) -> None:
    """Why referents read contact data is kept for a year, as the log of it is (P10)."""
    accesses.forget_accesses(now)


@every("* * * * *", name=checks.RECHECK)
def recheck(now: datetime) -> int:
    """Check everything again when words have changed; rung when asked, begun again where a worker died (R53)."""
    return checks.run_rechecks(now)


@every("15 2 * * *", name="missions.check_waiting")
def check_waiting(now: datetime) -> None:
    """What waits to be read is checked again each night: dates pass; old findings are forgotten (R53, P10)."""
    checks.check_waiting()
    checks.forget_old(now)
