"""The domains that a delegation may be limited to (R65). Organisations know none: the programme above says its own here."""

from __future__ import annotations

from collections.abc import Callable

Domains = Callable[[], list[tuple[int, str]]]
_known: list[Domains] = []


def offer_domains(ask: Domains) -> None:
    """Say which domains there are, by number and name in the reader's language; called when the app is loaded."""
    _known[:] = [ask]


def delegable_domains() -> list[tuple[int, str]]:
    """The domains, by number and name; none when no programme has any."""
    return _known[0]() if _known else []
