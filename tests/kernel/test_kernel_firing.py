"""The engine: in which order it asks, what it refuses, and that a transition is done whole or not at all (decisions 10 to 14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import as_manager, as_operator, at, mission, participation, rules_of

from renfort.audit.models import Entry, Remark
from renfort.kernel.actors import ANONYMOUS, CLOCK, SERVICE
from renfort.kernel.events import publish, subscribers
from renfort.kernel.firing import Busy, NotAllowed, Refused, Stale, Unanswered, fire, fire_due
from renfort.kernel.rules import Guard
from renfort.kernel.workflow import Workflow
from renfort.missions.enums import ParticipationState as P
from renfort.missions.models import Mission
from renfort.missions.workflow import MISSION, PARTICIPATION
from renfort.notifications.models import Outgoing

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting():
    return participation()


@pytest.fixture
def host(waiting):
    return as_manager(waiting.mission.organisation)


@pytest.fixture
def variant(monkeypatch):
    """A real workflow with one transition changed; the real one stays registered."""
    monkeypatch.setattr(Workflow, "registry", dict(Workflow.registry))

    def make(flow, name, **changes):
        transitions = [replace(t, **changes) if t.name == name else t for t in flow.transitions]
        return Workflow(
            model=flow.model, title=flow.title, states=flow.states, initial=flow.initial, final=flow.final,
            visible=flow.visible, transitions=transitions,
        )  # fmt: skip

    return make


def broken_listener(event):
    raise ConnectionError("the listener is broken")


# ── what is done ──────────────────────────────────────────────────────────────────────────────────
def test_transition_moves_the_object_its_version_and_its_history(waiting, host):
    done = fire(PARTICIPATION, waiting, "accept", actor=host)

    waiting.refresh_from_db()
    assert (done.state, waiting.state, waiting.version) == (P.ACCEPTED, P.ACCEPTED, 2)
    assert (waiting.decided_by_id, waiting.decided_at is not None) == (host.person_id, True)
    entry = Entry.objects.latest("id")
    assert (entry.verb, entry.before, entry.after) == ("missions.participation.accept", "pending", "accepted")
    assert (entry.actor_id, entry.role, entry.object_id) == (host.person_id, host.role_key, waiting.pk)


def test_transition_without_target_leaves_the_state_and_moves_the_version():
    online = mission()
    fire(MISSION, online, "review", actor=as_operator())

    online.refresh_from_db()
    assert (online.state, online.version, online.reviewed_at is not None) == ("published", 2, True)
    assert Entry.objects.filter(object_id=online.pk, verb="missions.mission.review").values_list("before", "after").get() == (
        "published",
        "published",
    )


def test_codes_are_kept_for_ever_and_words_where_they_can_be_erased(waiting, host):
    """Decision 17."""
    answers = {"reason": "enough_people", "message": "Merci, revenez en mai."}

    fire(PARTICIPATION, waiting, "refuse", actor=host, answers=answers)

    entry = Entry.objects.latest("id")
    assert entry.codes == {"reason": "enough_people"}
    assert list(Remark.objects.filter(entry_id=entry.pk).values_list("name", "text")) == [("message", "Merci, revenez en mai.")]


def test_parents_are_locked_before_the_object(waiting, host):
    """Decision 10: locking the object first deadlocks with cascades."""
    with CaptureQueriesContext(connection) as queries:
        fire(PARTICIPATION, waiting, "accept", actor=host)

    locked = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert ['FROM "missions_mission"' in sql for sql in locked] == [True, False]
    assert 'FROM "missions_participation"' in locked[1]
    assert all('OF "' in sql for sql in locked)


# ── what is refused ───────────────────────────────────────────────────────────────────────────────
def test_who_is_asked_before_anything_else(waiting):
    """Somebody who may not learns nothing of the object: not its state, not its obstacles."""
    Mission.objects.filter(pk=waiting.mission_id).update(places=1)
    participation(waiting.mission, state=P.ACCEPTED)

    for actor in (ANONYMOUS, CLOCK, SERVICE, as_manager(mission().organisation)):
        with pytest.raises(NotAllowed, match="la structure"):
            fire(PARTICIPATION, waiting, "accept", actor=actor, seen=99)


def test_state_is_asked_before_the_conditions(host, waiting):
    fire(PARTICIPATION, waiting, "accept", actor=host)

    with pytest.raises(Stale, match="Mission validée"):
        fire(PARTICIPATION, waiting, "accept", actor=host)


def test_page_that_is_out_of_date_is_refused(host, waiting):
    """Decision 12: even when the transition would still be possible."""
    opened = waiting.version
    fire(PARTICIPATION, waiting, "accept", actor=host)
    fire(PARTICIPATION, waiting, "take_back", actor=host)

    with pytest.raises(Stale):
        fire(PARTICIPATION, waiting, "accept", actor=host, seen=opened)
    assert fire(PARTICIPATION, waiting, "accept", actor=host, seen=opened + 2).state == P.ACCEPTED


def test_every_refusal_is_told_at_once(waiting, host):
    over = timezone.now() + timedelta(days=400)
    Mission.objects.filter(pk=waiting.mission_id).update(places=1)
    participation(waiting.mission, state=P.ACCEPTED)

    with at(over), pytest.raises(Refused) as refused:
        fire(PARTICIPATION, waiting, "accept", actor=host)

    assert refused.value.sentences == ["La mission est terminée : la date de fin est passée.", "Toutes les places sont prises."]


@pytest.mark.parametrize("answers", [{}, {"reason": ""}, {"reason": "because"}, {"reason": "mission_over"}])
def test_question_must_be_answered(waiting, host, answers):
    """« La mission est terminée » is the clock's own reason: no person may give it."""
    with pytest.raises(Unanswered) as unanswered:
        fire(PARTICIPATION, waiting, "refuse", actor=host, answers=answers)

    assert set(unanswered.value.form.errors) == {"reason"}


