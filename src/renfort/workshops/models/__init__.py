"""Clients and orders, assignments, sessions, facilitators."""

from renfort.workshops.models.assignment import Assignment, Candidacy
from renfort.workshops.models.facilitator import ComplianceDocument, Facilitator
from renfort.workshops.models.fee import Fee, Rate, Round
from renfort.workshops.models.order import Client, ClientContact, Order, OrderLine
from renfort.workshops.models.registration import JoinLink, Registration
from renfort.workshops.models.session import Enrolment, Invitee, Session

__all__ = [
    "Assignment",
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
    "Rate",
    "Registration",
    "Round",
    "Session",
]
