"""An organisation's lists as they are asked for: what the pages show and what the exports write (R17, R32, R41).

The figures of the dashboard are counted with the same filters as the lists that they open.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import Contains
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.kernel.words import among, has_word, typed_words
from renfort.missions.enums import TAKING, Format, MissionState, ParticipationState
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.mission import missions_visible
from renfort.missions.selectors.participation import led_by, of_words, participations_visible, taking_place
from renfort.missions.selectors.room import being_full, having_room
from renfort.missions.selectors.slots import offered_on_slots, taken_on_slots
from renfort.organisations.enums import ScopeKind
from renfort.organisations.models import Organisation

M, S = MissionState, ParticipationState

# the words of addresses, which saved views keep: they must not change
PROPOSED, TO_CLOSE = "proposees", "a-cloturer"
LEFT, FULL = "reste", "complet"
OTHERS, PLACES = "autres", "places"
MINE = "moi"  # « Responsable »: oneself, so that a view shared with the team is each reader's own

PROPOSED_STATES = (M.SUBMITTED, M.PUBLISHED, M.TO_CORRECT, M.ENDED)  # « proposées » (R41): neither drafts nor what was given up
OTHER_STATES = (S.REFUSED, S.WITHDRAWN, S.NO_SHOW, S.CANCELLED)  # « Autres » (R41)
DEPARTMENT = 3  # characters at most of a department's code: a shorter text of digits is one, or the beginning of a postcode

# How a list may be sorted: the word in the address, and the columns. An index answers each of these…
MISSION_SORTS = {"cree": ("id",), "titre": ("search_name", "id"), "debut": ("starts_on", "id")}
PARTICIPATION_SORTS = {"cree": ("id",)}
# …and these only when few rows are left to sort, because no index can
FEW_MISSION_SORTS = {"places": ("left", "id")}
FEW_PARTICIPATION_SORTS = {"nom": ("by_name", "id"), "mission": ("mission__search_name", "id")}
FEW = 1000


# ── what is asked ─────────────────────────────────────────────────────────────────────────────────
def host_missions(actor: Actor, organisation: int, said: Mapping[str, Any]) -> QuerySet[Mission]:
    """The organisation's missions that this actor may see and that ``said`` asks for, in no order.

    ``said`` is the cleaned data of ``forms.filters.MissionFilterForm``; what it does not say narrows nothing.
    """
    missions = missions_visible(actor).filter(organisation_id=organisation)
    missions = _of_state(missions, str(said.get("statut") or ""))
    if said.get("domaine"):
        missions = missions.filter(domain__key=said["domaine"])
    if said.get("lieu"):
        missions = _at(missions, str(said["lieu"]))
    if said.get("debut"):
        now = timezone.now()
        missions = missions.filter(state=M.PUBLISHED, begins_at__gt=now, begins_at__lte=now + timedelta(days=int(said["debut"])))
    if said.get("places"):
        asked = having_room if said["places"] == LEFT else being_full
        missions = missions.filter(asked(organisation, timezone.now()))
    if said.get("responsable"):
        missions = missions.filter(led_by(_person(actor, str(said["responsable"]))))
    for word, in_name in _words(actor, organisation, said):
        missions = missions.filter(in_name | has_word("search_name", word))
    return missions


def host_participations(actor: Actor, organisation: int, said: Mapping[str, Any]) -> QuerySet[Participation]:
    """The organisation's participations that this actor may see and that ``said`` asks for, in no order.

    ``said`` is the cleaned data of ``forms.filters.ParticipationFilterForm``; what it does not say narrows nothing.
    """
    participations = participations_visible(actor).filter(organisation_id=organisation)
    participations = _in_status(participations, str(said.get("statut") or ""))
    if said.get("attente"):
        participations = waiting_over(participations, int(said["attente"]))
    if said.get("mission"):
        participations = participations.filter(mission_id=said["mission"])
    if said.get("lieu"):
        there = _at(Mission.objects.filter(organisation_id=organisation), str(said["lieu"]))
        participations = participations.filter(among("mission_id", there))
    if said.get("responsable"):
        theirs = Mission.objects.filter(led_by(_person(actor, str(said["responsable"]))), organisation_id=organisation)
        participations = participations.filter(among("mission_id", theirs))
    if said.get("du"):
        participations = participations.filter(created_at__gte=_midnight(said["du"]))
    if said.get("au"):
        participations = participations.filter(created_at__lt=_midnight(said["au"] + timedelta(days=1)))
    return of_words(participations, _words(actor, organisation, said))


def _person(actor: Actor, said: str) -> int | None:
    return actor.person_id if said == MINE else int(said)


def _of_state(missions: QuerySet[Mission], state: str) -> QuerySet[Mission]:
    if state == PROPOSED:
        return missions.filter(state__in=[str(each) for each in PROPOSED_STATES])
    if state == TO_CLOSE:
        return missions.filter(to_close())
    return missions.filter(state=state) if state else missions


def _in_status(participations: QuerySet[Participation], state: str) -> QuerySet[Participation]:
    if state == OTHERS:
        return participations.filter(state__in=[str(each) for each in OTHER_STATES])
    if state == PLACES:
        return participations.filter(taking_place()).exclude(state=S.PENDING)
    if state == S.WITHDRAWN:  # a withdrawal and a no-show read the same on the screen, so one filter finds both
        return participations.filter(state__in=[S.WITHDRAWN, S.NO_SHOW])
    return participations.filter(state=state) if state else participations


def to_close() -> Q:
    """Missions whose last day has passed and which nobody has closed (« à clôturer », R20)."""
    return Q(state=M.PUBLISHED, over_at__lte=timezone.now())


def with_left(missions: QuerySet[Mission]) -> QuerySet[Mission]:
    """Annotate ``left``: the places left, below zero where too many were given (R34).

    The same count as ``with_places``, one by one, for the few that are sorted by it; ``selectors.room`` counts all at once.
    """
    holding = (
        Q(state__in=[str(state) for state in TAKING]) | Q(state=S.DONE, kind=Format.ONE_OFF) | Q(state=S.PENDING, reserved=True)
    )
    there = Participation.objects.alias(kind=ExpressionWrapper(OuterRef("format"), output_field=TextField()))
    taken = there.filter(holding, mission=OuterRef("pk")).order_by().values("mission").annotate(count=Count("*")).values("count")
    whole = F("places") - Coalesce(Subquery(taken, output_field=IntegerField()), 0)
    found: QuerySet[Mission] = missions.annotate(
        left=Case(When(has_slots=True, then=offered_on_slots() - taken_on_slots()), default=whole, output_field=IntegerField())
    )
    return found


def waiting_over(participations: QuerySet[Participation], days: int) -> QuerySet[Participation]:
    """Applications that have waited for an answer for more than so many days."""
    return participations.filter(state=S.PENDING, created_at__lt=timezone.now() - timedelta(days=days))


def _at(missions: QuerySet[Mission], place: str) -> QuerySet[Mission]:
    """Missions of a city, a postcode or a department (« 33 », « 2A »); those at a distance count in their department."""
    for word in typed_words(place):
        code = word.upper()
        if code.isdigit() or (len(code) == 2 and code[0].isdigit()):  # noqa: PLR2004 -- « 2A »
            department = Q(department_id=code) if len(code) <= DEPARTMENT else Q()
            missions = missions.filter(department | Q(postcode__startswith=code) if department else Q(postcode__startswith=code))
        else:
            city = Func(F("city"), function="public.sort_key", output_field=TextField())
            wanted = Func(Value(word, output_field=TextField()), function="public.sort_key", output_field=TextField())
            missions = missions.filter(has_word("search_name", word)).alias(city_key=city).filter(city_key__contains=wanted)
    return missions


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _words(actor: Actor, organisation: int, said: Mapping[str, Any]) -> list[tuple[str, Q]]:
    """The words typed, each with whether one of the organisation's own name begins so: that is in every row of it (R17).

    The name comes with the actor's role (else one query). The database knows what it says of a word before it looks at any row.
    """
    words = typed_words(said.get("q") or "")
    if not words:
        return []
    scope = str(organisation)
    names = [role.name for role in actor.roles if role.scope_kind == ScopeKind.ORGANISATION and role.scope == scope]
    name = names[0] if names else Organisation.objects.filter(pk=organisation).values_list("name", flat=True).first() or ""
    return [(word, Q(Contains(_key(f" {name}"), _key(f" {word}")))) for word in words]


def _key(text: str) -> Func:
    return Func(Value(text, output_field=TextField()), function="public.sort_key", output_field=TextField())


# ── in which order ────────────────────────────────────────────────────────────────────────────────
def in_order(rows: QuerySet[Any], asked: str, sorts: Mapping[str, tuple[str, ...]]) -> QuerySet[Any]:
    """The rows in the order that the address asks for (« titre », « -titre »); newest first when it asks nothing known."""
    columns = sorts.get(asked.removeprefix("-"))
    if columns is None:
        return rows.order_by("-id")
    if "left" in columns and "left" not in rows.query.annotations:
        rows = with_left(rows)
    if "by_name" in columns:
        rows = rows.alias(by_name=Func(F("person__last_name"), function="public.sort_key", output_field=TextField()))
    return rows.order_by(*(f"-{column}" for column in columns) if asked.startswith("-") else columns)
