"""What the réserve says to people. Each: to whom, and the blocks of the e-mail (decision 19), in the reader's language."""

from renfort.missions.messages.accompany import (
    MISSION_EDITED_WITH_US,
    MISSION_GIVEN,
    MISSION_MOVED,
    TRANSFER_ACCEPTED,
    TRANSFER_ANNOUNCED,
    TRANSFER_OVER,
    TRANSFER_PROPOSED,
)
from renfort.missions.messages.facts import moment_code
from renfort.missions.messages.hours import (
    ABSENCE_CONTESTED,
    ABSENCE_KEPT,
    ABSENCE_LIFTED,
    HOURS_NEWS,
    HOURS_TO_CONFIRM,
    HOW_WAS_IT,
    MISSED,
    WHO_CAME,
)
from renfort.missions.messages.merging import HOST_MERGED
from renfort.missions.messages.missions import (
    CASE_MESSAGE,
    MISSION_CANCELLED,
    MISSION_CHANGED,
    MISSION_CORRECTED,
    MISSION_REFUSED,
    MISSION_REOPENED,
    MISSION_SUSPENDED,
    MISSION_TO_CLOSE,
    MISSION_TO_CORRECT,
    MISSION_VALIDATED,
)
from renfort.missions.messages.participations import (
    ACCEPTED,
    CANCELLED_WITH_MISSION,
    RECEIVED,
    REFUSED,
    TAKEN_BACK,
    TO_ANSWER,
    WITHDRAWN,
)
from renfort.missions.messages.queue import CASE_MOVED, MORNING_QUEUE
from renfort.missions.messages.reminders import EVE, HANDED_OVER, STILL_WAITING
from renfort.missions.messages.slots import SLOT_CANCELLED, SLOTS_CHOSEN, SLOTS_GIVEN_BACK, SLOTS_MOVED
from renfort.missions.messages.waiting import LINE_CLOSED, OFFER_LAPSED, PLACE_OFFERED, PLACE_TAKEN, TURN_TO_ANSWER

__all__ = [
    "ABSENCE_CONTESTED",
    "ABSENCE_KEPT",
    "ABSENCE_LIFTED",
    "ACCEPTED",
    "CANCELLED_WITH_MISSION",
    "CASE_MESSAGE",
    "CASE_MOVED",
    "EVE",
    "HANDED_OVER",
    "HOST_MERGED",
    "HOURS_NEWS",
    "HOURS_TO_CONFIRM",
    "HOW_WAS_IT",
    "LINE_CLOSED",
    "MISSED",
    "MISSION_CANCELLED",
    "MISSION_CHANGED",
    "MISSION_CORRECTED",
    "MISSION_EDITED_WITH_US",
    "MISSION_GIVEN",
    "MISSION_MOVED",
    "MISSION_REFUSED",
    "MISSION_REOPENED",
    "MISSION_SUSPENDED",
    "MISSION_TO_CLOSE",
    "MISSION_TO_CORRECT",
    "MISSION_VALIDATED",
    "MORNING_QUEUE",
    "OFFER_LAPSED",
    "PLACE_OFFERED",
    "PLACE_TAKEN",
    "RECEIVED",
    "REFUSED",
    "SLOTS_CHOSEN",
    "SLOTS_GIVEN_BACK",
    "SLOTS_MOVED",
    "SLOT_CANCELLED",
    "STILL_WAITING",
    "TAKEN_BACK",
    "TO_ANSWER",
    "TRANSFER_ACCEPTED",
    "TRANSFER_ANNOUNCED",
    "TRANSFER_OVER",
    "TRANSFER_PROPOSED",
    "TURN_TO_ANSWER",
    "WHO_CAME",
    "WITHDRAWN",
    "moment_code",
]
