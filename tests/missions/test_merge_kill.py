"""A merge is killed half-way and both organisations stand (R55); two things at once end one way (decision 10)."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from django.db import connection
from tests.factories import (
    actor,
    as_manager,
    manager,
    mission,
    operator,
    organisation,
    participation,
    rules_of,
    volunteer,
)
from tests.missions.test_race import at_once, kinds

from renfort.audit.models import Entry
from renfort.kernel.firing import Refused, fire
from renfort.kernel.integrity import registered, run
from renfort.missions.models import Mission, Participation
from renfort.missions.services import merging
from renfort.missions.services.participation import apply
from renfort.missions.workflow import PARTICIPATION
from renfort.notifications.models import Outgoing
from renfort.organisations.models import Grant, Merge, Organisation
from renfort.organisations.selectors.merges import access_of
from renfort.organisations.services import merges

pytestmark = pytest.mark.race
LATCH = 1_955_055
# somebody who merges, stopped between the missions and the team: the last step waits for a lock that the test holds
MERGER = """
import sys, django
django.setup()
from django.db import connection
from renfort.organisations.models import Merge
from renfort.organisations.selectors import actor_of
from renfort.organisations.services import merges
real = merges.change_facts
def slow(**said):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(sys.argv[3])])
    real(**said)
merges.change_facts = slow
found = Merge.objects.select_related("kept", "absorbed").get(pk=int(sys.argv[1]))
seen = merges.preview_of(found.kept, found.absorbed, found.choices).seen
print("ready", flush=True)
merges.carry_out(actor=actor_of(int(sys.argv[2])), merge=found, seen=seen)
print("done", flush=True)
"""


def broken():
    return [found.check.name for found in run(registered()) if not found.holds]


def ready(kept, absorbed, who):
    """A merge to which both teams have agreed."""
    made = merges.propose(actor=who, kept=kept, absorbed=absorbed, choices={})
    for side in (kept, absorbed):
        digest = access_of(kept.pk, absorbed.pk).digest
        made = merges.agree(actor=as_manager(side), merge=made, access=digest)
    return made


def do(made, who):
    found = Merge.objects.select_related("kept", "absorbed").get(pk=made.pk)
    seen = merges.preview_of(found.kept, found.absorbed, found.choices).seen
    return merges.carry_out(actor=who, merge=found, seen=seen)


@contextmanager
def latch_held():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LATCH])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LATCH])


def merger(url, made, who):
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "renfort.config.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-c", MERGER, str(made.pk), str(who.person_id), str(LATCH)]
    started = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    assert started.stdout is not None and started.stdout.readline() == b"ready\n"
    return started


def waits_for_the_latch():
    """Whether the other process has moved everything and waits, and holds it all uncommitted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted", [LATCH])
        return cursor.fetchone()[0] == 1


def until(happens):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if happens():
            return True
        time.sleep(0.02)
    return False


def state_of(two):
    return {
        "organisations": list(Organisation.objects.filter(pk__in=[each.pk for each in two]).order_by("pk").values()),
        "missions": list(Mission.objects.order_by("pk").values_list("pk", "organisation", "version", "state")),
        "participations": list(Participation.objects.order_by("pk").values_list("pk", "organisation", "state")),
        "roles": list(Grant.objects.order_by("pk").values_list("pk", "person", "role", "scope", "valid_until")),
        "history": Entry.objects.count(),
        "mail": Outgoing.objects.count(),
        "merges": list(Merge.objects.values_list("pk", "state")),
    }


@pytest.fixture
def two(own_database):
    kept, absorbed = organisation(name="Secours Bordeaux"), organisation(name="Secours de Bordeaux")
    manager(kept), manager(absorbed)
    for _ in range(3):
        participation(mission(absorbed, places=1))
    return kept, absorbed


def test_a_merge_killed_half_way_leaves_both_standing_and_is_done_afterwards(own_database, two):
    """P7: SIGKILL after everything has moved and before the commit: both stand, nothing is told, the merge is still to do."""
    who = actor(operator())
    made = ready(*two, who)
    before = state_of(two)

    with latch_held():
        started = merger(own_database, made, who)
        assert until(waits_for_the_latch), "it has moved everything and not committed"
        started.kill()
        started.communicate()
        assert until(lambda: not waits_for_the_latch()), "the database has undone it"

    assert state_of(two) == before
    assert broken() == []

    assert do(made, who).state == "done"
    assert Mission.objects.filter(organisation=two[1]).count() == 0 and broken() == []


