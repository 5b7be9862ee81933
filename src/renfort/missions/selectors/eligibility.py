"""Why somebody cannot apply: every reason at once, and what one could do instead (R30, R31)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.missions.enums import ACTIVE, MissionState
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.mission import places_left, similar_missions
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


@dataclass(frozen=True, slots=True)
class Eligibility:
    """``obstacles`` maps each reason to its sentence; empty means one may apply. ``current`` is one's active participation."""

    obstacles: dict[Obstacle, str] = field(default_factory=dict)
    current: Participation | None = None

    @property
    def may_apply(self) -> bool:
        return not self.obstacles

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
    if mission.state != MissionState.PUBLISHED:
        obstacles[Obstacle.NOT_OPEN] = _("Cette mission ne prend plus de propositions d'aide.")
    elif mission.is_over:
        obstacles[Obstacle.OVER] = _("Cette mission est terminée.")
    elif places_left(mission) == 0:
        obstacles[Obstacle.FULL] = _("Cette mission est complète : toutes les places sont prises.")
    return obstacles


def eligibility(mission: Mission, person: Person | None) -> Eligibility:
    """Whether ``person`` may apply to ``mission``, with every reason why not (R31).

    Ages are counted on the first day of the mission, or today where the mission takes place when it has begun.
    At most two queries: the operator's limits, one's participation.
    """
    obstacles = mission_obstacles(mission)
    if person is None:
        return Eligibility(obstacles)
    current = Participation.objects.filter(mission=mission, person=person, state__in=[str(state) for state in ACTIVE]).first()
    if current is not None:
        obstacles[Obstacle.APPLIED] = _("Vous avez déjà proposé votre aide pour cette mission.")
    obstacles.update(_age_obstacles(mission, person))
    return Eligibility(obstacles, current)


def helps_from_home_only(mission: Mission, person: Person) -> bool:
    """Whether age keeps this person from missions in person on the first day of this one: only others are then suggested (R31).

    At most one query: the operator's limits.
    """
    limit = values_of(AGE_LIMIT_ON_SITE)[0] if person.birth_date is not None else 0
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


def _age_obstacles(mission: Mission, person: Person) -> dict[Obstacle, str]:
    if person.birth_date is None:
        return {Obstacle.NO_BIRTH_DATE: _("Votre date de naissance manque : complétez votre profil.")}
    minimum, limit = values_of(MINIMUM_AGE, AGE_LIMIT_ON_SITE)
    age = age_on(person.birth_date, _first_day(mission))
    if age < minimum:
        return {Obstacle.TOO_YOUNG: _("Il faut avoir %(age)d ans au premier jour de la mission.") % {"age": minimum}}
    if limit and not mission.is_remote and age >= limit:
        sentence = _(
            "Pour votre sécurité, les missions en présentiel s'adressent aux personnes de moins de %(age)d ans. "
            "Les missions à distance vous sont ouvertes."
        )
        return {Obstacle.TOO_OLD_ON_SITE: sentence % {"age": limit}}
    return {}
