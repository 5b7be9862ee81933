"""« Fausse alerte » clicked twice at the same moment is counted once (R53)."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from django.db import connections
from tests.factories import as_manager, as_operator, complete_facts, organisation

from renfort.audit.models import Entry
from renfort.missions.models import MissionFinding
from renfort.missions.services.checks import say_false
from renfort.missions.services.mission import open_mission

pytestmark = pytest.mark.race


def test_two_clicks_at_once_count_once(own_database):
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

    assert sorted(said) == [False, True]
    assert Entry.objects.filter(verb="missions.missionfinding.strike").count() == 1
