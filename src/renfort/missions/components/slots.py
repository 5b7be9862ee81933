"""Slots in words and lines (R61)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.kernel.templatetags.ui import number
from renfort.missions.enums import HOLDING, MissionState, ParticipationState, WaitingState
from renfort.missions.models import Booking, Mission, Participation, Slot
from renfort.missions.selectors.eligibility import Eligibility
from renfort.missions.selectors.slots import bookings_of, left_on, line_on, slots_of_mission, taken_on

FEW = 2  # so many slots are said in a row; more are counted


@dataclass(frozen=True, slots=True)
class SlotLine:
    """One slot of a page. ``url`` leads to cancelling it; ``why`` says why nobody can ask for it any more."""

    words: str
    taken: int
    total: int
    left: int
    why: str = ""
    url: str = ""
    waiting: str = ""  # how many wait for it, for its organisation (R60)
    is_cancelled: bool = False
    is_over: bool = False


def slot_words(slot: Slot) -> str:
    """« samedi 5 décembre, 9 h – 12 h », in the hours of the place. ``slot`` comes from ``selectors.slots``."""
    return slot.words


def slot_lines(
    mission: Mission,
    slots: Iterable[Slot],
    refusals: Mapping[int, str] | None = None,
    urls: Mapping[int, str] | None = None,
    *,
    for_host: bool = False,
) -> list[SlotLine]:
    """The slots of a mission as its pages show them."""
    refusals, urls = refusals or {}, urls or {}
    return [
        SlotLine(
            words=slot.words[:1].upper() + slot.words[1:],
            taken=taken_on(slot),
            total=slot.places,
            left=left_on(slot),
            why=refusals.get(slot.pk, ""),
            url=urls.get(slot.pk, ""),
            waiting=line_words(slot) if for_host else "",
            is_cancelled=slot.is_cancelled,
            is_over=slot.is_over,
        )
        for slot in slots
    ]


def host_slot_lines(mission: Mission) -> list[SlotLine]:
    """All slots of a mission for its organisation, those past and cancelled too, each to come with the way to cancel it."""
    slots = slots_of_mission(mission, cancelled=True)
    closed = mission.state in (MissionState.REFUSED, MissionState.ENDED, MissionState.CANCELLED)
    urls = {
        slot.pk: reverse("missions:host-slot-act", args=[mission.organisation_id, mission.pk, slot.pk, "annuler"])
        for slot in slots
        if not (closed or slot.is_over or slot.is_cancelled)
    }
    return slot_lines(mission, slots, urls=urls, for_host=True)


@dataclass(frozen=True, slots=True)
class TurnLine:
    """One slot whose waiting list one is in: where one stands, and the page that says more."""

    words: str
    state: str
    is_offered: bool
    url: str


def slot_turn_lines(mission: Mission, found: Eligibility) -> list[TurnLine]:
    """For the mission's page: the slots that one waits for (R60)."""
    return [
        TurnLine(
            words=slot.words[:1].upper() + slot.words[1:],
            state=found.refusals[slot.pk],
            is_offered=turn.state == WaitingState.OFFERED,
            url=reverse("missions:turn", args=[turn.pk]),
        )
        for slot in found.slots
        if (turn := found.turns.get(slot.pk)) is not None
    ]


def line_words(slot: Slot) -> str:
    """« 3 personnes attendent », or nothing: how many, never who (R37, R60)."""
    waiting = line_on(slot)
    words = ngettext("%(n)s personne attend", "%(n)s personnes attendent", waiting)
    return words % {"n": number(waiting)} if waiting else ""


def slots_cell(slots: Sequence[Slot]) -> SafeString:
    """For a row: the first slots in words, the others counted; nothing for none."""
    if not slots:
        return SafeString("")
    lines = format_html_join("", '<span class="soft">{}</span>', ((slot.words,) for slot in slots[:FEW]))
    if len(slots) <= FEW:
        return lines
    more = len(slots) - FEW
    text = ngettext("et %(n)s autre créneau", "et %(n)s autres créneaux", more) % {"n": number(more)}
    return format_html('{}<span class="soft">{}</span>', lines, text)


@dataclass(frozen=True, slots=True)
class BookingLine:
    """One slot that a participation names, and what became of it."""

    words: str
    label: str
    tone: str
    icon: str | None = None


def booking_lines(participation: Participation) -> list[BookingLine]:
    """For a participation's page: each slot asked for, and whether it is held. Two queries, or none."""
    return [_booking_line(participation, booking) for booking in bookings_of(participation)]


def _booking_line(participation: Participation, booking: Booking) -> BookingLine:
    slot, waits = booking.slot, participation.state == ParticipationState.PENDING
    icon = None
    if slot.is_cancelled:
        label, tone = _("Annulé"), "danger"
    elif booking.granted_at and participation.state in HOLDING:
        label, tone = (_("Passé"), "neutral") if slot.is_over else (_("Accepté"), "success")
    elif waits:
        label, tone = (_("Passé"), "neutral") if slot.is_over else (_("Demandé"), "warning")
        icon = "clock"
    else:
        label, tone = _("Non retenu"), "neutral"
    return BookingLine(words=slot.words[:1].upper() + slot.words[1:], label=label, tone=tone, icon=icon)
