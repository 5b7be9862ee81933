"""``bench fees``, small: a month in which every step is sent twice at once pays everybody once (W8, W11)."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from renfort.ops.bench import fees
from renfort.workshops.models import Payment, Transfer
from renfort.workshops.rules.money import why_not_iban
from renfort.workshops.services import transfers

pytestmark = pytest.mark.slow
SMALL = {"fees": 40, "payees": 10, "missions": 2, "leads": 5}


def test_a_month_sent_twice_pays_everybody_once(own_database):
    result = fees.run(**SMALL, database=own_database)

    assert (result["fees"], result["paid"], result["paid_twice"]) == (40, 40, 0)
    assert result["cents"] == result["owed"] == 40 * fees.AMOUNT
    assert (result["rounds"], result["bills"], result["transfers"]) == (2, 10, 1)
    assert result["errors"] == {} and result["refused"] >= 4  # one of each pair, where only one can be
    assert result["integrity"] == []
    assert not list(Path(settings.MEDIA_ROOT).glob("transfers/*")), "the bench leaves its files behind"


def test_the_bench_sees_an_account_that_is_paid_twice(own_database, monkeypatch):
    """The control: a second file for the same invoices, written around the services, is found by what it would pay."""
    written = transfers.write_file
    monkeypatch.setattr(transfers, "write_file", lambda *said: written(said[0], said[1], said[2], [*said[3], *said[3]], said[4]))

    result = fees.run(**SMALL, database=own_database)

    assert result["paid_twice"] == 10
    assert (Transfer.objects.count(), Payment.objects.count()) == (1, 10)


def test_the_accounts_of_the_bench_are_ones_that_a_bank_would_take():
    numbers = [fees.account_number(number) for number in range(60)]
    assert len(set(numbers)) == 60
    assert [why_not_iban(each) for each in numbers] == [""] * 60
