"""What the programme says to people. Each: to whom, and the blocks of the e-mail, in the reader's language."""

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
from renfort.workshops.messages.money import (
    BILL_AWAITED,
    BILL_RECEIVED,
    BILL_REFUSED,
    BILL_WRITTEN,
    PAID,
    PAYEE_CHANGED,
    PAYEE_MISSING,
    REJECTED,
)
from renfort.workshops.messages.proofs import DOCUMENT_EXPIRES, PROOF_ACCEPTED, PROOF_REFUSED, PROOF_SENT
from renfort.workshops.messages.sessions import CHANGED, ENROLLED, INVITED, LEFT, SESSION_CANCELLED, UNENROLLED

__all__ = [
    "APPLIED",
    "AWARDED",
    "BILL_AWAITED",
    "BILL_RECEIVED",
    "BILL_REFUSED",
    "BILL_WRITTEN",
    "CANCELLED",
    "CHANGED",
    "CLOSED",
    "CONTACT_INVITED",
    "DOCUMENT_EXPIRES",
    "ENROLLED",
    "GIVEN_BACK",
    "GIVEN_TO_ANOTHER",
    "INVITED",
    "LEFT",
    "OFFERED",
    "PAID",
    "PAYEE_CHANGED",
    "PAYEE_MISSING",
    "PROOF_ACCEPTED",
    "PROOF_REFUSED",
    "PROOF_SENT",
    "REJECTED",
    "SESSION_CANCELLED",
    "TAKEN_BACK",
    "UNENROLLED",
]
