"""Several people at once, on real connections with real commits (R34, decision 10). Each race has its control."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from tests.factories import (
    actor,
    as_manager,
    complete_facts,
    grant,
    manager,
    mission,
    organisation,
    participation,
    person,
    rules_of,
    volunteer,
)

from renfort.audit.models import Entry
from renfort.kernel.firing import Busy, Refused, fire, fire_due
from renfort.kernel.integrity import registered, run
from renfort.kernel.workflow import Workflow
from renfort.missions.models import Mission, Participation
from renfort.missions.services.mission import edit_mission
from renfort.missions.services.participation import apply
from renfort.missions.workflow import MISSION, PARTICIPATION
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Organisation

pytestmark = pytest.mark.race
TAKING = ("accepted", "ongoing", "done")


def at_once(*deeds):
    """Do everything at the same moment, each on a connection of its own; what each one answered or raised, in order."""
    start, outcomes = threading.Barrier(len(deeds)), [None] * len(deeds)

    def do(number, deed):
        try:
            connection.ensure_connection()
            start.wait(30)
            outcomes[number] = deed()
        except Exception as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=item) for item in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def kinds(outcomes):
    return Counter(type(outcome).__name__ for outcome in outcomes)


def taken(what):
    return Participation.objects.filter(mission=what, state__in=TAKING).count()


def broken_promises():
    return [found.check.name for found in run(registered()) if not found.holds]


def team_of(where, count):
    people = [manager(where)]
    for _ in range(count - 1):
        people.append(person())
        grant(people[-1], Programme.RESERVE, Role.MANAGER, where)
    return [actor(each) for each in people]


def accepting(flow, waiting, who):
    return lambda: fire(flow, waiting, "accept", actor=who)


def without_the_parents_lock():
    """The same life, but for the lock that the rule about places relies on."""
    transitions = [replace(t, locks=()) if t.name == "accept" else t for t in PARTICIPATION.transitions]
    return Workflow(
        model=PARTICIPATION.model, title="", states=PARTICIPATION.states, initial=PARTICIPATION.initial,
        final=PARTICIPATION.final, visible=PARTICIPATION.visible, transitions=transitions,
    )  # fmt: skip


@pytest.fixture
def loosened(monkeypatch):
    monkeypatch.setattr(Workflow, "registry", dict(Workflow.registry))
    return without_the_parents_lock()


def last_place(flow, team):
    """Eight managers accept eight people for one place."""
    what = mission(organisation_of(team), places=1)
    waiting = [participation(what) for _ in team]
    outcomes = at_once(*(accepting(flow, one, who) for one, who in zip(waiting, team, strict=True)))
    return what, outcomes


def organisation_of(team):
    return Organisation.objects.get(pk=int(team[0].roles[0].scope))


# ── the last place ────────────────────────────────────────────────────────────────────────────────
def test_last_place_is_given_once(own_database):
    """engelsystem 430: eight managers at once, one place."""
    what, outcomes = last_place(PARTICIPATION, team_of(organisation(), 8))

    assert kinds(outcomes) == {"Participation": 1, "Refused": 7}
    assert {str(outcome) for outcome in outcomes if isinstance(outcome, Refused)} == {"Toutes les places sont prises."}
    assert (taken(what), broken_promises()) == (1, [])
    assert Outgoing.objects.filter(message="missions.participation.accepted").count() == 1


def test_last_place_is_given_twice_without_the_lock(own_database, loosened):
    """The control: with the parent's lock taken out of the declaration, the race is lost within some rounds."""
    team = team_of(organisation(), 8)

    rounds = []
    for _ in range(20):
        what, _outcomes = last_place(loosened, team)
        rounds.append(taken(what))
        if rounds[-1] > 1:
            break

    assert rounds[-1] > 1


def lowering(flow, where, team):
    """Four people are being accepted while the mission goes from four places to one."""
    what = mission(where, places=4)
    facts = complete_facts(where, places=1)
    waiting = [participation(what) for _ in range(4)]
    outcomes = at_once(
        lambda: edit_mission(actor=team[4], mission=what, facts=facts),
        *(accepting(flow, one, who) for one, who in zip(waiting, team, strict=False)),
    )
    what.refresh_from_db()
    return what, outcomes


