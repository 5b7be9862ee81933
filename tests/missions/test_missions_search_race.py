"""Rebuilding the search while missions are cancelled leaves none of them to be found; the control shows why (P2)."""

from __future__ import annotations

import threading

import pytest
from django.db import connections, transaction
from tests.factories import as_manager, mission

from renfort.kernel.firing import fire
from renfort.missions.selectors.search import LOCKED_SOURCE, SOURCE, values
from renfort.missions.workflow import MISSION
from renfort.search import services as search
from renfort.search.models import Entry

pytestmark = pytest.mark.race


def rebuilt_during_a_cancellation(source):
    """Cancel a mission; before that is committed, somebody else writes its row anew from ``source``."""
    made = mission()
    cancelled, done = threading.Event(), threading.Event()

    def write():
        try:
            cancelled.wait(20)
            search.write(source, {**values(), "ids": [made.pk]}, ids=[])
        finally:
            done.set()
            connections.close_all()

    other = threading.Thread(target=write)
    other.start()
    with transaction.atomic():
        fire(MISSION, made, "cancel", actor=as_manager(made.organisation), answers={"reason": "other"})
        cancelled.set()
        assert not done.wait(1), "it must wait for the end of the cancellation"
    other.join(20)
    return Entry.objects.filter(mission_id=made.pk).exists()


def test_mission_cancelled_during_a_rebuild_is_not_found(own_database):
    assert not rebuilt_during_a_cancellation(LOCKED_SOURCE)


def test_without_the_lock_it_would_be_found(own_database):
    """The control: the same, the missions read without being held."""
    assert rebuilt_during_a_cancellation(SOURCE)
