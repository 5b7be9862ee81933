"""Rows and lines of lists and histories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.audit.selectors import Line
from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.templatetags.ui import badge, button, gauge, period_words, phone, relative_time
from renfort.kernel.workflow import Workflow
from renfort.missions.enums import MissionState, ParticipationState
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.mission import places_left, places_taken
from renfort.missions.workflow import MISSION, PARTICIPATION
from renfort.organisations.enums import Role


def dressed(mission: Mission) -> Mission:
    """A mission with what public templates read: ``taken``, ``left``, ``is_full``."""
    shown = cast(Any, mission)
    shown.taken, shown.left = places_taken(mission), places_left(mission)
    shown.is_full = shown.left == 0
    return mission


def mission_badge(mission: Mission, *, reader: bool = False) -> SafeString:
    """The state in words and colour; for those who read missions, « à relire » beside it when it is."""
    waits = "clock" if mission.state == MissionState.SUBMITTED else None
    state = badge(label=MissionState(mission.state).label, tone=MISSION.tones[mission.state], icon=waits)
    if reader and mission.state == MissionState.PUBLISHED and mission.reviewed_at is None:
        return mark_safe(state + badge(label=_("À relire"), tone="warning", icon="eye"))  # noqa: S308 -- both are escaped
    return state


def participation_badge(participation: Participation) -> SafeString:
    """The status in words and colour."""
    state = participation.state
    waits = "clock" if state == ParticipationState.PENDING else None
    return badge(label=ParticipationState(state).label, tone=PARTICIPATION.tones[state], icon=waits)


def place_of(mission: Mission) -> str:
    """« Bordeaux », or « À distance »."""
    return _("À\u00a0distance") if mission.is_remote else mission.city or "–"


def mission_row(mission: Mission, url: str, *, reader: bool = False) -> SafeString:
    """One row of « Missions »: title and domain, dates, city, places, status. A ``reader`` is told whose it is."""
    below = f"{mission.organisation.name} · {mission.domain.short}" if reader else mission.domain.short
    dates, city = _("Dates"), _("Ville")  # not inside the f-string: older gettext programs do not look there
    return mark_safe(  # noqa: S308 -- every part is escaped
        f'<tr><th scope="row" class="row-title"><a href="{esc(url)}">{esc(mission.title)}</a>'
        f'<span class="soft">{esc(below)}</span></th>'
        f'<td data-label="{esc(dates)}">{esc(period_words(starts_on=mission.starts_on, ends_on=mission.ends_on))}</td>'
        f'<td data-label="{esc(city)}">{esc(place_of(mission))}</td>'
        f"<td>{gauge(taken=places_taken(mission), total=mission.places)}</td>"
        f'<td class="cell-first"><div class="badges">{mission_badge(mission, reader=reader)}</div></td></tr>'
    )


def participation_row(participation: Participation, actor: Actor, url: str) -> SafeString:
    """One row of « Participations »: who, for what, status, since when, and the one-click answers. ``url`` is its page."""
    person, mission = participation.person, participation.mission
    answers, why = "", ""
    for action in actions_of(PARTICIPATION, participation, actor, lambda path: f"{url}{path}/"):
        if action.name not in ("accept", "refuse"):
            continue
        if not action.refusals:
            answers += button(label=action.label, url=action.url, tone=action.tone, size="small", hint=person.full_name)
        elif action.name == "accept":
            why = f'<span class="soft why">{esc(action.refusals[0])}</span>'
    reach = ""
    if person.email:
        reach = f'<span class="soft"><a href="mailto:{esc(person.email)}">{esc(person.email)}</a></span>'
    if person.mobile_phone:
        number = esc(person.mobile_phone)
        reach += f'<span class="soft"><a href="tel:{number}">{esc(phone(person.mobile_phone))}</a></span>'
    if answers:
        answers = f'<div class="answers">{answers}</div>{why}'
    return mark_safe(  # noqa: S308 -- every part is escaped
        f'<tr><th scope="row" class="row-title"><a href="{esc(url)}">{esc(person.full_name)}</a>'
        f"{reach}</th>"
        f"<td>{esc(mission.title)}</td>"
        f'<td class="cell-tight cell-first">{participation_badge(participation)}</td>'
        f'<td class="cell-tight cell-after">{relative_time(at=participation.created_at, zone=mission.zone)}</td>'
        f'<td class="cell-tight">{answers}</td></tr>'
    )


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One line of « Historique »: what, when, by whom in which role, in whose words."""

    what: str
    when: datetime
    who: str
    why: str = ""
    icon: str = "check"


