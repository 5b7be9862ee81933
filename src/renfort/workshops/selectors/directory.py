"""The directory of facilitators (W4, W11)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Grant
from renfort.workshops.enums import LEVELS, EnrolmentState, Kind, Language, Seat
from renfort.workshops.models import ComplianceDocument, Enrolment, Facilitator, Session
from renfort.workshops.selectors.compliance import documents_for, lowest_for, rank
from renfort.workshops.selectors.places import Point, centres, postcodes_near
from renfort.workshops.selectors.sessions import SEATS

NAME, LEVEL, NEAR = "nom", "niveau", "distance"
YEAR = timedelta(days=365)
LED = [str(seat) for seat in Seat if seat != Seat.OBSERVER]
DISTANCES = (20, 50, 100, 200)  # kilometres


def facilitators(
    words: str = "", level: str = "", language: str = "", near: Collection[str] | None = None
) -> QuerySet[Facilitator]:
    """Everybody who leads sessions, by name, with documents; ``words`` looks in names and addresses.

    ``level`` and ``language`` as their codes, anything else is no filter; ``near``: postcodes to which people are limited.
    """
    found = (
        Facilitator.objects.select_related("person__account")
        .prefetch_related("documents")
        .order_by("person__last_name", "person__first_name", "pk")
    )
    for word in words.split()[:5]:
        found = found.filter(
            Q(person__first_name__icontains=word) | Q(person__last_name__icontains=word) | Q(person__email__icontains=word)
        )
    if level in LEVELS:
        found = found.filter(level=level)
    if language in Language.values:
        found = found.filter(languages__contains=[language])
    return found if near is None else found.filter(person__postcode__in=near)


@dataclass(frozen=True, slots=True)
class Activity:
    """How much somebody leads: sessions of the last twelve months, and those to come (W11)."""

    done: int = 0
    ahead: int = 0


def activity_of(people: Iterable[Facilitator]) -> dict[int, Activity]:
    """How much each of them leads, by number; who leads nothing is not there. One query."""
    now = timezone.now()
    counted = (
        Enrolment.objects.filter(facilitator__in=[each.pk for each in people], seat__in=LED)
        .values_list("facilitator")
        .annotate(
            done=Count("pk", filter=Q(state=EnrolmentState.DONE, ends_at__gt=now - YEAR)),
            ahead=Count("pk", filter=Q(state=EnrolmentState.ENROLLED, ends_at__gt=now)),
        )
        .order_by()
    )
    return {pk: Activity(done, ahead) for pk, done, ahead in counted}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for. ``level``: this one or above; ``middle`` and ``kilometres``: around a point; ``audience``, ``what`` and
    ``day``: only those who conform for it then; ``free_of``: only those who lead nothing else at its hours, and are not on it.
    ``by_names``: words look in names alone, for readers who may not know addresses.
    """

    words: str = ""
    level: str = ""
    language: str = ""
    middle: Point | None = None
    kilometres: int = 0
    audience: str = ""
    what: str = Kind.WORKSHOP
    day: date | None = None
    free_of: Session | None = None
    by_names: bool = False
    sort: str = NAME


def conforming(
    found: QuerySet[Facilitator], *, audience: str, what: str, day: date, seat: str = Seat.LEAD
) -> QuerySet[Facilitator]:
    """Those who conform for an audience on a day: the same question as ``missing``, asked of all at once in the database."""
    if seat != Seat.OBSERVER:
        lowest = rank(lowest_for(audience, what))
        found = found.filter(level__in=[level for level in LEVELS if rank(level) >= lowest])
    for kind in documents_for(audience, what):
        valid = ComplianceDocument.objects.filter(facilitator=OuterRef("pk"), kind=kind, valid_from__lte=day)
        found = found.filter(Exists(valid.filter(Q(valid_until=None) | Q(valid_until__gte=day))))
    return found


def search(wanted: Wanted) -> tuple[QuerySet[Facilitator] | list[int], dict[str, float]]:
    """Who fits, in order, as a query or as numbers, and the distance of each postcode around the point. Two queries at most.

    Only those who hold the role now.
    """
    held = Grant.objects.filter(person=OuterRef("pk"), programme=Programme.WORKSHOPS, role=Role.FACILITATOR, valid_until=None)
    found = Facilitator.objects.filter(Exists(held)).order_by("person__last_name", "person__first_name", "pk")
    for word in wanted.words.split()[:5]:
        named = Q(person__first_name__icontains=word) | Q(person__last_name__icontains=word)
        found = found.filter(named if wanted.by_names else named | Q(person__email__icontains=word))
    if wanted.level in LEVELS:
        found = found.filter(level__in=LEVELS[LEVELS.index(wanted.level) :])
    if wanted.language in Language.values:
        found = found.filter(languages__contains=[wanted.language])
    if wanted.audience and wanted.day is not None:
        found = conforming(found, audience=wanted.audience, what=wanted.what, day=wanted.day)
    if (session := wanted.free_of) is not None:
        busy = Enrolment.objects.filter(facilitator=OuterRef("pk"), state__in=SEATS)
        found = found.exclude(Exists(busy.filter(starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)))
    near: dict[str, float] = {}
    if wanted.middle is not None and wanted.kilometres:
        near = postcodes_near(wanted.middle, wanted.kilometres)
        found = found.filter(person__postcode__in=near)
    if wanted.sort == NEAR and near:
        rows = found.values_list("pk", "person__postcode")
        return [pk for pk, _code in sorted(rows, key=lambda row: near[row[1]])], near
    if wanted.sort == LEVEL:
        rows = found.values_list("pk", "level")
        return [pk for pk, _level in sorted(rows, key=lambda row: -rank(row[1]))], near
    return found, near


def dressed() -> QuerySet[Facilitator]:
    """What a row of the directory shows: the person, the documents."""
    return Facilitator.objects.select_related("person__account").prefetch_related("documents")


def middle_of(session: Session) -> Point | None:
    """Where a session takes place; None when it is online, or nobody knows its postcode. One query."""
    if not session.postcode:
        return None
    found = centres([session.postcode]).get(session.postcode)
    return (found[1], found[2]) if found else None
