"""What the clock does for the réserve beside what its workflows say: the search's words, forms that were left."""

from __future__ import annotations

from datetime import datetime

from renfort.kernel.clock import every
from renfort.missions.services import search, unfinished


@every("*/2 * * * *", name="missions.learn_words")
def learn_words(now: datetime) -> None:
    """Typing errors in the words of new missions are forgiven a few minutes after them."""
    search.learn()


@every("50 3 * * *", name="missions.learn_words_anew")
def learn_words_anew(now: datetime) -> None:
    """Words that no open mission uses any more are no longer proposed."""
    search.learn_anew()


@every("35 3 * * *", name="missions.forget_typed")
def forget_typed(now: datetime) -> None:
    """Forms left half-way for thirty days are forgotten (P10)."""
    unfinished.forget_old(now)
