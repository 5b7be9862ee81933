"""The réserve's tables."""

from renfort.missions.models.domain import Domain, DomainRules, Public
from renfort.missions.models.mission import Contact, Mission
from renfort.missions.models.participation import Participation
from renfort.missions.models.slot import Booking, Slot
from renfort.missions.models.waiting import Waiting

__all__ = ["Booking", "Contact", "Domain", "DomainRules", "Mission", "Participation", "Public", "Slot", "Waiting"]
