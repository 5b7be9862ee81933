"""Accepting against cancelling, in parallel: nobody may ever read that others hold what they need (design decision 10)."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from renfort.kernel.actors import CLOCK, Actor
from renfort.kernel.firing import Busy, Refused, Stale, fire
from renfort.kernel.integrity import registered
from renfort.kernel.integrity import run as run_checks
from renfort.missions.models import Mission, Participation
from renfort.missions.workflow import MISSION, PARTICIPATION
from renfort.ops.bench._database import bench_database
from renfort.ops.bench._stage import stage
from renfort.organisations.selectors import actor_of


def run(*, times: int = 1000, database: str = "") -> dict[str, Any]:
    """Accept a participation while its mission is cancelled and the cascade runs, ``times`` times.

    Returns what became of the two sides, how often somebody read « busy », and how many deadlocks the server saw (one that
    ``fire`` made up for by trying again is no defect, but tells that the order of locks is not kept).
    """
    with bench_database(database):
        scene = stage(volunteers=times, managers=1, missions=times, applied=True)
        manager = actor_of(scene.managers[0].person_id)
        before = _deadlocks()
        together = threading.Barrier(2)
        with ThreadPoolExecutor(2) as pair:
            accepting = pair.submit(_accept_all, scene.participations, manager, together)
            cancelling = pair.submit(_cancel_all, scene.missions, scene.participations, manager, together)
            outcomes = accepting.result() + cancelling.result()
        return {
            "times": times,
            **{name: outcomes[name] for name in ("accepted", "too_late", "cancelled", "cascaded", "not_cascaded")},
            "busy": outcomes["busy"],
            "deadlocks": _deadlocks() - before,
            "integrity": [finding.check.name for finding in run_checks(registered()) if not finding.holds],
        }


def _accept_all(participations: list[Participation], manager: Actor, together: threading.Barrier) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    for participation in participations:
        together.wait(60)
        try:
            fire(PARTICIPATION, participation, "accept", actor=manager)
            outcomes["accepted"] += 1
        except Busy:
            outcomes["busy"] += 1
        except Refused:
            outcomes["too_late"] += 1
    connection.close()
    return outcomes


def _cancel_all(
    missions: list[Mission], participations: list[Participation], manager: Actor, together: threading.Barrier
) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    answers = {"reason": "postponed"}
    for mission, participation in zip(missions, participations, strict=True):
        together.wait(60)
        try:
            fire(MISSION, mission, "cancel", actor=manager, answers=answers)
            outcomes["cancelled"] += 1
            fire(PARTICIPATION, participation, "cancel_with_mission", actor=CLOCK)
            outcomes["cascaded"] += 1
        except Busy:
            outcomes["busy"] += 1
        except (Stale, Refused):
            outcomes["not_cascaded"] += 1
    connection.close()
    return outcomes


def _deadlocks() -> int:
    """How many deadlocks the server has seen in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
