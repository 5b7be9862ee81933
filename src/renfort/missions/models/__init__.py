"""The réserve's tables."""

from renfort.missions.models.domain import Domain, DomainRules, Public
from renfort.missions.models.hours import HoursEntry
from renfort.missions.models.mission import Contact, Mission
from renfort.missions.models.participation import Participation

__all__ = ["Contact", "Domain", "DomainRules", "HoursEntry", "Mission", "Participation", "Public"]
