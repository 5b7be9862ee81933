"""What several e-mails show: when, where, which slots, and the addresses they lead to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from renfort.kernel.events import Event
from renfort.missions.models import Mission, Participation, Slot, Waiting
from renfort.missions.selectors.slots import slots_of
from renfort.organisations.enums import Programme


def when(mission: Mission) -> str:
    """« du 4 mars 2026 au 6 mars 2026 », or one day."""
    if mission.starts_on is None or mission.ends_on is None:
        return _("dates à préciser")
    start, end = date_format(mission.starts_on, "DATE_FORMAT"), date_format(mission.ends_on, "DATE_FORMAT")
    return start if start == end else _("du %(start)s au %(end)s") % {"start": start, "end": end}


def where(mission: Mission) -> str:
    """« 3 rue X, 33000 Bordeaux », or « À distance »."""
    if mission.is_remote:
        return _("À distance")
    town = f"{mission.postcode} {mission.city}".strip()
    return ", ".join(part for part in (mission.address, town) if part)


def elsewhere(mission: Mission) -> str:
    """The other addresses of a mission in person; "" when there are none."""
    return " ; ".join(map(str, mission.addresses.all())) if mission.pk and not mission.is_remote else ""


def facts(mission: Mission) -> tuple[tuple[str, str], ...]:
    """What mission, by whom, when, where."""
    return (
        (_("Mission"), mission.title),
        (_("Structure"), mission.organisation.name),
        (_("Dates"), when(mission)),
        (_("Lieu"), where(mission)),
        *(((_("Autres adresses"), others),) if (others := elsewhere(mission)) else ()),
    )


def on_the_day(mission: Mission) -> tuple[tuple[str, str], ...]:
    """What an accepted person needs to come: the hours, and whom to call (R11, R37)."""
    said = ((each.name, each.phone, each.email, each.hours) for each in mission.contacts.all())
    return (
        *(((_("Horaires"), mission.schedule),) if mission.schedule else ()),
        *((_("Contact"), " · ".join(filter(None, contact))) for contact in said),
    )


def slot_facts(slots: Iterable[Slot]) -> tuple[tuple[str, str], ...]:
    """One line per slot: « samedi 5 décembre, 9 h – 12 h »."""
    return tuple((_("Créneau"), slot.words) for slot in slots)


def asked_facts(participation: Participation) -> tuple[tuple[str, str], ...]:
    """The slots asked for, or held once accepted; nothing for a mission without slots."""
    return slot_facts(slots_of([participation]).get(participation.pk, ()))


def prerequisite_facts(participation: Participation) -> tuple[tuple[str, str], ...]:
    """What the person confirmed (R66)."""
    return tuple((_("Confirmé"), sentence) for sentence in participation.prerequisites)


def moment_code(slot: Slot) -> str:
    """A slot's hours as the history keeps them: two moments and the shape."""
    return f"{slot.starts_at.isoformat()} {slot.ends_at.isoformat()} {slot.shape}"


def moved_slots(event: Event[Mission]) -> dict[int, tuple[Slot, Slot]]:
    """The slots that an event moved: as they were, as they are."""
    moved = {}
    for name, (before, after) in event.changes.items():
        kind, _colon, number = name.partition(":")
        if kind == "slot" and before and after:
            moved[int(number)] = (_slot_of(event.obj, str(before)), _slot_of(event.obj, str(after)))
    return moved


def _slot_of(mission: Mission, code: str) -> Slot:
    starts, ends, shape = code.split(" ")
    return Slot(mission=mission, starts_at=datetime.fromisoformat(starts), ends_at=datetime.fromisoformat(ends), shape=shape)


def own_page(participation: Participation) -> str:
    return reverse("missions:volunteer-participation", args=[participation.pk])


def host_page(participation: Participation) -> str:
    return reverse("missions:host-participation", args=[participation.organisation_id, participation.pk])


def mission_page(mission: Mission) -> str:
    return reverse("missions:host-mission", args=[mission.organisation_id, mission.pk])


def volunteer_act(participation: Participation, path: str) -> str:
    return reverse("missions:volunteer-participation-act", args=[participation.pk, path])


def own_hours(participation: Participation) -> str:
    return reverse("missions:volunteer-hours", args=[participation.pk])


def before_and_now(before: str, now: str) -> str:
    """« du 5 au 7 mars (avant : du 4 au 6 mars) »."""
    return _("%(now)s (avant : %(before)s)") % {"now": now or "–", "before": before or "–"}


def own_turn(turn: Waiting) -> str:
    return reverse("missions:turn", args=[turn.pk])


def until_words(turn: Waiting) -> str:
    """« mardi 3 mars 2026 à 14:05 », on the clocks of the place."""
    if turn.offer_until is None:
        return ""
    return date_format(turn.mission.local(turn.offer_until), _("l j F Y \\à H:i"))


R = Programme.RESERVE
