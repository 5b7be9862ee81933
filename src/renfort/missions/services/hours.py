"""Declare hours, confirm many at once, say who came (R33, R36)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import Event, publish
from renfort.kernel.firing import NotAllowed, Refused, fire, lock_row
from renfort.missions.effects import tell_hours_later
from renfort.missions.enums import HoursState
from renfort.missions.models import HoursEntry, Participation
from renfort.missions.models.hours import A_DAY
from renfort.missions.rules import side_of, too_many_hours
from renfort.missions.selectors.days import days_so_far
from renfort.missions.selectors.hours import TAKES_HOURS, days_taken
from renfort.missions.workflow import HOURS, PARTICIPATION

PRESENT, ABSENT = "present", "absent"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of many: ``why`` is empty when it was done."""

    who: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """What the organisation says of one person: ``came`` is ``PRESENT``, ``ABSENT`` or "" for not yet."""

    participation: Participation
    seen: int
    came: str = ""
    quarters: int | None = None


def declare(*, actor: Actor, participation: Participation, first_on: date, last_on: date, quarters: int) -> HoursEntry:
    """Say how many quarters of an hour were given over some days of the place; the other side confirms.

    Raises:
        NotAllowed: the actor is neither the person nor the organisation.
        Refused: every reason why this cannot be: not accepted, not begun, days outside the mission or to come, days already said,
            more hours than the days have.
    """
    side = side_of(actor, participation)
    if not side:
        raise NotAllowed(_("Les heures sont déclarées par la personne ou par la structure."))
    with transaction.atomic():
        mission = lock_row(participation.mission)
        locked = lock_row(participation)
        locked.mission, locked.person = mission, participation.person
        if refusals := _obstacles(locked, first_on, last_on, quarters):
            raise Refused(*refusals)
        entry = HoursEntry.objects.create(
            participation=locked, first_on=first_on, last_on=last_on, quarters=quarters, side=side,
            state=HoursState.DECLARED, said_at=timezone.now(), said_by_id=actor.person_id,
        )  # fmt: skip
        event: Event[HoursEntry] = publish(
            "missions.hoursentry.declare",
            entry,
            actor=actor,
            after=entry.state,
            codes={"first_on": first_on.isoformat(), "last_on": last_on.isoformat(), "quarters": quarters, "side": side},
        )
        tell_hours_later(event)
    return entry


def _obstacles(participation: Participation, first_on: date, last_on: date, quarters: int) -> list[str]:
    """Every reason why these hours cannot be declared."""
    if participation.state not in TAKES_HOURS:
        return [_("Les heures se déclarent pour une participation acceptée, en cours ou effectuée.")]
    so_far = days_so_far(participation)
    if so_far is None:
        return [_("La mission n'a pas encore commencé.")]
    if last_on < first_on:
        return [_("Le dernier jour vient avant le premier.")]
    reasons = []
    if first_on < so_far.first_on:
        reasons.append(_("La mission n'avait pas commencé ce jour-là."))
    if last_on > so_far.last_on:
        reasons.append(_("Ce jour est à venir, ou après la fin de la mission."))
    days = (last_on - first_on).days + 1
    if not 1 <= quarters <= A_DAY * days:
        reasons.append(too_many_hours(days))
    if any(first_on <= last and first <= last_on for first, last in days_taken(participation)):
        reasons.append(_("Des heures sont déjà déclarées pour ces jours : corrigez-les plutôt."))
    return reasons


def confirm_many(*, actor: Actor, entries: Iterable[HoursEntry]) -> list[Outcome]:
    """Confirm each declaration that waits for the actor's side; one that cannot be stops no other."""
    return [_confirm(actor, entry) for entry in entries]


def _confirm(actor: Actor, entry: HoursEntry) -> Outcome:
    who = entry.participation.person.full_name
    try:
        fire(HOURS, entry, "confirm", actor=actor, seen=entry.version)
    except (Refused, NotAllowed) as refused:
        return Outcome(who, str(refused))
    return Outcome(who)


def say_who_came(*, actor: Actor, rows: Sequence[Attendance]) -> list[Outcome]:
    """« Qui est venu ? »: each person's answer in a transaction of its own, so that one who cannot be stops no other.

    Returns one outcome for each person of whom something was said.
    """
    return [_say(actor, row) for row in rows if _step(row) or row.quarters]


def _say(actor: Actor, row: Attendance) -> Outcome:
    who = row.participation.person.full_name
    try:
        with transaction.atomic():
            participation = row.participation
            step = _step(row)
            if step:
                participation = fire(PARTICIPATION, participation, step, actor=actor, seen=row.seen)
            if row.quarters:
                _declare_all(actor, participation, row.quarters)
    except (Refused, NotAllowed) as refused:
        return Outcome(who, str(refused))
    return Outcome(who)


def _step(row: Attendance) -> str:
    """The transition that makes an answer true; "" when it is already."""
    state = row.participation.state
    if row.came == ABSENT:
        return "" if state == "no_show" else "miss"
    if row.came != PRESENT or state == "done":
        return ""
    if state == "no_show":
        return "came" if row.participation.mission.is_over else "resume"
    return "complete" if row.participation.mission.is_over else ""


def _declare_all(actor: Actor, participation: Participation, quarters: int) -> None:
    """Hours of all the days of the mission so far."""
    so_far = days_so_far(participation)
    if so_far is None:
        raise Refused(_("La mission n'a pas encore commencé."))
    declare(actor=actor, participation=participation, first_on=so_far.first_on, last_on=so_far.last_on, quarters=quarters)
