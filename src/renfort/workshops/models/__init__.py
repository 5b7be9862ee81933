"""Clients and orders, assignments, sessions, facilitators."""

from renfort.workshops.models.assignment import Assignment, Candidacy
from renfort.workshops.models.calendar import CalendarAddress
from renfort.workshops.models.facilitator import ComplianceDocument, Facilitator
from renfort.workshops.models.fee import Fee, Rate, Round
from renfort.workshops.models.order import Client, ClientContact, Order, OrderLine
from renfort.workshops.models.proof import Proof
from renfort.workshops.models.registration import JoinLink, Registration
from renfort.workshops.models.replacement import Replacement
from renfort.workshops.models.session import Enrolment, Invitee, Session

__all__ = [
    "Assignment",
    "CalendarAddress",
    "Candidacy",
    "Client",
    "ClientContact",
    "ComplianceDocument",
    "Enrolment",
    "Facilitator",
    "Fee",
    "Invitee",
    "JoinLink",
    "Order",
    "OrderLine",
    "Proof",
    "Rate",
    "Registration",
    "Replacement",
    "Round",
    "Session",
]
