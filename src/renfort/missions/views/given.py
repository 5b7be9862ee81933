"""What a participation's page says of hours, absence and papers, for the person and for the organisation (R33, R35)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from renfort.audit.selectors import history
from renfort.kernel.actions import Action, actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.durations import duration_words
from renfort.kernel.templatetags.ui import badge
from renfort.missions.components import timeline_of
from renfort.missions.components.rows import TimelineLine
from renfort.missions.enums import HoursState, ParticipationState, Side
from renfort.missions.models import HoursEntry, Participation
from renfort.missions.selectors.absences import can_still_contest, is_open_absence, last_day_to_contest
from renfort.missions.selectors.days import all_said, days_so_far
from renfort.missions.selectors.hours import TAKES_HOURS, confirmed_quarters, entries_of
from renfort.missions.services.papers import can_have_attestation
from renfort.missions.workflow import HOURS


@dataclass(frozen=True, slots=True)
class Line:
    """One declaration as its reader sees it: what it says, whether it waits for this reader, what can be done."""

    entry: HoursEntry
    badge: str
    waits_for_me: bool
    said_by: str
    actions: list[Action]


def hours_badge(entry: HoursEntry) -> str:
    """The state of a declaration in words and colour."""
    waits = "clock" if entry.state == HoursState.DECLARED else None
    return badge(label=HoursState(entry.state).label, tone=HOURS.tones[entry.state], icon=waits)


def lines_of(entries: list[HoursEntry], actor: Actor, side: str, url: Any) -> list[Line]:
    """The declarations with their buttons; ``url`` makes the address from an entry's number and a path. No query."""
    return [
        Line(
            entry=entry,
            badge=hours_badge(entry),
            waits_for_me=entry.state == HoursState.DECLARED and entry.side != side,
            said_by=str(Side(entry.side).label),
            actions=actions_of(HOURS, entry, actor, partial(url, entry.pk)),
        )
        for entry in entries
    ]


def timeline_of_hours(entries: list[HoursEntry], names: dict[int, str]) -> list[TimelineLine]:
    """What happened to the hours of one participation. Two queries."""
    return timeline_of(history("missions.hoursentry", [entry.pk for entry in entries]), HOURS, names)


def _block(participation: Participation, side: str) -> dict[str, Any]:
    entries = entries_of(participation)
    waiting = [entry for entry in entries if entry.state == HoursState.DECLARED and entry.side != side]
    so_far = days_so_far(participation)
    takes_hours = participation.state in TAKES_HOURS and so_far is not None
    return {
        "confirmed_hours": duration_words(confirmed_quarters(participation))
        if any(entry.state == HoursState.CONFIRMED for entry in entries)
        else "",
        "hours_waiting": len(waiting),
        "shows_hours": takes_hours or bool(entries),
        "takes_hours": takes_hours,
        "all_said": so_far is not None and all_said(so_far, [(entry.first_on, entry.last_on) for entry in entries]),
        "has_attestation": can_have_attestation(participation),
        "open_absence": is_open_absence(participation),
        "contest_day": last_day_to_contest(participation),
        "can_contest": can_still_contest(participation),
    }


def own_block(actor: Actor, participation: Participation) -> dict[str, Any]:
    """For ``missions/volunteer/_hours.html``. At most two queries."""
    return _block(participation, Side.VOLUNTEER)


def host_block(actor: Actor, participation: Participation) -> dict[str, Any]:
    """For ``missions/host/_hours.html``. At most two queries."""
    block = _block(participation, Side.HOST)
    counts = participation.state in (ParticipationState.DONE, ParticipationState.ONGOING)
    return {**block, "has_certificate": bool(block["confirmed_hours"]) and counts}