def test_the_same_process_left_alone_merges(own_database, two):
    """The control: it is the kill that undid it, not the way in which the test stopped it."""
    who = actor(operator())
    made = ready(*two, who)

    with latch_held():
        started = merger(own_database, made, who)
        assert until(waits_for_the_latch)
    out, _err = started.communicate(timeout=60)

    assert out == b"done\n" and started.returncode == 0
    assert Organisation.objects.get(pk=two[1].pk).merged_into_id == two[0].pk and broken() == []


# ── at the same moment ────────────────────────────────────────────────────────────────────────────
def test_the_same_merge_done_by_five_at_once_is_done_once(two):
    people = [actor(operator()) for _ in range(5)]
    made = ready(*two, people[0])

    outcomes = at_once(*[lambda who=who: do(made, who) for who in people])

    assert kinds(outcomes)["Merge"] == 1 and len(outcomes) == 5
    assert all(isinstance(each, Merge | Refused) for each in outcomes), outcomes
    assert Entry.objects.filter(verb="missions.mission.change_host").count() == 3 and broken() == []


def test_one_organisation_is_proposed_to_two_others_at_once_and_goes_to_one(two):
    kept, absorbed = two
    other = organisation()
    manager(other)
    people = [actor(operator()), actor(operator())]

    outcomes = at_once(
        lambda: merges.propose(actor=people[0], kept=kept, absorbed=absorbed, choices={}),
        lambda: merges.propose(actor=people[1], kept=absorbed, absorbed=other, choices={}),
    )

    assert sorted(kinds(outcomes)) == ["Merge", "Refused"] and Merge.objects.count() == 1


def accept_meanwhile(two):
    """Applications are accepted and sent while their organisation is merged into another; what became of each."""
    who = actor(operator())
    made = ready(*two, who)
    boss = as_manager(two[1])
    waiting = list(Participation.objects.select_related("mission").order_by("pk"))
    newcomer = volunteer()
    target = waiting[0].mission
    return at_once(
        lambda: do(made, who),
        *[lambda one=one: fire(PARTICIPATION, one, "accept", actor=boss) for one in waiting],
        lambda: apply(actor=actor(newcomer), person=newcomer, mission=target, ticked=rules_of(target.domain)),
    )


def test_accepting_and_applying_while_their_organisation_is_merged_loses_nothing(two):
    """Whoever is first: each application is where its mission is, accepted or waiting, and nobody sees an error page."""
    outcomes = accept_meanwhile(two)

    assert not [each for each in outcomes if isinstance(each, Exception) and not is_told(each)], outcomes
    assert Participation.objects.count() == 4
    stays = set(Mission.objects.values_list("organisation", flat=True))
    assert len(stays) == 1 and set(Participation.objects.values_list("organisation", flat=True)) == stays
    assert broken() == []


def is_told(outcome):
    """A sentence and a status, never a 500."""
    return isinstance(outcome, Refused) or type(outcome).__name__ == "NotAllowed"


def slips_in(two, monkeypatch):
    """Somebody applies after everything was counted and before it moves: whether the merge moved what it had not shown."""
    who = actor(operator())
    made = ready(*two, who)
    newcomer, target = volunteer(), Mission.objects.order_by("pk")[0]
    counted, real = threading.Event(), merges.chosen_facts

    def slow(*said):
        counted.set()
        time.sleep(1)
        return real(*said)

    def come():
        assert counted.wait(30)
        return apply(actor=actor(newcomer), person=newcomer, mission=target, ticked=rules_of(target.domain))

    monkeypatch.setattr(merges, "chosen_facts", slow)
    outcomes = at_once(lambda: do(made, who), come)
    assert kinds(outcomes)["Merge"] == 1, outcomes
    return (
        kinds(outcomes)["Participation"] == 1
        and Outgoing.objects.filter(message="missions.host.merged", person=newcomer).exists()
    )


def test_who_applies_while_a_merge_counts_waits_and_reads_the_new_name_first(two, monkeypatch):
    """One applies to an organisation, not only to a mission (R37): whoever finds another one there is asked to read again."""
    assert not slips_in(two, monkeypatch)
    assert broken() == []


def test_without_the_lock_of_the_missions_an_application_slips_in(two, monkeypatch):
    """The control: the merge moves, and writes of, an application that it had not shown to those who agreed."""
    monkeypatch.setattr(merging, "lock_rows", lambda rows, **_how: None)

    assert slips_in(two, monkeypatch)
