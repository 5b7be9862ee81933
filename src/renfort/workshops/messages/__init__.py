"""What the programme says to people. Each: to whom, and the blocks of the e-mail, in the reader's language."""

from renfort.workshops.messages.after import AFTER, AFTER_AGAIN, SURVEY_COLD, SURVEY_REMINDER
from renfort.workshops.messages.assignments import (
    APPLIED,
    AWARDED,
    CANCELLED,
    CLOSED,
    GIVEN_BACK,
    GIVEN_TO_ANOTHER,
    OFFERED,
    TAKEN_BACK,
)
from renfort.workshops.messages.clients import CONTACT_INVITED
from renfort.workshops.messages.invitations import INVITATION_DECLINED, INVITED_AGAIN, PLACE_DECLINED, PLACE_PROPOSED, PLACE_TAKEN
from renfort.workshops.messages.proofs import DOCUMENT_EXPIRES, PROOF_ACCEPTED, PROOF_REFUSED, PROOF_SENT
from renfort.workshops.messages.registrations import (
    GUEST_ALREADY,
    GUEST_CALLED_OFF,
    GUEST_CONFIRMED,
    GUEST_DECLINED,
    GUEST_INVITED,
    GUEST_MOVED,
    GUEST_QUEUED,
    GUEST_REMINDED,
    GUEST_REMOVED,
    GUEST_SEATED,
)
from renfort.workshops.messages.sessions import CHANGED, ENROLLED, INVITED, LEFT, SESSION_CANCELLED, UNENROLLED

__all__ = [
    "AFTER",
    "AFTER_AGAIN",
    "APPLIED",
    "AWARDED",
    "CANCELLED",
    "CHANGED",
    "CLOSED",
    "CONTACT_INVITED",
    "DOCUMENT_EXPIRES",
    "ENROLLED",
    "GIVEN_BACK",
    "GIVEN_TO_ANOTHER",
    "GUEST_ALREADY",
    "GUEST_CALLED_OFF",
    "GUEST_CONFIRMED",
    "GUEST_DECLINED",
    "GUEST_INVITED",
    "GUEST_MOVED",
    "GUEST_QUEUED",
    "GUEST_REMINDED",
    "GUEST_REMOVED",
    "GUEST_SEATED",
    "INVITATION_DECLINED",
    "INVITED",
    "INVITED_AGAIN",
    "LEFT",
    "OFFERED",
    "PLACE_DECLINED",
    "PLACE_PROPOSED",
    "PLACE_TAKEN",
    "PROOF_ACCEPTED",
    "PROOF_REFUSED",
    "PROOF_SENT",
    "SESSION_CANCELLED",
    "SURVEY_COLD",
    "SURVEY_REMINDER",
    "TAKEN_BACK",
    "UNENROLLED",
]
