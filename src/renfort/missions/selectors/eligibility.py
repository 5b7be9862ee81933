"""Why somebody cannot apply: every reason at once, and what one could do instead (R30, R31)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.missions.enums import ACTIVE, MissionState
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.mission import places_left
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
    if mission.state != MissionState.PUBLISHED or mission.organisation.left_at is not None:
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


def _age_obstacles(mission: Mission, person: Person) -> dict[Obstacle, str]:
    if person.birth_date is None:
        return {Obstacle.NO_BIRTH_DATE: _("Votre date de naissance manque : complétez votre profil.")}
    minimum, limit = values_of(MINIMUM_AGE, AGE_LIMIT_ON_SITE)
    today = timezone.now().astimezone(ZoneInfo(mission.zone)).date()
    age = age_on(person.birth_date, max(mission.starts_on or today, today))
    if age < minimum:
        return {Obstacle.TOO_YOUNG: _("Il faut avoir %(age)d ans au premier jour de la mission.") % {"age": minimum}}
    if limit and not mission.is_remote and age >= limit:
        sentence = _(
            "Pour votre sécurité, les missions en présentiel s'adressent aux personnes de moins de %(age)d ans. "
            "Les missions à distance vous sont ouvertes."
        )
        return {Obstacle.TOO_OLD_ON_SITE: sentence % {"age": limit}}
    return {}
