"""The réserve's tables."""

from renfort.missions.models.domain import Domain, DomainRules, Public
from renfort.missions.models.mission import Contact, Mission, MissionAddress
from renfort.missions.models.participation import Participation
from renfort.missions.models.template import MissionTemplate
from renfort.missions.models.unfinished import Unfinished

__all__ = [
    "Contact",
    "Domain",
    "DomainRules",
    "Mission",
    "MissionAddress",
    "MissionTemplate",
    "Participation",
    "Public",
    "Unfinished",
]
