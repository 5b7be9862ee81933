"""A life cycle is one page of data. Everything that depends on it is derived from it.

One ``Workflow`` declares the states of one model and the transitions between them: who may, when, what it asks, what it
changes, whom it tells. ``kernel.firing.fire`` is the only way to change a state, so a rule that is declared is a rule
that holds. This module holds the declaration; ``firing`` performs it, ``actions`` shows it, ``describe`` draws it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.apps import apps
from django.db.models import Model, Q, QuerySet, TextChoices
from django.forms import Field

from renfort.kernel.actors import Actor
from renfort.kernel.events import Event
from renfort.kernel.messages import Message
from renfort.kernel.rules import Bar, Guard, Rule, Text

M = TypeVar("M", bound=Model)
Effect = Callable[[Event[M]], None]


@dataclass(frozen=True, kw_only=True)
class Transition(Generic[M]):
    """One step of a life.

    ``target`` None: something happens and the state stays. ``locks`` are attribute paths of parents, outermost first;
    ``counts`` finds rows between the parents and the object whose number this step counts on (slots): locked too, by number.
    ``first`` finds rows locked before all others, by number: two of the outermost kind at once (both organisations of a move).
    ``asks_of`` is what it asks of this very object, in fields made for it, before ``asks``.
    ``due`` says, for a moment, which objects the clock shall move. ``path`` is the word in the address (« accepter »).
    ``offered``: whether the step exists at all now; when it does not, there is no button, not even a greyed one.
    ``unless``: what keeps off this very person, who is among those who may (a conflict of interest).
    ``needs``: judges the answers together once each is right, and raises ValidationError.
    """

    name: str
    path: str
    source: tuple[str, ...]
    target: str | None
    label: Text
    who: Rule[M]
    offered: Guard[M] | None = None
    when: tuple[Guard[M], ...] = ()
    unless: tuple[Bar[M], ...] = ()
    asks: Mapping[str, Callable[[], Field]] = field(default_factory=dict)
    needs: Callable[[Mapping[str, Any]], None] | None = None
    sections: tuple[Any, ...] = ()  # ``kernel.forms.Section``s, for a question with many fields
    does: tuple[Effect[M], ...] = ()
    tells: tuple[Message[M], ...] = ()
    locks: tuple[str, ...] = ()
    counts: Callable[[M], QuerySet[Any] | None] | None = None
    first: Callable[[M], QuerySet[Any]] | None = None
    asks_of: Callable[[M], Mapping[str, Field]] | None = None
    tone: str = "secondary"
    warning: Text = ""  # what the confirmation page says before what can't be undone
    due: Callable[[datetime], Q] | None = None

    def is_offered(self, obj: M) -> bool:
        """Whether the step exists for this object now."""
        return self.offered is None or self.offered.holds(obj)

    def refusals(self, obj: M, actor: Actor | None = None) -> list[str]:
        """Every unmet condition, so that nobody meets them one at a time; with an ``actor``, what keeps that person off too."""
        if not self.is_offered(obj) and self.offered is not None:
            return [str(self.offered.refusal)]
        barred = [str(bar.refusal) for bar in self.unless if actor is not None and bar.stands(actor, obj)]
        return barred + [str(refusal) for guard in self.when if (refusal := guard.refuse(obj)) is not None]


class Workflow(Generic[M]):
    """The life of one model. ``visible`` is the selector that says which objects an actor may even know of.

    Raises:
        ValueError: at import, when the declaration cannot work (unknown, unreachable or stuck state, double name).
    """

    registry: dict[str, Workflow[Any]] = {}

    def __init__(
        self,
        *,
        model: str,
        title: Text,
        states: type[TextChoices],
        initial: str,
        final: Iterable[str],
        visible: Callable[[Actor], QuerySet[M]],
        transitions: Iterable[Transition[M]],
        tones: Mapping[str, str] | None = None,
        adopted: Iterable[str] = (),
    ) -> None:
        self.model, self.title, self.states, self.initial = model, title, states, initial
        self.final, self.visible, self.transitions = frozenset(final), visible, tuple(transitions)
        self.tones = dict(tones or {})  # state → tone of its badge
        self.adopted = frozenset(adopted)  # where those may stand that were here before the life cycle was, without history
        self._by_name = {transition.name: transition for transition in self.transitions}
        self._by_path = {transition.path: transition for transition in self.transitions}
        self._check()
        Workflow.registry[model.lower()] = self

    @classmethod
    def of(cls, obj: Model) -> Workflow[Any]:
        """The workflow of an object's model."""
        return cls.registry[obj._meta.label_lower]

    def __getitem__(self, name: str) -> Transition[M]:
        return self._by_name[name]

    def by_path(self, path: str) -> Transition[M] | None:
        """The transition that an address names, if there is one."""
        return self._by_path.get(path)

    def model_class(self) -> type[M]:
        """The model, looked up late: declarations are imported before the app registry is ready."""
        model: type[M] = apps.get_model(self.model)
        return model

    def from_state(self, state: str) -> list[Transition[M]]:
        """The transitions that leave from a state, in the order of the page."""
        return [transition for transition in self.transitions if state in transition.source]

    def _check(self) -> None:
        known = set(self.states.values)
        targets = {t.target for t in self.transitions if t.target}
        used = {state for t in self.transitions for state in t.source} | targets | {self.initial} | self.final
        reached = {self.initial} | targets
        stuck = {state for state in known - self.final if not any(t.target for t in self.from_state(state))}
        size = len(self.transitions)
        problems = {
            "two transitions share a name or a path": len(self._by_name) != size or len(self._by_path) != size,
            f"unknown states {used - known}": used - known,
            f"unreachable states {known - reached}": known - reached,
            f"dead ends not declared final {stuck}": stuck,
        }
        if broken := [text for text, found in problems.items() if found]:
            raise ValueError(f"{self.model}: {'; '.join(broken)}")


def stamp(name: str) -> Effect[Any]:
    """Effect: set ``<name>_at`` and ``<name>_by`` together, as the database demands."""

    def effect(event: Event[Any]) -> None:
        setattr(event.obj, f"{name}_at", event.at)
        if hasattr(event.obj, f"{name}_by_id"):
            setattr(event.obj, f"{name}_by_id", event.actor.person_id)

    return effect


def unstamp(name: str) -> Effect[Any]:
    """Effect: forget ``<name>_at`` and ``<name>_by`` together."""

    def effect(event: Event[Any]) -> None:
        setattr(event.obj, f"{name}_at", None)
        if hasattr(event.obj, f"{name}_by_id"):
            setattr(event.obj, f"{name}_by_id", None)

    return effect
