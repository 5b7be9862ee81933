"""« Statut »: which statuses can be reached from here, why the others cannot, and who is written to (R33)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import Event
from renfort.kernel.workflow import Transition
from renfort.missions.enums import ParticipationState
from renfort.missions.models import Participation
from renfort.missions.workflow import PARTICIPATION

S = ParticipationState
SHOWN = (S.PENDING, S.ACCEPTED, S.ONGOING, S.DONE, S.REFUSED, S.NO_SHOW, S.CANCELLED)  # a withdrawal reads as a no-show


@dataclass(frozen=True, slots=True)
class Choice:
    """One status. ``verb`` is the transition that leads there; "" when none does, and ``reasons`` say why."""

    state: str
    label: str
    verb: str = ""
    action: str = ""
    current: bool = False
    reasons: list[str] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    asks: bool = False


def status_choices(participation: Participation, actor: Actor) -> list[Choice]:
    """Every status of R33, derived from the life cycle: the present one, those that can be reached, and why not the others."""
    choices = [_choice(participation, actor, state) for state in SHOWN]
    return sorted(choices, key=lambda choice: (not choice.current, not choice.verb))


def _choice(participation: Participation, actor: Actor, state: str) -> Choice:
    label = str(S(state).label)
    ways = [each for each in PARTICIPATION.transitions if each.target == state]
    here = [each for each in ways if participation.state in each.source]
    if participation.state == state or (state == S.NO_SHOW and participation.state == S.WITHDRAWN):
        return Choice(state, label, current=True)
    own = next((each for each in here if each.who(actor, participation)), None)
    if own is None:
        return Choice(state, label, reasons=[_not_ours(here or ways, participation, bool(here))])
    if refusals := own.refusals(participation):
        return Choice(state, label, reasons=refusals)
    return Choice(
        state, label, verb=own.name, action=str(own.label), mails=_mails(own, participation, actor), asks=bool(own.asks)
    )


def _not_ours(ways: Iterable[Transition[Any]], participation: Participation, is_here: bool) -> str:
    now = S(participation.state).label
    if not is_here:
        return _("Pas possible depuis « %(state)s ».") % {"state": now}
    return _("Réservé à : %(who)s.") % {"who": " · ".join(dict.fromkeys(each.who.label for each in ways))}


def _mails(transition: Transition[Any], participation: Participation, actor: Actor) -> list[str]:
    preview = Event(name="", obj=participation, actor=actor, at=timezone.now(), before=participation.state)
    return [
        _("Un e-mail part à %(names)s.") % {"names": ", ".join(reader.name or reader.address for reader in message.to(preview))}
        for message in transition.tells
    ]