def test_refusal_leaves_nothing_behind(waiting, host):
    before = (Entry.objects.count(), Outgoing.objects.count())

    with pytest.raises(Unanswered):
        fire(PARTICIPATION, waiting, "refuse", actor=host)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.version) == (P.PENDING, 1)
    assert (Entry.objects.count(), Outgoing.objects.count()) == before


def test_failing_subscriber_rolls_everything_back(waiting, host, settings):
    """What happened, its history and its e-mails stand or fall together."""
    settings.SUBSCRIBERS = [*settings.SUBSCRIBERS, f"{__name__}.broken_listener"]
    subscribers.cache_clear()
    before = (Entry.objects.count(), Outgoing.objects.count())
    try:
        with pytest.raises(ConnectionError, match="broken"):
            fire(PARTICIPATION, waiting, "accept", actor=host)
    finally:
        subscribers.cache_clear()

    waiting.refresh_from_db()
    assert (waiting.state, waiting.version, waiting.decided_at) == (P.PENDING, 1, None)
    assert (Entry.objects.count(), Outgoing.objects.count()) == before


def test_parent_that_changed_meanwhile_is_refused(waiting, host):
    """The lock must hold the parent that the guards read, not one of before."""
    other = mission(waiting.mission.organisation)
    stale = type(waiting).objects.select_related("mission").get(pk=waiting.pk)
    type(waiting).objects.filter(pk=waiting.pk).update(mission=other)

    with pytest.raises(Stale, match="changé de place"):
        fire(PARTICIPATION, stale, "accept", actor=host)


# ── the clock ─────────────────────────────────────────────────────────────────────────────────────
def test_clock_makes_up_for_a_missed_night_once():
    """R20: ended 30 days after its end, even when the clock was stopped for a month more."""
    online = mission()
    late = online.over_at + timedelta(days=61)

    with at(late):
        moved = [fire_due(late, flows=[MISSION]), fire_due(late, flows=[MISSION])]

    online.refresh_from_db()
    assert (online.state, moved) == ("ended", [1, 0])
    assert Entry.objects.filter(object_id=online.pk, verb="missions.mission.end").count() == 1
    assert Entry.objects.latest("id").role == "clock"


def test_clock_does_nothing_before_the_moment():
    online = mission()
    due = online.over_at + timedelta(days=5)

    with at(due - timedelta(seconds=1)):
        assert fire_due(timezone.now(), flows=[MISSION]) == 0
    with at(due):
        assert fire_due(timezone.now(), flows=[MISSION]) == 1


def test_refused_object_does_not_stop_the_clock(variant):
    """The first one is refused at every round; the ones after it move all the same."""
    stuck, free, last = mission(), mission(), mission()
    flow = variant(MISSION, "end", when=(Guard("Pas celle-ci.", lambda obj: obj.pk != stuck.pk),))
    late = last.over_at + timedelta(days=31)

    with at(late):
        fire_due(late, flows=[flow])

    assert [Mission.objects.get(pk=each.pk).state for each in (stuck, free, last)] == ["published", "ended", "ended"]


def test_broken_object_does_not_stop_the_clock(variant, caplog):
    """One row that nobody foresaw must not keep every other mission of the country open for ever."""

    def effect(event):
        if event.obj.pk == broken.pk:
            raise KeyError("unforeseen")

    broken, fine = mission(), mission()
    flow = variant(MISSION, "end", does=(effect,))
    late = fine.over_at + timedelta(days=31)

    with at(late):
        fire_due(late, flows=[flow])

    assert [Mission.objects.get(pk=each.pk).state for each in (broken, fine)] == ["published", "ended"]
    assert f"missions.mission.end of {broken.pk}" in caplog.text


def test_clock_moves_more_than_one_batch(monkeypatch):
    monkeypatch.setattr("renfort.kernel.firing.BATCH", 2)
    missions = [mission() for _ in range(5)]
    late = missions[0].over_at + timedelta(days=31)

    with at(late):
        assert fire_due(late, flows=[MISSION]) == 5


# ── services ──────────────────────────────────────────────────────────────────────────────────────
def test_service_publishes_in_its_own_transaction():
    made = mission()

    with transaction.atomic():
        event = publish("missions.mission.test", made, actor=SERVICE, codes={"rules": rules_of(made.domain).pk})

    entry = Entry.objects.latest("id")
    assert (entry.verb, entry.role, entry.actor_id, entry.at) == ("missions.mission.test", "service", None, event.at)


def test_busy_is_a_refusal_that_pages_already_show():
    assert issubclass(Busy, Refused) and issubclass(Stale, Refused)