# what was done, told afterwards; a transition that is not named here is told by its label
PAST_WORDS = {
    "missions.mission.open": gettext_lazy("Brouillon créé"),
    "missions.mission.edit": gettext_lazy("Mission modifiée"),
    "missions.mission.publish": gettext_lazy("Mission publiée"),
    "missions.mission.submit": gettext_lazy("Mission proposée"),
    "missions.mission.resubmit": gettext_lazy("Mission proposée à nouveau"),
    "missions.mission.validate": gettext_lazy("Mission validée et mise en ligne"),
    "missions.mission.review": gettext_lazy("Mission relue"),
    "missions.mission.ask_correction": gettext_lazy("Correction demandée"),
    "missions.mission.refuse": gettext_lazy("Mission refusée"),
    "missions.mission.end": gettext_lazy("Mission terminée"),
    "missions.mission.reopen": gettext_lazy("Mission rouverte"),
    "missions.mission.cancel": gettext_lazy("Mission annulée"),
    "missions.mission.discard": gettext_lazy("Brouillon abandonné"),
    "missions.mission.cancel_with_organisation": gettext_lazy("Mission annulée : la structure a quitté la plateforme"),
    "missions.mission.discard_with_organisation": gettext_lazy("Brouillon abandonné : la structure a quitté la plateforme"),
    "missions.mission.hand_over": gettext_lazy("Mission confiée à quelqu'un d'autre"),
    "missions.mission.remind_first": gettext_lazy("Premier rappel envoyé"),
    "missions.mission.remind_second": gettext_lazy("Second rappel envoyé"),
    "missions.participation.apply": gettext_lazy("Proposition d'aide envoyée"),
    "missions.participation.accept": gettext_lazy("Proposition acceptée"),
    "missions.participation.refuse": gettext_lazy("Proposition refusée"),
    "missions.participation.take_back": gettext_lazy("Remise en attente"),
    "missions.participation.withdraw": gettext_lazy("Désistement"),
    "missions.participation.start": gettext_lazy("Mission commencée"),
    "missions.participation.complete": gettext_lazy("Mission effectuée"),
    "missions.participation.miss": gettext_lazy("Absence constatée"),
    "missions.participation.cancel_with_mission": gettext_lazy("Annulée avec la mission"),
    "missions.participation.lapse": gettext_lazy("Restée sans réponse"),
}
DONE_ICONS = {
    "open": "document", "edit": "edit", "publish": "globe", "submit": "share", "resubmit": "share", "review": "eye",
    "hand_over": "people", "cancel_with_organisation": "cross", "discard_with_organisation": "trash",
    "ask_correction": "edit", "refuse": "cross", "cancel": "cross", "discard": "trash", "withdraw": "sign-out",
    "miss": "cross", "cancel_with_mission": "cross", "lapse": "clock", "take_back": "repeat", "reopen": "repeat",
    "apply": "hand", "remind_first": "bell", "remind_second": "bell",
}  # fmt: skip


def timeline_of(lines: Iterable[Line], flow: Workflow[Any], names: dict[int, str]) -> list[TimelineLine]:
    """The history of one object in words. ``names`` are the people that the reader may know by name; others are roles."""
    prefix = f"{flow.model.lower()}."
    return [
        TimelineLine(
            what=_what(line, flow, prefix),
            when=line.entry.at,
            who=_who(line, names),
            why=" ".join(line.texts.values()),
            icon=DONE_ICONS.get(line.entry.verb.rpartition(".")[2], "check"),
        )
        for line in lines
    ]


def _what(line: Line, flow: Workflow[Any], prefix: str) -> str:
    verb = line.entry.verb
    if verb in PAST_WORDS:
        return str(PAST_WORDS[verb])
    name = verb.removeprefix(prefix)
    known = next((transition for transition in flow.transitions if transition.name == name), None)
    label = str(known.label) if known else verb
    if known is not None and known.target:
        return _("%(action)s : %(state)s") % {"action": label, "state": flow.states(line.entry.after).label}
    return label


def _who(line: Line, names: dict[int, str]) -> str:
    role = line.entry.role
    if role in ("clock", "service"):
        return _("automatique")
    parts = role.split(":")
    label = str(Role(parts[1]).label) if len(parts) > 1 and parts[1] in Role.values else ""
    name = names.get(line.entry.actor_id or 0, "")
    return " · ".join(part for part in (name, label) if part)
