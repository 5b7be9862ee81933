"""A transition as one actor sees it now: a button, live or greyed with every reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model

from renfort.kernel.actors import Actor
from renfort.kernel.workflow import Transition, Workflow

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Action:
    """One button. ``refusals`` non-empty: it is greyed, and the sentences stand beside it."""

    transition: Transition[Any]
    url: str
    refusals: list[str]

    @property
    def name(self) -> str:
        return self.transition.name

    @property
    def label(self) -> str:
        return str(self.transition.label)

    @property
    def tone(self) -> str:
        return self.transition.tone


def actions_of(flow: Workflow[M], obj: M, actor: Actor, url: Callable[[str], str], *, in_person: bool = False) -> list[Action]:
    """The buttons of ``obj`` for ``actor``; ``url`` makes the address of a transition from its path.

    No query: what the rules read was loaded by the selector (design decision 9). ``in_person``: what keeps off this very person
    is told too, which may ask the database; for the page of one object.
    """
    state: str = obj.state  # type: ignore[attr-defined]  # every model of a workflow is Stateful
    return [
        Action(transition, url(transition.path), transition.refusals(obj, actor if in_person else None))
        for transition in flow.from_state(state)
        if transition.who(actor, obj) and transition.is_offered(obj)
    ]
