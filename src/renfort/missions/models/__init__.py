"""The réserve's tables."""

from renfort.missions.models.domain import Domain, DomainRules, Public
from renfort.missions.models.mission import Contact, Mission
from renfort.missions.models.participation import Participation
from renfort.missions.models.waiting import Waiting

__all__ = ["Contact", "Domain", "DomainRules", "Mission", "Participation", "Public", "Waiting"]
