"""Rows and lines of lists and histories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.audit.selectors import Line
from renfort.kernel.templatetags.ui import badge, gauge, period_words
from renfort.kernel.workflow import Workflow
from renfort.missions.enums import MissionState, ParticipationState, WaitingState
from renfort.missions.models import Mission, Participation, Waiting
from renfort.missions.selectors.absences import is_open_absence
from renfort.missions.selectors.changes import AFTER, BEFORE, Change, Wording, changes_of
from renfort.missions.selectors.mission import places_left, places_offered, places_taken
from renfort.missions.selectors.reasons import reasons_then
from renfort.missions.workflow import MISSION, PARTICIPATION, WAITING
from renfort.organisations.enums import Role


def dressed(mission: Mission) -> Mission:
    """A mission with what public templates read: ``taken``, ``total``, ``left``, ``is_full``."""
    shown = cast(Any, mission)
    shown.taken, shown.total, shown.left = places_taken(mission), places_offered(mission), places_left(mission)
    shown.is_full = shown.left == 0
    return mission


def mission_badge(mission: Mission, *, reader: bool = False) -> SafeString:
    """The state in words and colour; for those who read missions, « à relire » beside it when it is."""
    waits = "clock" if mission.state == MissionState.SUBMITTED else None
    state = badge(label=MissionState(mission.state).label, tone=MISSION.tones[mission.state], icon=waits)
    if mission.state != MissionState.PUBLISHED:
        return state
    if mission.is_over:  # R20: from the end date on
        state = mark_safe(state + badge(label=_("À clôturer"), tone="warning", icon="clock"))  # noqa: S308 -- both are escaped
    if reader and mission.reviewed_at is None:
        state = mark_safe(state + badge(label=_("À relire"), tone="warning", icon="eye"))  # noqa: S308 -- both are escaped
    return state


def participation_badge(participation: Participation, *, for_host: bool = False) -> SafeString:
    """The status in words and colour. An absence that does not count yet is not called so, but to the host who reported it."""
    state = participation.state
    if is_open_absence(participation):
        reported = _("Absence contestée") if participation.contested_at else _("Absence signalée")
        return badge(label=reported if for_host else _("Présence à vérifier"), tone="warning", icon="clock")
    waits = "clock" if state == ParticipationState.PENDING else None
    return badge(label=ParticipationState(state).label, tone=PARTICIPATION.tones[state], icon=waits)


def turn_badge(turn: Waiting) -> SafeString:
    """Where a turn in the waiting list stands, in words and colour (R60)."""
    return badge(label=WaitingState(turn.state).label, tone=WAITING.tones[turn.state])


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
        f"<td>{gauge(taken=places_taken(mission), total=places_offered(mission))}</td>"
        f'<td class="cell-first"><div class="badges">{mission_badge(mission, reader=reader)}</div></td></tr>'
    )


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One line of « Historique »: what, when, by whom in which role, in whose words."""

    what: str
    when: datetime
    who: str
    why: str = ""
    icon: str = "check"
    changes: list[Change] = field(default_factory=list)  # field by field: what it was, what it is


