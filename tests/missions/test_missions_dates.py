"""Dates are dates of the place (decision 30); the clock acts at the moments they mean there (R20, R33)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import F
from tests.factories import as_manager, at, mission, participation

from renfort.kernel.firing import Refused, fire, fire_due
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.mission import open_missions
from renfort.missions.workflow import MISSION, PARTICIPATION
from renfort.notifications.models import Outgoing

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def tick(moment):
    with at(moment):
        return fire_due(moment)


def told(key):
    return Outgoing.objects.filter(message=key).count()


@pytest.mark.parametrize(
    ("department", "begins", "over"),
    [
        ("974", "2026-12-08T20:00", "2026-12-10T20:00"),  # Réunion is four hours ahead of UTC
        ("971", "2026-12-09T04:00", "2026-12-11T04:00"),  # Guadeloupe four hours behind
        ("33", "2026-12-08T23:00", "2026-12-10T23:00"),
    ],
)
def test_days_begin_and_end_in_the_zone_of_the_place(department, begins, over):
    made = mission(department=department, starts_on=date(2026, 12, 9), ends_on=date(2026, 12, 10))

    assert made.begins_at == datetime.fromisoformat(begins).replace(tzinfo=UTC)
    assert made.over_at == datetime.fromisoformat(over).replace(tzinfo=UTC)


def test_day_of_a_change_of_hour_is_the_day_of_the_place():
    """The last Sunday of March has 23 hours in Bordeaux."""
    made = mission(starts_on=date(2027, 3, 28), ends_on=date(2027, 3, 28))

    assert made.over_at - made.begins_at == timedelta(hours=23)


def test_database_keeps_the_moments_when_dates_or_place_change():
    made = mission(starts_on=date(2026, 12, 9), ends_on=date(2026, 12, 10))

    Mission.objects.filter(pk=made.pk).update(zone="Indian/Reunion", ends_on=F("starts_on"))

    made.refresh_from_db()
    assert made.over_at == datetime(2026, 12, 9, 20, tzinfo=UTC)


def test_draft_without_dates_has_no_moments():
    made = mission(state="draft", starts_on=None, ends_on=None)

    assert (made.begins_at, made.over_at, made.is_over, made.has_begun) == (None, None, False, False)


@pytest.mark.parametrize("department", ["974", "971", "33"])
def test_mission_is_out_of_search_from_its_end_over_there(department):
    made = mission(department=department)

    with at(made.over_at - SECOND):
        before = open_missions().filter(pk=made.pk).exists()
    with at(made.over_at):
        after = open_missions().filter(pk=made.pk).exists()

    assert (before, after) == (True, False)


def test_clock_starts_and_completes_participations():
    """R33: « en cours » at the start, « effectuée » 30 days after the end."""
    made = mission(department="974")
    expected = participation(made, state="accepted")

    def states():
        expected.refresh_from_db()
        return expected.state

    seen = []
    for moment in (made.begins_at - SECOND, made.begins_at, made.over_at, made.over_at + timedelta(days=30) - SECOND):
        tick(moment)
        seen.append(states())
    tick(made.over_at + timedelta(days=30))

    assert seen == ["accepted", "ongoing", "ongoing", "ongoing"]
    assert states() == "done"


@pytest.mark.parametrize("state", ["withdrawn", "no_show", "refused"])
def test_clock_completes_only_who_took_part(state):
    made = mission()
    other = participation(made, state=state)

    tick(made.over_at + timedelta(days=40))

    other.refresh_from_db()
    assert other.state == state


def test_application_lapses_when_the_mission_has_ended():
    """Nobody waits for ever: the clock closes with its reason, and the volunteer is told once."""
    made = mission()
    waiting = participation(made)
    end = made.over_at + timedelta(days=30)

    tick(end)
    tick(end + timedelta(minutes=1))

    waiting.refresh_from_db()
    assert (waiting.state, waiting.refusal_reason, waiting.decided_by_id) == ("refused", "mission_over", None)
    assert told("missions.participation.refused") == 1
    assert "La mission est terminée" in Outgoing.objects.get(message="missions.participation.refused").text


def test_reminders_go_out_after_5_and_20_days_and_the_end_after_30():
    made = mission()
    counts = []

    for days, seconds in ((5, -1), (5, 0), (6, 0), (20, -1), (20, 0), (21, 0), (30, -1)):
        tick(made.over_at + timedelta(days=days, seconds=seconds))
        counts.append(told("missions.mission.to_close"))
    tick(made.over_at + timedelta(days=30))

    made.refresh_from_db()
    assert counts == [0, 1, 1, 1, 2, 2, 2]
    assert (made.state, told("missions.mission.to_close")) == ("ended", 2)


@pytest.mark.parametrize(("stopped_until", "mails", "state"), [(12, 1, "published"), (25, 1, "published"), (45, 0, "ended")])
def test_clock_stopped_for_long_sends_one_reminder_at_most(stopped_until, mails, state):
    """Nobody gets two mails at once because the clock was away."""
    made = mission()

    for minute in range(3):
        tick(made.over_at + timedelta(days=stopped_until, minutes=minute))

    made.refresh_from_db()
    assert (told("missions.mission.to_close"), made.state) == (mails, state)


def until(day):
    """What reopening asks."""
    return {"ends_on": day.isoformat()}


def test_reopened_mission_is_reminded_of_again():
    made = mission()
    host = as_manager(made.organisation)
    tick(made.over_at + timedelta(days=5))
    with at(made.over_at + timedelta(days=6)):
        fire(MISSION, made, "end", actor=host)
        fire(MISSION, made, "reopen", actor=host, answers=until(made.ends_on + timedelta(days=10)))
    made.refresh_from_db()

    tick(made.over_at + timedelta(days=5))

    assert told("missions.mission.to_close") == 2


def test_mission_is_not_closed_before_its_end():
    made = mission()

    with pytest.raises(Refused, match="date de fin n'est pas passée"):
        fire(MISSION, made, "end", actor=as_manager(made.organisation))


def test_mission_is_reopened_within_30_days_only():
    made = mission(state="ended")
    host = as_manager(made.organisation)

    with at(made.over_at + timedelta(days=30)), pytest.raises(Refused, match="dupliquez-la"):
        fire(MISSION, made, "reopen", actor=host)
    with at(made.over_at + timedelta(days=30) - SECOND):
        end = made.ends_on + timedelta(days=31)
        assert fire(MISSION, made, "reopen", actor=host, answers=until(end)).state == "published"


def test_decision_is_taken_back_until_the_start_over_there():
    """R33: in Réunion the first day begins at 20:00 UTC the day before."""
    made = mission(department="974")
    host = as_manager(made.organisation)
    early, late = participation(made, state="accepted"), participation(made, state="refused")

    with at(made.begins_at - SECOND):
        assert fire(PARTICIPATION, early, "take_back", actor=host).state == "pending"
    with at(made.begins_at), pytest.raises(Refused, match="a commencé"):
        fire(PARTICIPATION, late, "take_back", actor=host)


@pytest.mark.parametrize("name", ["complete", "miss"])
def test_presence_is_said_from_the_start_only(name):
    made = mission()
    expected = participation(made, state="accepted")
    host = as_manager(made.organisation)

    with at(made.begins_at - SECOND), pytest.raises(Refused, match="pas encore commencé"):
        fire(PARTICIPATION, expected, name, actor=host)
    with at(made.begins_at):
        assert fire(PARTICIPATION, expected, name, actor=host).state in ("done", "no_show")


def test_cancelled_mission_cancels_participations_through_the_clock():
    """Decision 11; R33: « annulée » only comes from a cancelled mission. What is past keeps what happened."""
    made = mission(places=10)
    states = ["pending", "accepted", "ongoing", "done", "refused", "withdrawn", "no_show"]
    people = {state: participation(made, state=state) for state in states}
    fire(MISSION, made, "cancel", actor=as_manager(made.organisation), answers={"reason": "safety"})

    moved = [fire_due(datetime.now(UTC)), fire_due(datetime.now(UTC))]

    now = dict(Participation.objects.filter(mission=made).values_list("pk", "state"))
    assert moved == [3, 0]
    assert {state: now[each.pk] for state, each in people.items()} == {
        "pending": "cancelled",
        "accepted": "cancelled",
        "ongoing": "cancelled",
        "done": "done",
        "refused": "refused",
        "withdrawn": "withdrawn",
        "no_show": "no_show",
    }
    assert told("missions.participation.cancelled") == 3


def test_refused_mission_cancels_participations_too():
    made = mission()
    waiting = participation(made)
    from tests.factories import as_operator

    fire(MISSION, made, "refuse", actor=as_operator(), answers={"reasons": "Hors du cadre de la réserve."})
    fire_due(datetime.now(UTC))

    waiting.refresh_from_db()
    assert waiting.state == "cancelled"


def test_nobody_is_accepted_between_the_cancellation_and_the_clock():
    made = mission()
    waiting = participation(made)
    host = as_manager(made.organisation)
    fire(MISSION, made, "cancel", actor=host, answers={"reason": "postponed"})

    with pytest.raises(Refused, match="n'est pas en ligne"):
        fire(PARTICIPATION, waiting, "accept", actor=host)
    with pytest.raises(Refused, match="n'est pas en ligne"):
        fire(PARTICIPATION, participation(made, state="refused"), "take_back", actor=host)
