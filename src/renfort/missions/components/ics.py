"""Missions in a calendar's own language, iCalendar (RFC 5545, R35)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from renfort.kernel.templatetags.ui import phone
from renfort.missions.enums import ParticipationState
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.occurrences import Occurrence, occurrences_of, with_own_slots
from renfort.missions.selectors.volunteer import EXPECTED
from renfort.parameters.selectors import site_name

REFRESH = timedelta(hours=1)  # how often a calendar program should come back


def calendar_file(participations: Iterable[Participation], *, name: str = "") -> bytes:
    """These participations as one calendar. Each comes with mission, organisation and contacts: no query.

    What is no longer expected is said to be cancelled, under the same UID and a higher SEQUENCE, so that a program that took the
    former file takes it away. ``name``: of a calendar that is subscribed to.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{site_name()}//Renfort//{(get_language() or 'fr')[:2].upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)  # what programs older than RFC 7986 read
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    for participation in with_own_slots(participations):
        for occurrence in occurrences_of(participation):
            calendar.add_component(event_of(participation, occurrence))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def event_of(participation: Participation, occurrence: Occurrence) -> Event:
    """One time at which somebody is expected. What only accepted volunteers may know is said to them alone."""
    mission, expected = participation.mission, participation.state in EXPECTED
    event = Event()
    event.add("uid", _uid(participation, occurrence))
    event.add("summary", f"{mission.title} · {mission.organisation.name}")
    has_hours = isinstance(occurrence.starts, datetime)
    event.add("dtstart", occurrence.starts)
    # the end of days without hours is the day after the last one
    event.add("dtend", occurrence.ends if has_hours else occurrence.ends + timedelta(days=1))
    event.add("dtstamp", participation.closed_at or participation.decided_at or participation.created_at)
    event.add("sequence", mission.version + participation.version)  # both only grow, at each change of what is shown here
    event.add("status", "CONFIRMED" if expected else "CANCELLED")
    event.add("transp", "OPAQUE" if has_hours and expected else "TRANSPARENT")  # whole days do not make anybody busy
    event.add("class", "PRIVATE")
    event.add("url", own_url(participation))
    event.add("description", _description(participation, expected=expected))
    if where := _where(mission):
        event.add("location", where)
    if not mission.is_remote and mission.latitude is not None and mission.longitude is not None:
        event.add("geo", (mission.latitude, mission.longitude))
    return event


def own_url(participation: Participation) -> str:
    """The full address of the participation's page."""
    return settings.BASE_URL + reverse("missions:volunteer-participation", args=[participation.pk])


def _uid(participation: Participation, occurrence: Occurrence) -> str:
    key = f"-{occurrence.key}" if occurrence.key else ""
    return f"participation-{participation.pk}{key}@{urlsplit(settings.BASE_URL).hostname}"


def _where(mission: Mission) -> str:
    if mission.is_remote:
        return _("À distance")
    town = f"{mission.postcode} {mission.city}".strip()
    return ", ".join(part for part in (mission.address, town) if part)


def _description(participation: Participation, *, expected: bool) -> str:
    mission, url = participation.mission, own_url(participation)
    if not expected:
        words = {
            ParticipationState.CANCELLED: _("La mission est annulée."),
            ParticipationState.DONE: _("Mission effectuée. Merci pour votre aide."),
        }
        return "\n".join((words.get(ParticipationState(participation.state), _("Vous n'êtes plus attendu·e.")), url))
    contacts = [(each.name, each.phone, each.email, each.hours) for each in mission.contacts.all()]
    if not contacts:
        host = mission.responsible
        contacts = [(host.full_name, host.mobile_phone, host.email, "")]
    lines = [mission.schedule] if mission.schedule else []
    for who, number, email, hours in contacts:
        said = " · ".join(part for part in (who, phone(number), email, hours) if part)
        lines.append(_("Contact : %(contact)s") % {"contact": said})
    lines.append(_("Un empêchement ? Prévenez en vous désistant : %(url)s") % {"url": url})
    return "\n".join(lines)