# what was done, told afterwards; a transition that is not named here is told by its label
PAST_WORDS = {
    "missions.mission.open": gettext_lazy("Brouillon créé"),
    "missions.mission.edit": gettext_lazy("Mission modifiée"),
    "missions.mission.set_slots": gettext_lazy("Créneaux modifiés"),
    "missions.slot.cancel": gettext_lazy("Créneau annulé"),
    "missions.mission.publish": gettext_lazy("Mission publiée"),
    "missions.mission.submit": gettext_lazy("Mission proposée"),
    "missions.mission.resubmit": gettext_lazy("Mission proposée à nouveau"),
    "missions.mission.validate": gettext_lazy("Mission validée et mise en ligne"),
    "missions.mission.review": gettext_lazy("Mission relue"),
    "missions.mission.opine": gettext_lazy("Premier avis favorable"),
    "missions.mission.take": gettext_lazy("Dossier pris"),
    "missions.mission.give_back": gettext_lazy("Dossier rendu"),
    "missions.mission.write": gettext_lazy("Message"),
    "missions.mission.suspend_with_organisation": gettext_lazy("Mission suspendue : la structure est signalée"),
    "missions.mission.ask_correction": gettext_lazy("Correction demandée"),
    "missions.mission.refuse": gettext_lazy("Mission refusée"),
    "missions.mission.end": gettext_lazy("Mission terminée"),
    "missions.mission.reopen": gettext_lazy("Mission rouverte"),
    "missions.mission.cancel": gettext_lazy("Mission annulée"),
    "missions.mission.discard": gettext_lazy("Brouillon abandonné"),
    "missions.mission.cancel_with_organisation": gettext_lazy("Mission annulée : la structure a quitté la plateforme"),
    "missions.mission.discard_with_organisation": gettext_lazy("Brouillon abandonné : la structure a quitté la plateforme"),
    "missions.mission.transfer": gettext_lazy("Mission passée à une autre structure"),
    "missions.transfer.propose": gettext_lazy("Transfert proposé"),
    "missions.mission.hand_over": gettext_lazy("Mission confiée à quelqu'un d'autre"),
    "missions.mission.change_host": gettext_lazy("Passée à la structure qui reste après la fusion ; elle était à"),
    "missions.mission.lose_deputy": gettext_lazy("Un des responsables a quitté l'équipe"),
    "missions.mission.remind_first": gettext_lazy("Premier rappel envoyé"),
    "missions.mission.remind_second": gettext_lazy("Second rappel envoyé"),
    "missions.participation.apply": gettext_lazy("Proposition d'aide envoyée"),
    "missions.participation.accept": gettext_lazy("Proposition acceptée"),
    "missions.participation.refuse": gettext_lazy("Proposition refusée"),
    "missions.participation.take_back": gettext_lazy("Remise en attente"),
    "missions.participation.withdraw": gettext_lazy("Désistement"),
    "missions.participation.choose_slots": gettext_lazy("Créneaux changés"),
    "missions.participation.give_back_slots": gettext_lazy("Créneaux abandonnés"),
    "missions.participation.cancel_with_slots": gettext_lazy("Annulée avec ses créneaux"),
    "missions.participation.start": gettext_lazy("Mission commencée"),
    "missions.participation.complete": gettext_lazy("Mission effectuée"),
    "missions.participation.miss": gettext_lazy("Absence signalée"),
    "missions.participation.contest": gettext_lazy("Absence contestée"),
    "missions.participation.came": gettext_lazy("Présence confirmée"),
    "missions.participation.resume": gettext_lazy("Présence confirmée"),
    "missions.participation.keep_absence": gettext_lazy("Absence maintenue"),
    "missions.participation.settle_absence": gettext_lazy("Absence constatée, sans contestation"),
    "missions.participation.ask_volunteer": gettext_lazy("Question de fin de mission envoyée"),
    "missions.participation.tell_hours": gettext_lazy("Nouvelles des heures envoyées"),
    "missions.mission.ask_who_came": gettext_lazy("« Qui est venu ? » demandé"),
    "missions.mission.tell_hours": gettext_lazy("Heures à confirmer annoncées"),
    "missions.hoursentry.declare": gettext_lazy("Heures déclarées"),
    "missions.hoursentry.confirm": gettext_lazy("Heures confirmées"),
    "missions.hoursentry.correct": gettext_lazy("Heures corrigées"),
    "missions.hoursentry.contest": gettext_lazy("Heures contestées"),
    "missions.hoursentry.remove": gettext_lazy("Heures retirées"),
    "missions.hoursentry.settle": gettext_lazy("Heures confirmées, sans réponse"),
    "missions.participation.cancel_with_mission": gettext_lazy("Annulée avec la mission"),
    "missions.participation.lapse": gettext_lazy("Restée sans réponse"),
    "missions.participation.remind_eve": gettext_lazy("Rappel de la veille envoyé"),
    "missions.participation.add_slot": gettext_lazy("Créneau ajouté depuis la liste d'attente"),
    "missions.waiting.join": gettext_lazy("Inscription sur la liste d'attente"),
    "missions.waiting.offer": gettext_lazy("Place proposée"),
    "missions.waiting.take": gettext_lazy("Place prise"),
    "missions.waiting.leave": gettext_lazy("Liste quittée"),
    "missions.waiting.lapse": gettext_lazy("Délai passé sans réponse"),
    "missions.waiting.close": gettext_lazy("Liste fermée"),
}
DONE_ICONS = {
    "open": "document", "edit": "edit", "publish": "globe", "submit": "share", "resubmit": "share", "review": "eye",
    "take": "hand", "give_back": "repeat", "write": "share", "opine": "eye", "suspend_with_organisation": "clock",
    "transfer": "people", "propose": "share", "change_host": "share",
    "hand_over": "people", "cancel_with_organisation": "cross", "discard_with_organisation": "trash",
    "ask_correction": "edit", "refuse": "cross", "cancel": "cross", "discard": "trash", "withdraw": "sign-out",
    "miss": "cross", "keep_absence": "cross", "settle_absence": "clock", "contest": "warning", "remove": "trash",
    "declare": "clock", "correct": "edit", "ask_volunteer": "bell", "tell_hours": "bell", "ask_who_came": "bell",
     "cancel_with_mission": "cross", "lapse": "clock", "take_back": "repeat", "reopen": "repeat",
    "apply": "hand", "remind_first": "bell", "remind_second": "bell",
}  # fmt: skip


def timeline_of(lines: Iterable[Line], flow: Workflow[Any], names: dict[int, str]) -> list[TimelineLine]:
    """The history of one object in words. ``names`` are the people that the reader may know by name; others are roles."""
    prefix = f"{flow.model.lower()}."
    wording, lines = Wording(people=names), list(lines)
    reasons = reasons_then(lines)
    return [
        TimelineLine(
            what=_what(line, flow, prefix),
            when=line.entry.at,
            who=_who(line, names),
            why=_why(reasons.get(line.entry.pk, ""), line),
            icon=DONE_ICONS.get(line.entry.verb.rpartition(".")[2], "check"),
            changes=changes_of(line, wording) if line.entry.changes else _new_end(line, wording),
        )
        for line in lines
    ]


def _why(reason: str, line: Line) -> str:
    """The reason chosen, as it was called that day, then the words written."""
    words = " ".join(text for name, text in line.texts.items() if not name.endswith((BEFORE, AFTER)))
    if reason and words:
        return f"{reason}. {words}"
    return reason or words


def _new_end(line: Line, wording: Wording) -> list[Change]:
    """The day until which a mission that was opened again goes on; nothing for other steps."""
    end = line.entry.codes.get("ends_on")
    return [Change("ends_on", _("Nouvelle date de fin"), "", wording.of("ends_on", end))] if end else []


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
