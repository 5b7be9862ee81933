"""What hardly ever changes and every page asks for: read once in a while, kept in the process meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import Lock
from time import monotonic
from typing import TypeVar

T = TypeVar("T")
_kept: dict[Callable[[], object], tuple[float, object]] = {}
_lock = Lock()


def recent(seconds: float) -> Callable[[Callable[[], T]], Callable[[], T]]:
    """Remember what a function without arguments returned, for so long; each process remembers for itself.

    For labels and lists that may be some seconds late on a page, never for what decides a right or a state. What is returned is
    shared: nobody changes it.
    """

    def decorate(function: Callable[[], T]) -> Callable[[], T]:
        @wraps(function)
        def remembered() -> T:
            found = _kept.get(remembered)
            if found is not None and found[0] > monotonic():
                return found[1]  # type: ignore[return-value]  # what this very function returned
            value = function()
            with _lock:
                _kept[remembered] = (monotonic() + seconds, value)
            return value

        return remembered

    return decorate


def remember(function: Callable[[], T], value: T, seconds: float = 3600) -> None:
    """Let a remembered function return this from now on, until it is forgotten."""
    with _lock:
        _kept[function] = (monotonic() + seconds, value)


def forget_all() -> None:
    """Remember nothing: the operator has changed something, or another test begins, whose database differs."""
    with _lock:
        _kept.clear()
