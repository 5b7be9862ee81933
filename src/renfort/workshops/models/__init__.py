"""Clients and orders, assignments, sessions, facilitators."""

from renfort.workshops.models.assignment import Assignment, Candidacy
from renfort.workshops.models.attendance import Headcount, Mark, RollCall, Signature
from renfort.workshops.models.calendar import CalendarAddress
from renfort.workshops.models.certificate import Certificate
from renfort.workshops.models.facilitator import ComplianceDocument, Facilitator
from renfort.workshops.models.fee import Fee, Rate, Round
from renfort.workshops.models.order import Client, ClientContact, Order, OrderLine
from renfort.workshops.models.proof import Proof
from renfort.workshops.models.questionnaire import Answer, Edition, Question, Questionnaire, Reply, Silence, Survey
from renfort.workshops.models.registration import JoinLink, Registration
from renfort.workshops.models.replacement import Replacement
from renfort.workshops.models.session import Enrolment, Invitee, Session

__all__ = [
    "Answer",
    "Assignment",
    "CalendarAddress",
    "Candidacy",
    "Certificate",
    "Client",
    "ClientContact",
    "ComplianceDocument",
    "Edition",
    "Enrolment",
    "Facilitator",
    "Fee",
    "Headcount",
    "Invitee",
    "JoinLink",
    "Mark",
    "Order",
    "OrderLine",
    "Proof",
    "Question",
    "Questionnaire",
    "Rate",
    "Registration",
    "Replacement",
    "Reply",
    "RollCall",
    "Round",
    "Session",
    "Signature",
    "Silence",
    "Survey",
]
