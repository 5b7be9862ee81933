"""The réserve's tables."""

from renfort.missions.models.domain import Domain, DomainRules, Public
from renfort.missions.models.mission import Contact, Mission
from renfort.missions.models.participation import Participation
from renfort.missions.models.volunteer import CalendarAddress, Favourite

__all__ = ["CalendarAddress", "Contact", "Domain", "DomainRules", "Favourite", "Mission", "Participation", "Public"]
