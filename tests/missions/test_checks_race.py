"""« Fausse alerte » clicked twice at the same moment is counted once (R53)."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from django.db import connections
from django.db.models import QuerySet
from tests.factories import as_manager, as_operator, complete_facts, organisation

from renfort.audit.models import Entry
from renfort.missions.models import MissionFinding
from renfort.missions.services.checks import say_false
from renfort.missions.services.mission import open_mission

pytestmark = pytest.mark.race


def clicked_twice():
    """What two clicks of one moment on « Fausse alerte » are told: whether each was counted."""
    where = organisation()
    facts = replace(complete_facts(where), description="Un salaire est versé chaque mois.")
    what = open_mission(actor=as_manager(where), organisation=where, facts=facts)
    boss, barrier, said = as_operator(), threading.Barrier(2), []
    finding = MissionFinding.objects.select_related("mission", "made_by").get(mission=what, made_by__key="mission-pay")

    def click():
        try:
            barrier.wait()
            said.append(say_false(finding, actor=boss))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    return sorted(said)


def counted():
    return Entry.objects.filter(verb="missions.missionfinding.strike").count()


def test_two_clicks_at_once_count_once(own_database):
    assert clicked_twice() == [False, True]
    assert counted() == 1


def test_asked_first_and_written_after_they_would_count_twice(own_database, monkeypatch):
    """The negative control: the condition of the one UPDATE is what counts once; read beforehand, it lets both through."""
    met, update = threading.Barrier(2, timeout=20), QuerySet.update

    def read_then_write(rows, **values):
        if rows.model is not MissionFinding or "false_at" not in values:
            return update(rows, **values)
        keys = list(rows.values_list("pk", flat=True))
        met.wait()  # both have read before either writes
        return update(MissionFinding.objects.filter(pk__in=keys), **values)

    monkeypatch.setattr(QuerySet, "update", read_then_write)

    assert clicked_twice() == [True, True]
    assert counted() == 2
