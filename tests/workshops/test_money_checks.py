"""What « renfort integrity » asks of invoices and payments (W11): all holds after the whole way, each finds its fault."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.utils import timezone
from tests.factories.money import approved, billing, money_for, payee
from tests.factories.workshops import acting, facilitator, staff

from renfort.kernel.integrity import registered, run
from renfort.organisations.enums import Role
from renfort.workshops.models import Bill, Payment
from renfort.workshops.services.bills import write_bill
from renfort.workshops.services.transfers import prepare, report

pytestmark = pytest.mark.django_db


def broken():
    return [
        found.check.name for found in run(registered()) if found.check.name.startswith("workshops.money.") and not found.holds
    ]


def sql(statement):
    """Write around the triggers of the tables, as their owner may: a restore or a careless hand does."""
    tables = sorted(set(re.findall(r"(?:UPDATE|FROM) (workshops_\w+)", statement)))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for verb in ("DISABLE", "ENABLE"):
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} {verb} TRIGGER USER")
            if verb == "DISABLE":
                cursor.execute(statement)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def paid():
    """An invoice of two fees that was paid after the bank had refused it once."""
    billing()
    chief, someone = acting(staff(), Role.ASSOCIATION_STAFF), payee()
    approved(someone, 2)
    write_bill(actor=chief, facilitator_id=someone.pk)
    bill, day = Bill.objects.get(), timezone.localdate()
    first = prepare(actor=chief, bills=[bill.pk], execution_on=day)
    report(actor=chief, transfer=first, rejected={first.payments.get().pk: "Compte clos"}, settled_on=day)
    report(actor=chief, transfer=prepare(actor=chief, bills=[bill.pk], execution_on=day), rejected={}, settled_on=day)
    return bill


def test_everything_holds_after_the_whole_way(paid):
    money_for(facilitator())

    assert (paid.lines.first().fee.state, Payment.objects.filter(outcome="rejected").count()) == ("paid", 1)
    assert len([each for each in registered() if each.name.startswith("workshops.money.")]) == 5
    assert broken() == []


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE workshops_bill SET excl = excl + 1, total = total + 1", "bills"),
        ("UPDATE workshops_fee SET unit_amount = unit_amount + 1, amount = amount + 1", "bills"),
        ("DELETE FROM workshops_billline WHERE id = (SELECT min(id) FROM workshops_billline)", "bills"),
        ("UPDATE workshops_payment SET outcome = 'rejected'", "paid"),
        ("DELETE FROM workshops_billline", "paid"),
        ("UPDATE workshops_transfer SET total = total + 1", "transfers"),
        ("UPDATE workshops_bill SET sequence = sequence + 1", "numbers"),
        ("UPDATE workshops_series SET last = last + 1 WHERE key LIKE 'payee:%'", "numbers"),
        ("DELETE FROM workshops_series", "numbers"),
    ],
)
def test_each_question_finds_its_fault(paid, statement, name):
    sql(statement)

    assert f"workshops.money.{name}" in broken()


def test_a_fee_in_two_living_payments_is_found(paid):
    """The database keeps one by an index; the question is asked all the same."""
    sql("DROP INDEX workshops_payment_one_living")
    sql("UPDATE workshops_payment SET outcome = 'paid'")

    assert "workshops.money.once" in broken()
