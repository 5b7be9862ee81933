"""The life cycles of the programme, a page per subject. These pages are the rule; nothing repeats them."""

from renfort.workshops.workflow.fees import FEE, ROUND
from renfort.workshops.workflow.lives import ASSIGNMENT, ENROLMENT, SESSION
from renfort.workshops.workflow.money import BILL, TRANSFER
from renfort.workshops.workflow.proof import PROOF
from renfort.workshops.workflow.registration import REGISTRATION
from renfort.workshops.workflow.replacement import REPLACEMENT

__all__ = [
    "ASSIGNMENT",
    "BILL",
    "ENROLMENT",
    "FEE",
    "PROOF",
    "REGISTRATION",
    "REPLACEMENT",
    "ROUND",
    "SESSION",
    "TRANSFER",
]
