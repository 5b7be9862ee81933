"""Several of the association at once, on real connections with real commits (W11). Each race has its control."""

from __future__ import annotations

import pytest
from django.db.models import Max
from django.utils import timezone
from tests.factories.money import approved, billing, closed, payee
from tests.factories.workshops import acting, open_programme, staff
from tests.missions.test_race import at_once, kinds

from renfort.kernel.firing import Stale, fire_due
from renfort.organisations.enums import Role
from renfort.workshops.models import Bill, BillLine, ClientInvoice, Fee, Payment
from renfort.workshops.services import bills, invoices
from renfort.workshops.services.bills import write_bill
from renfort.workshops.services.invoices import make_invoice
from renfort.workshops.services.transfers import prepare
from renfort.workshops.workflow import FEE

pytestmark = pytest.mark.race


def scene():
    open_programme()
    billing()
    return acting(staff(), Role.ASSOCIATION_STAFF)


def test_an_invoice_that_several_pay_at_once_is_paid_once(own_database):
    chief = scene()
    someone = payee()
    approved(someone, 2)
    write_bill(actor=chief, facilitator_id=someone.pk)
    bill = Bill.objects.get()

    outcomes = at_once(*(lambda: prepare(actor=chief, bills=[bill.pk], execution_on=timezone.localdate()) for _ in range(6)))

    assert kinds(outcomes) == {"Transfer": 1, "Refused": 5}, outcomes
    assert Payment.objects.count() == 1


def test_fees_that_several_invoice_at_once_are_on_one_invoice(own_database):
    chief = scene()
    someone = payee()
    approved(someone, 3)

    outcomes = at_once(*(lambda: write_bill(actor=chief, facilitator_id=someone.pk) for _ in range(5)))

    assert kinds(outcomes) == {"str": 5}, outcomes
    assert (Bill.objects.count(), BillLine.objects.count()) == (1, 3)


def invoice_all(chief, number):
    sold = [closed(1, 1) for _ in range(number)]
    lines = {each.pk: each.order.lines.get().pk for each in sold}
    return at_once(
        *(lambda each=each: make_invoice(actor=chief, assignment=each, quantities={lines[each.pk]: 1}) for each in sold)
    )


def test_invoices_made_at_once_have_numbers_without_gap_or_double(own_database):
    chief = scene()

    outcomes = invoice_all(chief, 6)

    assert kinds(outcomes) == {"ClientInvoice": 6}, outcomes
    assert sorted(ClientInvoice.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_numbers_taken_without_the_lock_collide(own_database, monkeypatch):
    """The control: with the number read instead of held, some round loses an invoice to a double."""
    chief = scene()

    def read(key):
        return (ClientInvoice.objects.filter(series=key).aggregate(n=Max("sequence"))["n"] or 0) + 1

    monkeypatch.setattr(invoices, "next_number", read)
    rounds = []
    for _ in range(10):
        rounds.append(kinds(invoice_all(chief, 5)))
        if rounds[-1] != {"ClientInvoice": 5}:
            break
    assert rounds[-1] != {"ClientInvoice": 5}


def left_behind(number):
    """An accepted invoice of so many fees that have not followed it yet; they are the clock's to move, or the next step's."""
    chief, someone = scene(), payee()
    approved(someone, number)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bills, "follow", lambda *said: None)
        write_bill(actor=chief, facilitator_id=someone.pk)
    assert set(Fee.objects.values_list("state", flat=True)) == {"approved"}
    return chief, Bill.objects.get()


def test_fees_that_the_clock_moves_meanwhile_are_paid_all_the_same(own_database):
    """The transfer and the clock want the same fees: neither fails for the other, and none is left behind (ADR 0048)."""
    chief, bill = left_behind(24)

    outcomes = at_once(
        lambda: prepare(actor=chief, bills=[bill.pk], execution_on=timezone.localdate()),
        *(lambda: fire_due(timezone.now(), flows=[FEE]) for _ in range(3)),
    )

    assert kinds(outcomes) == {"Transfer": 1, "int": 3}, outcomes
    fire_due(timezone.now(), flows=[FEE])
    assert set(Fee.objects.values_list("state", flat=True)) == {"in_payment"}
    assert Payment.objects.count() == 1


def test_without_the_lock_a_fee_that_the_clock_moves_makes_the_transfer_fail(own_database, monkeypatch):
    """The control: what is due was read before the assignments were held, and the clock was faster."""
    chief, bill = left_behind(3)
    move = bills.move_fees

    def moved_late(fees, name, *, actor):
        read = list(fees)
        at_once(lambda: fire_due(timezone.now(), flows=[FEE]))  # commits on another connection
        return move(read, name, actor=actor)

    monkeypatch.setattr(bills, "lock_rows", list)
    monkeypatch.setattr(bills, "move_fees", moved_late)

    with pytest.raises(Stale):
        prepare(actor=chief, bills=[bill.pk], execution_on=timezone.localdate())