def test_places_are_not_lowered_under_who_is_being_accepted(own_database):
    """Whatever wins, nobody is too many."""
    where = organisation()
    team = team_of(where, 5)
    for _ in range(5):
        what, outcomes = lowering(PARTICIPATION, where, team)

        assert set(kinds(outcomes)) <= {"Mission", "Participation", "Refused", "TooFewPlaces"}, outcomes
        assert taken(what) <= what.places
    assert broken_promises() == []


def test_places_are_lowered_under_them_without_the_lock(own_database, loosened):
    """The control."""
    where = organisation()
    team = team_of(where, 5)

    too_many = any(taken(what) > what.places for what, _outcomes in (lowering(loosened, where, team) for _ in range(40)))

    assert too_many


# ── applications ──────────────────────────────────────────────────────────────────────────────────
def test_fifty_applications_of_one_person_are_one(own_database):
    """les-emplois 6800, rdv-insertion 1832: fifty clicks, one row, everybody shown the same one, told once."""
    what, someone = mission(), volunteer()
    who, wording = actor(someone), rules_of(what.domain)

    outcomes = at_once(*[lambda: apply(actor=who, person=someone, mission=what, ticked=wording)] * 50)

    made = Participation.objects.get()
    assert {getattr(outcome, "pk", repr(outcome)) for outcome in outcomes} == {made.pk}
    assert Entry.objects.filter(verb="missions.participation.apply").count() == 1
    assert Outgoing.objects.filter(message="missions.participation.received").count() == 1


