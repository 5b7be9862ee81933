"""Something happened. Transitions and services publish it; ``settings.SUBSCRIBERS`` says who hears, in which order.

Down by call, up by event: a lower storey never knows who listens above. Subscribers run inside the transaction of
what happened, so that history, notices and e-mails are written with it or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from renfort.kernel.actors import Actor
from renfort.kernel.messages import Message

M = TypeVar("M")
Plain = str | int | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Generic[M]):
    """What happened to one object.

    ``codes`` are keys, numbers and dates that the history keeps for ever; ``texts`` are free words of people, kept where
    they can be erased; ``changes`` maps a field to (before, after). ``before``/``after`` are states, empty for services.
    """

    name: str  # missions.participation.accept
    obj: M
    actor: Actor
    at: datetime
    before: str = ""
    after: str = ""
    codes: Mapping[str, Plain] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, tuple[Plain, Plain]] = field(default_factory=dict)
    tells: tuple[Message[M], ...] = ()


Subscriber = Callable[[Event[Any]], None]


@cache
def subscribers() -> tuple[Subscriber, ...]:
    """The functions that hear of every event, in order. A system check imports each at start."""
    return tuple(import_string(path) for path in settings.SUBSCRIBERS)


def announce(event: Event[Any]) -> None:
    """Let every subscriber hear the event.

    Raises:
        RuntimeError: outside a transaction: what happened and its history must stand or fall together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{event.name} was announced outside a transaction")
    for subscriber in subscribers():
        subscriber(event)


def publish(
    name: str,
    obj: Any,
    *,
    actor: Actor,
    after: str = "",
    tells: tuple[Message[Any], ...] = (),
    codes: Mapping[str, Plain] | None = None,
    texts: Mapping[str, str] | None = None,
    changes: Mapping[str, tuple[Plain, Plain]] | None = None,
) -> Event[Any]:
    """Say that a service did something to ``obj``; called in the service's own transaction.

    ``after`` is the state in which an object was made, so that every state has its history row.
    Returns the event as the subscribers heard it.
    """
    event = Event(
        name=name,
        obj=obj,
        actor=actor,
        at=timezone.now(),
        after=after,
        codes=codes or {},
        texts=texts or {},
        changes=changes or {},
        tells=tells,
    )
    announce(event)
    return event
