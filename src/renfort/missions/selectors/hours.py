"""Hours given: which exist for whom, and what they add up to (R33, R35)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min, Q, QuerySet, Sum

from renfort.kernel.actors import Actor
from renfort.missions.enums import Format, HoursState, ParticipationState, Side
from renfort.missions.models import HoursEntry, Mission, Participation
from renfort.missions.selectors.participation import participations_visible

S, P = HoursState, ParticipationState
TAKES_HOURS = (P.ACCEPTED, P.ONGOING, P.DONE)  # to be declared
NO_HOURS = (P.PENDING, P.REFUSED, P.NO_SHOW)  # nor confirmed


@dataclass(frozen=True, slots=True)
class Given:
    """What one person gave to one mission: the days, and the confirmed quarters of an hour."""

    participation: int
    mission: str
    organisation: str
    first_on: date
    last_on: date
    quarters: int


def hours_visible(actor: Actor) -> QuerySet[HoursEntry]:
    """The hours of the participations that the actor may see."""
    return HoursEntry.objects.filter(participation__in=participations_visible(actor))


def with_people(entries: QuerySet[HoursEntry]) -> QuerySet[HoursEntry]:
    """With all that a line and its rules read."""
    return entries.select_related("participation__person", "participation__mission")


def entries_of(participation: Participation) -> list[HoursEntry]:
    """The hours of one participation, those removed left out, by day. One query."""
    kept = HoursEntry.objects.filter(participation=participation).exclude(state=S.REMOVED).order_by("first_on", "id")
    entries = list(kept)
    for entry in entries:
        entry.participation = participation  # what the rules read
    return entries


def hours_to_agree(actor: Actor) -> list[HoursEntry]:
    """Hours that organisations said and that wait for this person's word, with mission and organisation (R33). One query."""
    waiting = HoursEntry.objects.filter(
        participation__person_id=actor.person_id or 0,
        state=S.DECLARED,
        side=Side.HOST,
        participation__state__in=[str(state) for state in TAKES_HOURS],
    )
    return list(waiting.select_related("participation__mission", "participation__organisation").order_by("id")[:20])


def days_taken(participation: Participation) -> list[tuple[date, date]]:
    """The days for which hours have been said. One query."""
    kept = HoursEntry.objects.filter(participation=participation).exclude(state=S.REMOVED)
    return list(kept.values_list("first_on", "last_on"))


def confirmed_quarters(participation: Participation) -> int:
    """The confirmed quarters of an hour of one participation. One query."""
    confirmed = HoursEntry.objects.filter(participation=participation, state=S.CONFIRMED)
    return int(confirmed.aggregate(total=Sum("quarters"))["total"] or 0)


def has_confirmed_hours(participation: Participation) -> bool:
    """Whether both sides agreed on some hours. One query."""
    return HoursEntry.objects.filter(participation=participation, state=S.CONFIRMED).exists()


def hours_of_mission(actor: Actor, mission: Mission) -> QuerySet[HoursEntry]:
    """The hours of everybody on a mission, as this actor may see them: those to confirm first."""
    entries = with_people(hours_visible(actor).filter(participation__mission=mission)).exclude(state=S.REMOVED)
    return entries.order_by("-state", "participation__person__last_name", "first_on", "id")


def waiting_for_host(mission: Mission) -> int:
    """How many declarations of volunteers wait for the organisation. One query."""
    return HoursEntry.objects.filter(participation__mission=mission, state=S.DECLARED, side="volunteer").count()


def counted() -> Q:
    """Which hours a certificate counts: confirmed, on missions done; on recurring missions, which each month adds to, always."""
    lasting = [str(state) for state in (P.ONGOING, P.WITHDRAWN, P.CANCELLED)]
    return Q(state=S.CONFIRMED) & (
        Q(participation__state=P.DONE) | Q(participation__mission__format=Format.RECURRING, participation__state__in=lasting)
    )


def given_by(
    person_id: int, *, organisation_id: int | None = None, first_on: date | None = None, last_on: date | None = None
) -> list[Given]:
    """What a person gave, mission by mission, the oldest first: hours of days wholly inside the period. One query."""
    entries = HoursEntry.objects.filter(counted(), participation__person_id=person_id)
    if organisation_id is not None:
        entries = entries.filter(participation__organisation_id=organisation_id)
    if first_on is not None:
        entries = entries.filter(first_on__gte=first_on)
    if last_on is not None:
        entries = entries.filter(last_on__lte=last_on)
    rows = (
        entries.values("participation_id", "participation__mission__title", "participation__organisation__name")
        .annotate(first=Min("first_on"), last=Max("last_on"), total=Sum("quarters"))
        .order_by("first", "participation_id")
    )
    return [
        Given(
            participation=row["participation_id"],
            mission=row["participation__mission__title"],
            organisation=row["participation__organisation__name"],
            first_on=row["first"],
            last_on=row["last"],
            quarters=row["total"],
        )
        for row in rows
    ]


def organisations_helped(person_id: int) -> list[tuple[int, str]]:
    """The organisations with which a person has hours that count, by name. One query."""
    found = HoursEntry.objects.filter(counted(), participation__person_id=person_id)
    names = found.values_list("participation__organisation_id", "participation__organisation__name").distinct()
    return sorted(names, key=lambda pair: pair[1])
