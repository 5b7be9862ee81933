"""The registry of integrity checks: an invariant is a question whose answer is empty."""

import json

import pytest

from renfort.kernel import integrity
from renfort.kernel.integrity import Check, register, registered, run

ODD = Check("test.odd", "No number is odd.", "SELECT n FROM generate_series(1, 15) AS n WHERE n % 2 = 1")
NONE = Check("test.none", "Nothing is wrong.", "SELECT 1 AS n WHERE false")


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(integrity, "_registry", {})


@pytest.mark.django_db
def test_offenders_are_counted_and_some_are_shown(registry):
    odd, none = run([ODD, NONE])
    assert (odd.holds, odd.offenders, odd.examples) == (False, 8, [{"n": n} for n in (1, 3, 5, 7, 9)])
    assert (none.holds, none.examples) == (True, [])


def test_a_name_stands_for_one_check(registry):
    register(ODD, NONE)
    register(ODD)
    assert [check.name for check in registered()] == ["test.none", "test.odd"]
    with pytest.raises(ValueError, match=r"test\.odd"):
        register(Check("test.odd", "Another.", "SELECT 1"))


@pytest.mark.django_db
def test_the_report_says_what_fails(registry):
    from renfort.ops.integrity import report

    register(ODD, NONE)
    text, holds = report()
    assert not holds
    assert "test.odd : 8 en défaut — No number is odd." in text
    assert "    n=1" in text
    assert json.loads(report(as_json=True)[0])[1]["offenders"] == 8


def test_a_run_outside_any_transaction_sees_one_snapshot_and_writes_nothing(own_database):
    write = Check("test.write", "Checks only read.", "SELECT nextval('procrastinate_jobs_id_seq') AS n")
    from django.db import DatabaseError

    with pytest.raises(DatabaseError, match="read-only"):
        run([write])


@pytest.mark.django_db
def test_every_registered_check_is_valid_sql_and_holds_on_a_fresh_database():
    findings = run(registered())
    assert [finding.check.name for finding in findings if not finding.holds] == []
