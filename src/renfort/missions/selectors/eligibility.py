"""Why somebody cannot apply: every reason at once, and what one could do instead (R30, R31)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.missions.enums import ACTIVE, MissionState, WaitingState
from renfort.missions.models import Mission, Participation, Slot, Waiting
from renfort.missions.selectors.mission import places_left, similar_missions
from renfort.missions.selectors.slots import line_on, open_on, slots_of_mission
from renfort.missions.selectors.waiting import position_of, promised, slots_counted_on, turn_of, turns_on_slots
from renfort.organisations.enums import UNWELCOME
from renfort.parameters.catalogue import AGE_LIMIT_ON_SITE, MINIMUM_AGE
from renfort.parameters.selectors import values_of
from renfort.people.models import Person
from renfort.people.rules import age_on


class Obstacle(StrEnum):
    """What kind of reason it is, for what one could do instead."""

    NOT_OPEN = "not_open"
    OVER = "over"
    FULL = "full"
    NO_BIRTH_DATE = "no_birth_date"
    TOO_YOUNG = "too_young"
    TOO_OLD_ON_SITE = "too_old_on_site"
    APPLIED = "applied"
    IN_LINE = "in_line"


NOT_A_BAR = {Obstacle.FULL, Obstacle.APPLIED}  # what keeps nobody from waiting for a full slot (R60)


@dataclass(frozen=True, slots=True)
class Eligibility:
    """``obstacles`` maps each reason to its sentence; empty means one may apply. ``current`` is one's active participation.

    ``turn`` is one's turn in the waiting list of a full mission without slots (R60).
    ``slots`` are those to come, in order; ``refusals`` says by number why one of them cannot be asked for (R61); ``full`` are
    those whose waiting list one may join, ``turns`` the lists that one is in, by number of the slot.
    """

    obstacles: dict[Obstacle, str] = field(default_factory=dict)
    current: Participation | None = None
    turn: Waiting | None = None
    slots: list[Slot] = field(default_factory=list)
    refusals: dict[int, str] = field(default_factory=dict)
    full: list[Slot] = field(default_factory=list)
    turns: dict[int, Waiting] = field(default_factory=dict)

    @property
    def may_apply(self) -> bool:
        return not self.obstacles

    @property
    def may_wait(self) -> bool:
        """Whether the only thing that is missing is a place: then one may join the waiting list (R60), of a slot if there are."""
        if self.slots:
            return bool(self.full)
        return set(self.obstacles) == {Obstacle.FULL} and self.turn is None

    @property
    def sentences(self) -> list[str]:
        return list(self.obstacles.values())

    @property
    def suggests_remote(self) -> bool:
        """Somebody whom age keeps from missions in person can help from home."""
        return Obstacle.TOO_OLD_ON_SITE in self.obstacles


def mission_obstacles(mission: Mission) -> dict[Obstacle, str]:
    """What keeps everybody from applying. ``mission`` comes from a selector with places."""
    obstacles: dict[Obstacle, str] = {}
    host = mission.organisation
    if mission.state != MissionState.PUBLISHED or host.left_at is not None or host.state in UNWELCOME:
        obstacles[Obstacle.NOT_OPEN] = _("Cette mission ne prend plus de propositions d'aide.")
    elif mission.is_over:
        obstacles[Obstacle.OVER] = _("Cette mission est terminée.")
    elif places_left(mission) == 0:
        obstacles[Obstacle.FULL] = (
            _("Cette mission est complète : toutes les places des créneaux à venir sont prises.")
            if mission.has_slots
            else _("Cette mission est complète : toutes les places sont prises.")
        )
    return obstacles


def eligibility(mission: Mission, person: Person | None) -> Eligibility:
    """Whether ``person`` may apply to ``mission``, with every reason why not (R31).

    Ages are counted on the first day of the mission, or today where the mission takes place when it has begun; with slots, on
    the day of each slot. At most three queries: the slots, the operator's limits, one's participation; one more for one's turns
    when somebody waits, one more for one's own slots when some are full.
    """
    obstacles = mission_obstacles(mission)
    slots = [slot for slot in slots_of_mission(mission) if not slot.is_over]
    full = [slot for slot in slots if open_on(slot) == 0]
    refusals = {slot.pk: _("Complet : toutes les places sont prises.") for slot in full}
    if person is None:
        return Eligibility(obstacles, slots=slots, refusals=refusals, full=full if set(obstacles) <= NOT_A_BAR else [])
    current = Participation.objects.filter(mission=mission, person=person, state__in=[str(state) for state in ACTIVE]).first()
    if current is not None:
        obstacles[Obstacle.APPLIED] = _("Vous avez déjà proposé votre aide pour cette mission.")
    turn = turn_of(mission, person) if not mission.has_slots and promised(mission) else None
    if turn is not None:
        obstacles[Obstacle.IN_LINE] = _("Vous êtes sur la liste d'attente de cette mission.")
    if person.birth_date is None:
        obstacles[Obstacle.NO_BIRTH_DATE] = _("Votre date de naissance manque : complétez votre profil.")
        return Eligibility(obstacles, current, turn, slots, refusals)
    limits = age_limits(mission)
    if not mission.has_slots:
        obstacles.update(_age_obstacles(mission, person.birth_date, _first_day(mission), limits))
        return Eligibility(obstacles, current, turn, slots, refusals)
    turns = turns_on_slots(mission, person) if any(line_on(slot) for slot in slots) else {}
    refusals |= {pk: _in_line(found) for pk, found in turns.items()}
    ages = {slot.pk: _age_obstacles(mission, person.birth_date, slot.local_start.date(), limits) for slot in slots}
    free = [slot.pk for slot in slots if slot.pk not in refusals]
    if free and all(ages[pk] for pk in free):  # kept from every slot: from the mission
        obstacles.update(ages[free[0]])
    refusals |= {pk: " ".join(found.values()) for pk, found in ages.items() if found and pk not in refusals}
    mine = slots_counted_on(mission.pk, person.pk) if full and current is not None else set()
    waitable = [slot for slot in full if not ages[slot.pk] and slot.pk not in turns and slot.pk not in mine]
    return Eligibility(obstacles, current, None, slots, refusals, waitable if set(obstacles) <= NOT_A_BAR else [], turns)


def _in_line(turn: Waiting) -> str:
    """Why a slot cannot be asked for by who is in its waiting list."""
    if turn.state == WaitingState.OFFERED:
        return _("Une place de ce créneau vous est proposée.")
    return _("Vous êtes sur la liste d'attente de ce créneau, en position %(position)d.") % {"position": position_of(turn)}


def age_limits(mission: Mission) -> tuple[int, int]:
    """The least age, and the age from which nobody helps on site any more (0: none): the domain's, else the réserve's (R31, R58).

    One query; another when the mission's domain was not loaded.
    """
    minimum, limit = values_of(MINIMUM_AGE, AGE_LIMIT_ON_SITE)
    domain = mission.domain
    return (
        minimum if domain.minimum_age is None else domain.minimum_age,
        limit if domain.age_limit_on_site is None else domain.age_limit_on_site,
    )


def helps_from_home_only(mission: Mission, person: Person) -> bool:
    """Whether age keeps this person from missions in person on the first day of this one: only others are then suggested (R31).

    At most one query: the operator's limits.
    """
    limit = age_limits(mission)[1] if person.birth_date is not None else 0
    return bool(limit and person.birth_date and age_on(person.birth_date, _first_day(mission)) >= limit)


def suggestions_for(mission: Mission, person: Person, *, most: int = 3) -> list[Mission]:
    """What else this person could do, instead of a mission that is not to be: open ones with places, like it (R34).

    Remote ones alone where age says so; none for which the person has ever applied. At most four queries.
    """
    found = similar_missions(mission, most=2 * most, remote_only=helps_from_home_only(mission, person))
    mine = Participation.objects.filter(person=person, mission_id__in=[each.pk for each in found])
    applied = set(mine.values_list("mission_id", flat=True)) if found else set()
    return [each for each in found if each.pk not in applied][:most]


def _first_day(mission: Mission) -> date:
    """The day on which ages are counted: the first one, or today where the mission takes place when it has begun."""
    today = timezone.now().astimezone(ZoneInfo(mission.zone)).date()
    return max(mission.starts_on or today, today)


def _age_obstacles(mission: Mission, born: date, day: date, limits: Sequence[int]) -> dict[Obstacle, str]:
    """What age forbids on a day (R31)."""
    minimum, limit = limits
    age = age_on(born, day)
    if age < minimum:
        sentence = (
            _("Il faut avoir %(age)d ans le jour du créneau.")
            if mission.has_slots
            else _("Il faut avoir %(age)d ans au premier jour de la mission.")
        )
        return {Obstacle.TOO_YOUNG: sentence % {"age": minimum}}
    if limit and not mission.is_remote and age >= limit:
        sentence = _(
            "Pour votre sécurité, les missions en présentiel s'adressent aux personnes de moins de %(age)d ans. "
            "Les missions à distance vous sont ouvertes."
        )
        return {Obstacle.TOO_OLD_ON_SITE: sentence % {"age": limit}}
    return {}