def test_fifty_applications_are_several_without_the_index(own_database):
    """The control: it is the database that holds one active participation, not the question asked before."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX missions_participation_one_active")
    what, someone = mission(), volunteer()
    who, wording = actor(someone), rules_of(what.domain)

    at_once(*[lambda: apply(actor=who, person=someone, mission=what, ticked=wording)] * 50)

    assert Participation.objects.count() > 1


def test_refusal_taken_back_while_applying_again_leaves_one_active(own_database):
    for _ in range(10):
        declined = participation(state="refused")
        who, host = actor(declined.person), as_manager(declined.mission.organisation)
        wording = rules_of(declined.mission.domain)

        outcomes = at_once(
            lambda: apply(actor=who, person=declined.person, mission=declined.mission, ticked=wording),  # noqa: B023 -- ends in this round
            lambda: fire(PARTICIPATION, declined, "take_back", actor=host),  # noqa: B023 -- idem
        )

        assert set(kinds(outcomes)) <= {"Participation", "Refused"}, outcomes
        assert Participation.objects.filter(mission=declined.mission, state="pending").count() == 1


# ── two people who want opposite things ───────────────────────────────────────────────────────────
def test_accepting_against_cancelling_never_deadlocks(own_database):
    """A hundred times: nobody fails, and in the end nobody is expected on a cancelled mission."""
    where = organisation()
    first, second = team_of(where, 2)
    found = Counter()
    for _ in range(100):
        what = mission(where)
        waiting = participation(what)
        outcomes = at_once(
            accepting(PARTICIPATION, waiting, first),
            lambda what=what: fire(MISSION, what, "cancel", actor=second, answers={"reason": "other"}),
        )
        found += kinds(outcomes)
    fire_due(timezone.now())

    assert set(found) <= {"Participation", "Mission", "Refused"}
    assert found["Mission"] == 100
    assert set(Participation.objects.values_list("state", flat=True)) == {"cancelled"}
    assert broken_promises() == []


def test_accepting_against_the_clock_never_deadlocks(own_database):
    """The cascade of a cancelled mission and a manager on the same rows."""
    where = organisation()
    first, second = team_of(where, 2)
    for _ in range(5):
        what = mission(where, places=10)
        waiting = [participation(what) for _ in range(6)]
        fire(MISSION, what, "cancel", actor=second, answers={"reason": "other"})
        outcomes = at_once(
            lambda: fire_due(timezone.now()),
            lambda: fire_due(timezone.now()),
            *(accepting(PARTICIPATION, one, first) for one in waiting),
        )
        assert set(kinds(outcomes)) <= {"int", "Refused", "Stale"}, outcomes

    assert set(Participation.objects.values_list("state", flat=True)) == {"cancelled"}
    assert Outgoing.objects.filter(message="missions.participation.cancelled").count() == 30


def test_withdrawing_against_accepting_ends_in_one_of_the_two(own_database):
    """Whatever comes first: a withdrawn volunteer is never expected."""
    where = organisation()
    host = team_of(where, 1)[0]
    for _ in range(20):
        what = mission(where, places=1)
        waiting = participation(what)
        who = actor(waiting.person)
        outcomes = at_once(
            accepting(PARTICIPATION, waiting, host),
            lambda waiting=waiting, who=who: fire(PARTICIPATION, waiting, "withdraw", actor=who, answers={"reason": "other"}),
        )
        waiting.refresh_from_db()
        assert kinds(outcomes)["Stale"] <= 1 and set(kinds(outcomes)) <= {"Participation", "Stale"}, outcomes
        assert (waiting.state, taken(what)) == ("withdrawn", 0)
    assert broken_promises() == []


def test_two_managers_of_one_page_do_one_thing(own_database):
    """Both saw version 1: one accepts, the other is told that it has changed."""
    where = organisation()
    first, second = team_of(where, 2)
    waiting = participation(mission(where))

    outcomes = at_once(
        lambda: fire(PARTICIPATION, waiting, "accept", actor=first, seen=1),
        lambda: fire(PARTICIPATION, waiting, "refuse", actor=second, seen=1, answers={"reason": "other"}),
    )

    assert kinds(outcomes) == {"Participation": 1, "Stale": 1}
    assert Entry.objects.filter(object_id=waiting.pk, model="missions.participation").count() == 2


# ── when somebody holds the rows for long ─────────────────────────────────────────────────────────
def count_tries(what, waiting, host, *, then=None):
    """Fire while somebody holds the mission; returns the outcome and how often the lock was tried."""
    released, held, tries = threading.Event(), threading.Event(), []

    def hold():
        try:
            with transaction.atomic():
                Mission.objects.select_for_update().get(pk=what.pk)
                held.set()
                released.wait(30)
        finally:
            connections.close_all()

    def watch(execute, sql, params, many, context):
        if "FOR NO KEY UPDATE" in sql and "missions_mission" in sql:
            tries.append(sql)
            if len(tries) == then:
                released.set()
        return execute(sql, params, many, context)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(30)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")
    try:
        with connection.execute_wrapper(watch):
            outcome = fire(PARTICIPATION, waiting, "accept", actor=host)
    except Refused as refused:
        outcome = refused
    finally:
        released.set()
        holder.join(30)
    return outcome, len(tries)


def test_lock_that_is_not_free_is_tried_twice_then_busy(own_database):
    """Decision 10: a sentence instead of a failure."""
    waiting = participation()

    outcome, tries = count_tries(waiting.mission, waiting, as_manager(waiting.mission.organisation))

    waiting.refresh_from_db()
    assert (type(outcome), tries, waiting.state) == (Busy, 2, "pending")
    assert "Réessayez dans un instant" in str(outcome)


def test_lock_that_frees_itself_meanwhile_is_no_refusal(own_database):
    waiting = participation()

    outcome, tries = count_tries(waiting.mission, waiting, as_manager(waiting.mission.organisation), then=2)

    assert (getattr(outcome, "state", outcome), tries) == ("accepted", 2)


def test_inside_a_callers_transaction_only_the_caller_tries_again(own_database):
    """A transaction in which a statement failed cannot go on by itself."""
    waiting = participation()

    with transaction.atomic():
        outcome, tries = count_tries(waiting.mission, waiting, as_manager(waiting.mission.organisation))

    assert (type(outcome), tries) == (Busy, 1)
