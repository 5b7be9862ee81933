"""The engine: the only way to change a state.

``fire`` locks the parents and the object in the written order (organisation, assignment or mission, slot or session,
participation or enrolment, fee), asks who, whether and what, lets the effects write, moves the state as one named move
that the database checks, and announces the event, all in one transaction (design decisions 10 to 14).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Model, QuerySet
from django.forms import BooleanField, ChoiceField, Form, MultipleChoiceField
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import errors

from renfort.kernel.actors import CLOCK, Actor
from renfort.kernel.events import Event, Plain, announce
from renfort.kernel.sentences import Sentence
from renfort.kernel.workflow import Transition, Workflow

logger = logging.getLogger(__name__)

M = TypeVar("M", bound=Model)
BATCH = 200
# what somebody else's transaction may do to this one; done again, its rules say why it cannot be, or it can
RACES = (errors.DeadlockDetected, errors.LockNotAvailable, errors.UniqueViolation)


class Refused(Sentence):
    """The object is not ready: ``sentences`` says every reason (409)."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = list(sentences)
        super().__init__(" ".join(self.sentences))


class Stale(Refused):
    """Somebody else was faster: the object has changed since the page was opened (409, with the state it is in now)."""


class Busy(Refused):
    """Twice in a row, others held what this change needs (409: try again)."""


class Unanswered(Sentence):
    """What the transition asks is missing or wrong; ``form`` carries the errors (422)."""

    def __init__(self, form: Form) -> None:
        self.form = form
        super().__init__(" ".join(str(error) for errors_ in form.errors.values() for error in errors_))


class NotAllowed(PermissionDenied):
    """The actor is not among those who may (403)."""


def question(transition: Transition[M], obj: M | None, data: Mapping[str, Any] | None = None) -> Form:
    """The form of what the transition asks of ``obj``, or of any object without one; unbound without ``data``."""
    fields = dict(transition.asks_of(obj)) if transition.asks_of and obj is not None else {}
    fields |= {name: make() for name, make in transition.asks.items()}
    needs = transition.needs

    def clean(form: Form) -> None:
        if needs is not None and not form.errors:
            needs(form.cleaned_data)

    form_class: type[Form] = type("TransitionForm", (Form,), {**fields, "clean": clean, "sections": transition.sections})
    return form_class(data)


def fire(
    flow: Workflow[M],
    obj: M,
    name: str,
    *,
    actor: Actor,
    seen: int | None = None,
    answers: Mapping[str, Any] | None = None,
) -> M:
    """Perform one transition.

    ``seen`` is the version that the actor's page showed; ``answers`` are raw answers to what the transition asks.
    Returns the object as it is afterwards, with its parents.

    Raises:
        NotAllowed: the actor may not (403).
        Stale: the object has changed since ``seen``, or is in another state (409).
        Refused: a guard says no; every reason is given (409).
        Unanswered: an answer is missing or wrong (422).
        Busy: a deadlock, a lock time-out or a row that somebody else has just made, twice (409).
    """
    attempts = 1 if connection.in_atomic_block else 2  # inside a caller's transaction only the caller can try again
    for attempt in range(1, attempts + 1):
        try:
            with transaction.atomic():
                return _perform(flow, obj, name, actor=actor, seen=seen, answers=answers or {})
        except (OperationalError, IntegrityError) as error:
            if not isinstance(error.__cause__, RACES):
                raise
            if attempt == attempts:
                raise Busy(_("D'autres personnes modifient la même chose en ce moment. Réessayez dans un instant.")) from error
    raise AssertionError("unreachable")


def _perform(flow: Workflow[M], stale: M, name: str, *, actor: Actor, seen: int | None, answers: Mapping[str, Any]) -> M:
    transition = flow[name]
    if transition.first is not None:
        lock_rows(transition.first(stale))
    obj: Any = _lock(stale, transition.locks, transition.counts)
    if not transition.who(actor, obj):
        raise NotAllowed(_("Cette action est réservée à : %(who)s.") % {"who": transition.who.label})
    if obj.state not in transition.source or (seen is not None and seen != obj.version):
        raise Stale(
            _("Quelqu'un d'autre a été plus rapide : c'est maintenant « %(state)s ».") % {"state": flow.states(obj.state).label}
        )
    if refusals := transition.refusals(obj, actor):
        raise Refused(*refusals)
    form = question(transition, obj, answers)
    if not form.is_valid():
        raise Unanswered(form)
    codes, texts = _sort_answers(form)
    event = Event(
        name=f"{flow.model.lower()}.{name}",
        obj=obj,
        actor=actor,
        at=timezone.now(),
        before=obj.state,
        after=transition.target or obj.state,
        codes=codes,
        texts=texts,
        tells=transition.tells,
    )
    for effect in transition.does:
        effect(event)
    obj.change_state(event.after)
    announce(event)
    result: M = obj
    return result


