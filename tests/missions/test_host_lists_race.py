"""Two colleagues answer the same forty people at the same moment (R33, R34)."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.factories import grant, manager, mission, organisation, participation, person
from tests.missions.test_race import actor, at_once, broken_promises, taken

from renfort.audit.models import Entry
from renfort.missions.models import Batch, BatchRow
from renfort.missions.services import batches
from renfort.missions.services.batches import confirm, prepare, run
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Programme, Role

pytestmark = pytest.mark.race


@pytest.fixture(autouse=True)
def _a_quiet_machine(monkeypatch):
    """Both do all of it, however busy the machine that runs the test."""
    monkeypatch.setattr(batches, "PATIENCE", 600.0)


def two_colleagues():
    where = organisation()
    first, second = manager(where), person()
    grant(second, Programme.RESERVE, Role.MANAGER, where)
    whos = [actor(each) for each in (first, second)]
    return where, [who.in_role(who.roles[0].key) for who in whos]


def test_two_batches_over_the_same_forty_never_take_too_many(own_database):
    """Twenty places: twenty people are accepted, once each; every row of both is told what became of it."""
    where, team = two_colleagues()
    what = mission(where, places=20)
    rows = [participation(what) for _ in range(40)]
    asked = [
        prepare(actor=who, organisation=where.pk, verb="accept", chosen=[(row.pk, row.version) for row in order])
        for who, order in zip(team, (rows, rows[::-1]), strict=True)
    ]

    outcomes = at_once(*(lambda b=b, w=w: confirm(actor=w, batch=b, answers={}) for b, w in zip(asked, team, strict=True)))

    assert [type(outcome).__name__ for outcome in outcomes] == ["Batch", "Batch"]
    assert (taken(what), broken_promises()) == (20, [])
    told = Counter(BatchRow.objects.values_list("outcome", flat=True))
    assert sum(told.values()) == 80 and told["waiting"] == 0 and told["done"] == 20
    assert Outgoing.objects.filter(message="missions.participation.accepted").count() == 20
    assert Entry.objects.filter(verb="missions.participation.accept").count() == 20


def test_two_workers_on_one_batch_do_each_row_once(own_database):
    """A worker taken for dead comes back: both go on, and nobody is told twice."""
    where, team = two_colleagues()
    what = mission(where, places=40)
    rows = [participation(what) for _ in range(30)]
    batch = prepare(actor=team[0], organisation=where.pk, verb="accept", chosen=[(row.pk, row.version) for row in rows])
    Batch.objects.filter(pk=batch.pk).update(state="asked")

    done = at_once(*(lambda: run(Batch.objects.get(pk=batch.pk)) for _ in range(3)))

    assert sum(done) == 30
    assert Counter(batch.rows.values_list("outcome", flat=True)) == {"done": 30}
    assert Outgoing.objects.filter(message="missions.participation.accepted").count() == 30
    assert Entry.objects.filter(verb="missions.participation.accept").count() == 30
    batch.refresh_from_db()
    assert batch.state == "done"
