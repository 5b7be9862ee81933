"""A session in a participant's calendar, iCalendar (RFC 5545, W6)."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from renfort.parameters.selectors import site_name
from renfort.workshops.enums import EXPECTED, RegistrationState, SessionState
from renfort.workshops.models import Registration
from renfort.workshops.selectors.join_links import own_link


def participant_file(registration: Registration) -> str:
    """The session as one calendar file for who takes part, in the hours of its zone.

    When the person is not expected any more, or the session is cancelled, the same UID is cancelled under a higher SEQUENCE, so
    that the former file goes from the calendar.
    """
    session = registration.session
    expected = RegistrationState(registration.state) in EXPECTED and session.state != SessionState.CANCELLED
    url = settings.BASE_URL + own_link(registration)
    event = Event()
    event.add("uid", f"registration-{registration.pk}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("summary", f"{session.title} · {session.assignment.order.client.organisation.name}")
    event.add("dtstart", session.local_start)
    event.add("dtend", session.local_end)
    event.add("dtstamp", timezone.now())
    event.add("sequence", session.version + registration.version)  # both only grow
    event.add("status", "CONFIRMED" if expected else "CANCELLED")
    event.add("class", "PRIVATE")
    event.add("url", url)
    event.add("location", session.video_link or session.where)
    event.add("description", url if expected else "\n".join((_("Vous n'êtes plus attendu·e."), url)))
    calendar = Calendar()
    calendar.add("prodid", f"-//{site_name()}//Renfort//{(get_language() or 'fr')[:2].upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH" if expected else "CANCEL")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return str(calendar.to_ical().decode())
