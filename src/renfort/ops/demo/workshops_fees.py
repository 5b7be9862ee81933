"""Fees of the demonstration: rates, a request that waits, one that was approved, somebody paid by transfer (W8, W9, W11)."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from renfort.kernel.actors import SERVICE, Actor
from renfort.workshops.enums import Audience, Kind, RateRole
from renfort.workshops.models import Assignment, Bill, Enrolment, Facilitator, Round
from renfort.workshops.services.bills import write_bill
from renfort.workshops.services.fees import approve_round, request_fees
from renfort.workshops.services.rates import RateFacts, add_rate
from renfort.workshops.services.transfers import prepare, report

# euros before tax per service: leading, helping, coaching, coordinating; schools pay less
FULL, SCHOOL = (500, 250, 300, 100), (150, 80, 100, 40)


def load_rates() -> None:
    """Rates of every audience since a year ago."""
    first_on: date = timezone.localdate() - timedelta(days=365)
    for audience in Audience:
        lead, help_, coach, coordination = SCHOOL if audience == Audience.EDUCATION else FULL
        for kind in Kind:
            for role, euros in ((RateRole.LEAD, lead), (RateRole.CO_LEAD, help_), (RateRole.COACH, coach)):
                if (role, kind) != (RateRole.COACH, Kind.TRAINING):
                    _add(audience, role, kind, euros, first_on)
        _add(audience, RateRole.COORDINATION, "", coordination, first_on)


def _add(audience: str, role: str, kind: str, euros: int, first_on: date) -> None:
    facts = RateFacts(audience=str(audience), role=str(role), kind=str(kind), amount=euros * 100, first_on=first_on)
    add_rate(actor=SERVICE, facts=facts)


def ask(what: Assignment, *, by: Actor) -> Round:
    """The coordinator asks for all that is due."""
    done = Enrolment.objects.filter(session__assignment=what, state="done", standing="paid")
    return request_fees(actor=by, assignment=what, chosen=list(done.values_list("pk", flat=True)))


def approve_and_pay(request: Round, *, by: Actor, paid: Facilitator, sends: Facilitator) -> None:
    """The association approves: somebody is invoiced under mandate and paid, somebody else is to send theirs."""
    approve_round(actor=by, request=request)
    for each in (paid, sends):
        write_bill(actor=by, facilitator_id=each.pk)
    day = timezone.localdate()
    transfer = prepare(actor=by, bills=Bill.objects.filter(facilitator=paid).values_list("pk", flat=True), execution_on=day)
    report(actor=by, transfer=transfer, rejected={}, settled_on=day)
