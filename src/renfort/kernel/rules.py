"""Small named questions that code, buttons and documentation all ask.

A ``Rule`` asks *who*: may this actor act on this object?
A ``Guard`` asks *whether*: is the object ready? When it is not, it says why, in a sentence for a person.

Both read only the object, the actor's loaded roles and what the selector annotated: no query, so that a list of
twenty rows asks them for free (design decision 9). Under ``fire`` the object and its parents are locked and fresh.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from renfort.kernel.actors import Actor

M = TypeVar("M")
Text = str | Promise


@dataclass(frozen=True, slots=True)
class Rule(Generic[M]):
    """Who may: ``labels`` name the people, joined at display so that no language is frozen at import."""

    labels: tuple[Text, ...]
    allows: Callable[[Actor, M], bool]

    def __call__(self, actor: Actor, obj: M) -> bool:
        return self.allows(actor, obj)

    def __or__(self, other: Rule[M]) -> Rule[M]:
        return Rule(self.labels + other.labels, lambda actor, obj: self.allows(actor, obj) or other.allows(actor, obj))

    @property
    def label(self) -> str:
        """« la structure ou l'horloge », in the language in force."""
        return str(_(" ou ")).join(str(label) for label in self.labels)


@dataclass(frozen=True, slots=True)
class Guard(Generic[M]):
    """Whether it is possible: ``refusal`` is the sentence for when it is not."""

    refusal: Text
    holds: Callable[[M], bool]

    def refuse(self, obj: M) -> Text | None:
        """The sentence when the condition is not met, else None."""
        return None if self.holds(obj) else self.refusal


@dataclass(frozen=True, slots=True)
class Bar(Generic[M]):
    """Why this very person may not, though others in the same role may: ``refusal`` is the sentence they read."""

    refusal: Text
    stands: Callable[[Actor, M], bool]


def rule(label: Text) -> Callable[[Callable[[Actor, Any], bool]], Rule[Any]]:
    """Make a rule of a function; ``label`` names who it lets through."""
    return lambda allows: Rule((label,), allows)


def guard(refusal: Text) -> Callable[[Callable[[Any], bool]], Guard[Any]]:
    """Make a guard of a function; ``refusal`` is what a person reads when it does not hold."""
    return lambda holds: Guard(refusal, holds)


def bar(refusal: Text) -> Callable[[Callable[[Actor, Any], bool]], Bar[Any]]:
    """Make a bar of a function that is true of whom it keeps off; ``refusal`` is what they read."""
    return lambda stands: Bar(refusal, stands)


CLOCK_RULE: Rule[Any] = Rule((_("l'horloge"),), lambda actor, obj: actor.kind == "clock")