def _lock(stale: Any, parents: tuple[str, ...], counts: Callable[[Any], QuerySet[Any] | None] | None = None) -> Any:
    """Lock each parent, outermost first, what is counted, then the object; locking the object first deadlocks with cascades."""
    held = {path: lock_row(_follow(stale, path)) for path in parents}
    if counts is not None and (counted := counts(stale)) is not None:
        lock_rows(counted)
    obj = lock_row(stale)
    for path, parent in held.items():
        holder = _follow(obj, path.rpartition(".")[0]) if "." in path else obj
        attribute = path.rpartition(".")[2]
        if getattr(holder, f"{attribute}_id") != parent.pk:
            raise Stale(_("L'objet a changé de place entre-temps. Rechargez la page."))
        setattr(holder, attribute, parent)
    return obj


def _follow(obj: Any, path: str) -> Any:
    for attribute in path.split("."):
        obj = getattr(obj, attribute)
    return obj


def lock_row(obj: Any) -> Any:
    """The row of ``obj``, fresh and held until the transaction ends (FOR NO KEY UPDATE)."""
    return type(obj)._base_manager.select_for_update(of=("self",), no_key=True).get(pk=obj.pk)


def lock_rows(rows: QuerySet[Any], *, no_key: bool = True) -> list[Any]:
    """The rows, fresh and held until the transaction ends, in the order of their numbers: two who want the same never cross.

    ``no_key`` False also keeps everybody from pointing at them meanwhile, for rows that are about to go.
    """
    return list(rows.order_by("pk").select_for_update(of=("self",), no_key=no_key))


def _sort_answers(form: Form) -> tuple[dict[str, Plain], dict[str, str]]:
    """Codes are kept for ever in the history; people's own words where they can be erased (design decision 17)."""
    codes: dict[str, Plain] = {}
    texts: dict[str, str] = {}
    for name, value in form.cleaned_data.items():
        if isinstance(form.fields[name], MultipleChoiceField):
            codes[name] = ",".join(value)
        elif isinstance(form.fields[name], ChoiceField | BooleanField):
            codes[name] = value if isinstance(value, str | int | bool) else str(value)
        elif isinstance(value, date) or type(value) is int:  # a day, a number: as much a fact as a choice; not one with words
            codes[name] = value.isoformat() if isinstance(value, date) else value
        elif value not in (None, ""):
            texts[name] = str(value)
    return codes, texts


def fire_due(now: datetime, *, flows: list[Workflow[Any]] | None = None) -> int:
    """Let the clock perform what is due at ``now`` and has not been done; a missed night is made up for, once.

    Each object moves in a transaction of its own: one that is refused, or that fails, waits for the next round and stops nobody.
    Returns how many moved.
    """
    fired = 0
    for flow in Workflow.registry.values() if flows is None else flows:
        manager = flow.model_class()._base_manager
        for transition in flow.transitions:
            if transition.due is None:
                continue
            due = manager.filter(transition.due(now), state__in=transition.source).order_by("pk")
            last = 0
            while batch := list(due.filter(pk__gt=last)[:BATCH]):
                last = batch[-1].pk
                for obj in batch:
                    try:
                        fire(flow, obj, transition.name, actor=CLOCK)
                        fired += 1
                    except Refused:
                        continue  # not ready yet, or somebody was faster: the next round looks again
                    except (OperationalError, InterfaceError):
                        raise  # the database is away: no other object would fare better
                    except Exception:  # one object that nobody foresaw must not stop all the others, at every round
                        logger.exception("the clock could not do %s.%s of %s", flow.model.lower(), transition.name, obj.pk)
    return fired
