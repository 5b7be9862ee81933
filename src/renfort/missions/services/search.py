"""Keep the search in step with the missions (P2): each change in its own transaction, everything again when asked."""

from __future__ import annotations

from collections.abc import Iterable

from renfort.missions.selectors.search import LOCKED_SOURCE, SOURCE, open_batches, open_ids, open_ids_of, values
from renfort.search import services as search
from renfort.search.models import Entry


def show(ids: Iterable[int]) -> None:
    """Let the search see these missions as they are now: those that are not open can no longer be found.

    Called in the transaction that changes them. Two queries; none for none.
    """
    wanted = list(ids)
    if wanted:
        search.write(LOCKED_SOURCE, {**values(), "ids": wanted}, ids=wanted)


def show_those_of(organisation_id: int) -> None:
    """The same for the open missions of an organisation: its name is searched too."""
    show(open_ids_of(organisation_id))


def rebuild() -> int:
    """Build the table of open missions and the lexicon again; searches go on meanwhile. Returns how many missions can be found.

    10,000 missions take some seconds. For loads that go around the services (COPY), and when ``renfort integrity`` asks for it.
    """
    count = search.rebuild(LOCKED_SOURCE, values(), batches=open_batches())
    learn_anew()
    return count


def fill() -> None:
    """Build both when the table is empty and there are open missions: after the upgrade that brought the search."""
    if not Entry.objects.exists() and open_ids():
        rebuild()


def learn() -> int:
    """Teach the lexicon the words of new and changed missions. Returns how many missions were read."""
    return search.learn(SOURCE, values())


def learn_anew() -> int:
    """Count the lexicon's words anew. Returns how many there are."""
    return search.learn_anew(SOURCE, values(), ids=open_ids())
