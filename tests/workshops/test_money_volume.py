"""A term's fees at once (W8, W11): each step asks the database as often for two hundred fees as for five, and takes seconds."""

from __future__ import annotations

from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.money import billing, payee
from tests.factories.workshops import acting, assignment, enrolment, facilitator, rate, session, staff

from renfort.organisations.enums import Role
from renfort.workshops.models import Bill, Fee
from renfort.workshops.services.bills import write_bill
from renfort.workshops.services.fees import approve_round, request_fees
from renfort.workshops.services.transfers import prepare, report

pytestmark = pytest.mark.django_db
PAYEES, FEW, MANY = 5, 1, 40  # sessions that each of them led
MOST_SECONDS = 20  # on two busy cores; invoices are five files in either case


def test_many_fees_cost_as_many_queries_as_few_from_the_request_to_the_bank(monkeypatch):
    monkeypatch.setattr("renfort.kernel.recent.monotonic", lambda: 0.0)  # what is kept for seconds is kept, on a slow machine too
    billing()
    rate()
    chief = acting(staff(), Role.ASSOCIATION_STAFF)

    way_of(FEW, chief)  # what is read once and kept is read here
    few, many = way_of(FEW, chief), way_of(MANY, chief)

    assert {step: asked for step, (asked, _seconds) in few.items()} == {step: asked for step, (asked, _s) in many.items()}
    assert sum(seconds for _asked, seconds in many.values()) < MOST_SECONDS
    assert Fee.objects.count() == PAYEES * (FEW + FEW + MANY)


def way_of(sessions, chief):
    """From the request to the bank's file; queries and seconds of each step."""
    people = [payee(facilitator(compliant=False)) for _ in range(PAYEES)]
    what = assignment("awarded", workshop=MANY)
    done = []
    for day in range(sessions):
        one = session(what, day=-7 - day, state="held", leads=PAYEES)
        done += [enrolment(one, each, state="done") for each in people]
    coordinator, spent = acting(what.coordinator, Role.COORDINATOR), {}

    def measured(name, deed):
        start = perf_counter()
        with CaptureQueriesContext(connection) as seen:
            result = deed()
        spent[name] = (len(seen), perf_counter() - start)
        return result

    request = measured("asked", lambda: request_fees(actor=coordinator, assignment=what, chosen=[each.pk for each in done]))
    measured("approved", lambda: approve_round(actor=chief, request=request))
    measured("invoiced", lambda: [write_bill(actor=chief, facilitator_id=each.pk) for each in people])
    written = Bill.objects.filter(facilitator__in=people)
    assert sum(written.values_list("total", flat=True)) == 15_000 * len(done)
    transfer = measured(
        "file", lambda: prepare(actor=chief, bills=[each.pk for each in written], execution_on=timezone.localdate())
    )
    assert (transfer.count, transfer.total) == (PAYEES, 15_000 * len(done))
    day = timezone.localdate()
    measured("paid", lambda: report(actor=chief, transfer=transfer, rejected={}, settled_on=day))
    assert not Fee.objects.filter(payee__in=[each.pk for each in people]).exclude(state="paid").exists()
    return spent
