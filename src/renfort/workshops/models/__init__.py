"""Clients and orders, assignments, sessions, facilitators."""

from renfort.workshops.models.assignment import Assignment, Candidacy
from renfort.workshops.models.attendance import Headcount, Mark, RollCall, Signature
from renfort.workshops.models.calendar import CalendarAddress
from renfort.workshops.models.certificate import Certificate
from renfort.workshops.models.facilitator import ComplianceDocument, Facilitator
from renfort.workshops.models.fee import Fee, Rate, Round
from renfort.workshops.models.invoice import Bill, BillLine, ClientInvoice, Series
from renfort.workshops.models.order import Client, ClientContact, Order, OrderLine
from renfort.workshops.models.payee import Mandate, Payee
from renfort.workshops.models.proof import Proof
from renfort.workshops.models.questionnaire import Answer, Edition, Question, Questionnaire, Reply, Silence, Survey
from renfort.workshops.models.registration import JoinLink, Registration
from renfort.workshops.models.replacement import Replacement
from renfort.workshops.models.session import Enrolment, Invitee, Session
from renfort.workshops.models.transfer import Payment, Transfer
from renfort.workshops.models.work import BillRun

__all__ = [
    "Answer",
    "Assignment",
    "Bill",
    "BillLine",
    "BillRun",
    "CalendarAddress",
    "Candidacy",
    "Certificate",
    "Client",
    "ClientContact",
    "ClientInvoice",
    "ComplianceDocument",
    "Edition",
    "Enrolment",
    "Facilitator",
    "Fee",
    "Headcount",
    "Invitee",
    "JoinLink",
    "Mandate",
    "Mark",
    "Order",
    "OrderLine",
    "Payee",
    "Payment",
    "Proof",
    "Question",
    "Questionnaire",
    "Rate",
    "Registration",
    "Replacement",
    "Reply",
    "RollCall",
    "Round",
    "Series",
    "Session",
    "Signature",
    "Silence",
    "Survey",
    "Transfer",
]
