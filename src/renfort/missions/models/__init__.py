"""The réserve's tables."""

from renfort.missions.models.batch import Batch, BatchRow
from renfort.missions.models.checks import MissionFinding, Recheck
from renfort.missions.models.domain import Domain, DomainRules, Public, PublicationPolicy
from renfort.missions.models.hours import HoursEntry
from renfort.missions.models.lists import ReplyTemplate, SavedView
from renfort.missions.models.mission import Contact, Mission, MissionAddress
from renfort.missions.models.notes import ContactAccess, MissionNote
from renfort.missions.models.participation import Participation
from renfort.missions.models.reasons import CancellationReason, RefusalReason, WithdrawalReason
from renfort.missions.models.replies import DefaultReply
from renfort.missions.models.slot import Booking, Slot
from renfort.missions.models.template import MissionTemplate
from renfort.missions.models.transfer import Transfer
from renfort.missions.models.unfinished import Unfinished
from renfort.missions.models.volunteer import CalendarAddress, Favourite
from renfort.missions.models.waiting import Waiting

__all__ = [
    "Batch",
    "BatchRow",
    "Booking",
    "CalendarAddress",
    "CancellationReason",
    "Contact",
    "ContactAccess",
    "DefaultReply",
    "Domain",
    "DomainRules",
    "Favourite",
    "HoursEntry",
    "Mission",
    "MissionAddress",
    "MissionFinding",
    "MissionNote",
    "MissionTemplate",
    "Participation",
    "Public",
    "PublicationPolicy",
    "Recheck",
    "RefusalReason",
    "ReplyTemplate",
    "SavedView",
    "Slot",
    "Transfer",
    "Unfinished",
    "Waiting",
    "WithdrawalReason",
]
