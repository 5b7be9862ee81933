"""What a volunteer's own pages ask (R35, R37, R62): one's participations, usual answers, distances, favourites, readings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from math import asin, cos, radians, sin, sqrt

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from renfort.audit.models import ContactView
from renfort.kernel.actors import Actor
from renfort.missions.enums import ACTIVE, ParticipationState
from renfort.missions.models import CalendarAddress, Favourite, Mission, Participation
from renfort.missions.selectors.participation import participations_visible
from renfort.organisations.models import Organisation
from renfort.people.models import Person
from renfort.territories.selectors import understand_place

S = ParticipationState
EXPECTED = (S.ACCEPTED, S.ONGOING)  # whom the organisation counts on: contact and calendar are theirs
EARTH = 6371.0  # km
FEW_ANSWERS = 3  # fewer say nothing of what is usual
CALENDAR_SALT = "missions.calendar"


# ── one's participations ──────────────────────────────────────────────────────────────────────────
def own_participations(actor: Actor) -> QuerySet[Participation]:
    """One's own, with mission and organisation: another role of the same person shows nothing more here."""
    return (
        participations_visible(actor)
        .filter(person_id=actor.person_id or 0)
        .select_related("mission__organisation", "mission__domain", "mission__department")
    )


def under_way(actor: Actor) -> list[Participation]:
    """What is expected of one or waits for an answer, the soonest first, with contacts. Two queries."""
    rows = own_participations(actor).filter(state__in=[str(state) for state in ACTIVE])
    return list(rows.prefetch_related("mission__contacts").order_by("mission__begins_at", "id")[:100])


def expected_of(person_id: int) -> list[Participation]:
    """Where this person is expected, for a calendar: accepted and ongoing ones alone, with contacts. Two queries."""
    rows = Participation.objects.filter(person_id=person_id, state__in=[str(state) for state in EXPECTED])
    return list(
        rows.select_related("mission__organisation", "mission__responsible")
        .prefetch_related("mission__contacts")
        .order_by("mission__begins_at", "id")
    )


# ── how soon organisations answer ─────────────────────────────────────────────────────────────────
# their last hundred applications are enough, and read one index; what the clock closed is no answer
ANSWER_TIMES = """
SELECT asked.id, percentile_cont(0.5) WITHIN GROUP (ORDER BY recent.decided_at - recent.created_at)
FROM unnest(%s::bigint[]) AS asked (id)
CROSS JOIN LATERAL (
    SELECT created_at, decided_at, decided_by_id FROM missions_participation
    WHERE organisation_id = asked.id ORDER BY id DESC LIMIT 100
) AS recent
WHERE recent.decided_at IS NOT NULL AND recent.decided_by_id IS NOT NULL
GROUP BY asked.id HAVING count(*) >= %s
"""


def answer_times(organisations: Iterable[int]) -> dict[int, timedelta]:
    """How long these organisations usually take to answer an application: the median of their last ones.

    An organisation that has hardly answered yet is left out. One query for all; none for none.
    """
    asked = sorted(set(organisations))
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(ANSWER_TIMES, [asked, FEW_ANSWERS])
        return dict(cursor.fetchall())


# ── how far it is ─────────────────────────────────────────────────────────────────────────────────
def home_point(person: Person) -> tuple[float, float] | None:
    """Where somebody's postcode lies (latitude, longitude), or None. At most two queries."""
    place = understand_place(person.postcode) if person.postcode else None
    return (place.latitude, place.longitude) if place else None


def kilometres(start: tuple[float, float] | None, mission: Mission) -> float | None:
    """How far a mission's place is from a point, in km as the crow flies; None when one of them has no place."""
    if start is None or mission.is_remote or mission.latitude is None or mission.longitude is None:
        return None
    here, there = radians(start[0]), radians(mission.latitude)
    half_up, half_across = (there - here) / 2, radians(mission.longitude - start[1]) / 2
    return 2 * EARTH * asin(sqrt(sin(half_up) ** 2 + cos(here) * cos(there) * sin(half_across) ** 2))


# ── favourites (R62) ──────────────────────────────────────────────────────────────────────────────
def favourites_among(person_id: int | None, missions: Iterable[int]) -> frozenset[int]:
    """Which of these missions the person keeps. One query; none for nobody or nothing."""
    asked = list(missions)
    if person_id is None or not asked:
        return frozenset()
    return frozenset(Favourite.objects.filter(person_id=person_id, mission_id__in=asked).values_list("mission_id", flat=True))


def favourites_of(person_id: int) -> QuerySet[Favourite]:
    """What somebody keeps, newest first."""
    return Favourite.objects.filter(person_id=person_id).order_by("-id")


# ── the address of one's calendar ─────────────────────────────────────────────────────────────────
def calendar_token(seed: str) -> str:
    """The secret part of a calendar's address: made from its seed and the site's key, 160 bits, never written down."""
    return salted_hmac(CALENDAR_SALT, seed, algorithm="sha256").hexdigest()[:40]


def calendar_digest(token: str) -> str:
    """What is kept of a token, to recognise it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def calendar_of_token(token: str) -> CalendarAddress | None:
    """Whose calendar this address opens, with person and account; None: nobody's (any more). One query."""
    return CalendarAddress.objects.select_related("person__account").filter(digest=calendar_digest(token)).first()


def calendar_url(person_id: int) -> str:
    """The full address of somebody's calendar, or "" when there is none, or when the site's key has changed. One query."""
    known = CalendarAddress.objects.filter(person_id=person_id).first()
    if known is None:
        return ""
    token = calendar_token(known.seed)
    if calendar_digest(token) != known.digest:
        return ""
    return settings.BASE_URL + reverse("missions:calendar-feed", args=[token])


# ── who sees, and who has looked (R37) ────────────────────────────────────────────────────────────
RECENTLY = timedelta(days=45)  # wider than any answer of ``rules.contact_until``, which decides


def perhaps_seen_by(actor: Actor) -> QuerySet[Participation]:
    """One's participations whose organisation may still see one's contact data: the rule decides on each, this only narrows."""
    since = timezone.now() - RECENTLY
    lately = Q(closed_at__gt=since) | Q(closed_at=None)
    return own_participations(actor).filter(Q(state__in=[str(state) for state in ACTIVE]) | lately).order_by("-id")


def views_of(person_id: int) -> QuerySet[ContactView]:
    """Each time somebody read one's contact data, newest first."""
    return ContactView.objects.filter(subject_id=person_id).order_by("-day", "-id")


def organisation_names(ids: Iterable[int | None]) -> dict[int, str]:
    """Names by number. One query; none for none."""
    known = [pk for pk in ids if pk is not None]
    return dict(Organisation.objects.filter(pk__in=known).values_list("pk", "name")) if known else {}
