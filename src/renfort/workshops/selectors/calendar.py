"""The address of one's calendar, made of a seed and the site's key, recognised by its digest (W12)."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac

from renfort.workshops.enums import EnrolmentState
from renfort.workshops.models import CalendarAddress, Enrolment
from renfort.workshops.selectors.links import link_digest

SALT = "renfort.workshops.calendar"


def calendar_token(seed: str) -> str:
    """The secret part of a calendar's address: 160 bits, never written down."""
    return salted_hmac(SALT, seed, algorithm="sha256").hexdigest()[:40]


def calendar_of_token(token: str) -> CalendarAddress | None:
    """Whose calendar this address opens, with person and account; None: nobody's (any more). One query."""
    return CalendarAddress.objects.select_related("person__account").filter(digest=link_digest(token)).first()


def calendar_url(person_id: int) -> str:
    """The full address of somebody's calendar; "" when there is none, or the site's key has changed. One query."""
    known = CalendarAddress.objects.filter(person_id=person_id).first()
    if known is None or link_digest(calendar_token(known.seed)) != known.digest:
        return ""
    return settings.BASE_URL + reverse("workshops:calendar-feed", args=[calendar_token(known.seed)])


def expected_of(person_id: int) -> QuerySet[Enrolment]:
    """Where somebody is expected to lead, for a calendar. One query."""
    mine = Enrolment.objects.filter(facilitator_id=person_id, state=EnrolmentState.ENROLLED)
    return mine.select_related("session__assignment__order__client__organisation").order_by("starts_at", "pk")
