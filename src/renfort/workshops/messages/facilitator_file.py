"""A session in a calendar's own language, iCalendar (RFC 5545, W3, W12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from renfort.parameters.selectors import site_name
from renfort.workshops.enums import SEATED, EnrolmentState
from renfort.workshops.models import Enrolment

REFRESH = timedelta(hours=1)  # how often a calendar program should come back


def session_file(enrolment: Enrolment, *, off: bool = False) -> bytes:
    """The session as one calendar file, for who leads it. Hours are those of its zone, summer time told with them.

    When the person is not expected any more the same UID is said to be cancelled under a higher SEQUENCE, METHOD:CANCEL, so that
    a program that took the former file takes it away.
    ``off``: the session itself is cancelled, its enrolments not yet.
    """
    expected = EnrolmentState(enrolment.state) in SEATED and not off
    calendar = _calendar("PUBLISH" if expected else "CANCEL")
    calendar.add_component(_event(enrolment, expected=expected))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def sessions_file(enrolments: Iterable[Enrolment], *, name: str) -> bytes:
    """These sessions as one calendar that is subscribed to. Each comes with session, order and client: no query."""
    calendar = _calendar("PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)  # what programs older than RFC 7986 read
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for each in enrolments:
        calendar.add_component(_event(each, expected=True))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//{site_name()}//Renfort//{(get_language() or 'fr')[:2].upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _event(enrolment: Enrolment, *, expected: bool) -> Event:
    session = enrolment.session
    url = settings.BASE_URL + reverse("workshops:own-session", args=[enrolment.pk])
    event = Event()
    event.add("uid", f"enrolment-{enrolment.pk}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("summary", f"{session.title} · {session.assignment.order.client.organisation.name}")
    event.add("dtstart", session.local_start)
    event.add("dtend", session.local_end)
    event.add("dtstamp", enrolment.created_at or timezone.now())
    event.add("sequence", session.version + enrolment.version)  # both only grow
    event.add("status", "CONFIRMED" if expected else "CANCELLED")
    event.add("class", "PRIVATE")
    event.add("url", url)
    event.add("location", session.video_link or session.where)
    event.add("description", url if expected else "\n".join((_("Vous n'êtes plus attendu·e."), url)))
    return event
