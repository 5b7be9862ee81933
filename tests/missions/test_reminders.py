"""Reminders: who waits, who is expected tomorrow; each told once, nobody who cancelled (R36)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from tests.factories import actor, days, mission, organisation, participation, today

from renfort.kernel.firing import fire, fire_due
from renfort.missions.models import Participation
from renfort.missions.services.reminders import remind_hosts
from renfort.missions.workflow import PARTICIPATION
from renfort.notifications.models import Outgoing

pytestmark = pytest.mark.django_db
KEY, EVE = "missions.participation.still_waiting", "missions.participation.eve"
PARIS = ZoneInfo("Europe/Paris")


def noon(ahead=0):
    """Noon in Paris, so many days from today."""
    return datetime.combine(today() + days(ahead), datetime.min.time().replace(hour=12), PARIS)


def waiting_for(what, how_long, at):
    one = participation(what)
    Participation.objects.filter(pk=one.pk).update(created_at=at - how_long)
    return one


def mails(key=KEY):
    return Outgoing.objects.filter(message=key)


def test_host_is_told_after_two_days_and_after_seven_in_one_message_each():
    what = mission(starts_on=today() + days(20), ends_on=today() + days(20))
    for _ in range(5):
        waiting_for(what, timedelta(days=2, hours=1), noon())

    told = [remind_hosts(noon(ahead)) for ahead in (0, 0, 1, 4, 5, 6, 12)]

    assert told == [1, 0, 0, 0, 1, 0, 0]
    assert mails().count() == 2
    assert "5 propositions d'aide attendent votre réponse" in mails().first().subject


def test_nothing_is_said_of_those_who_wait_less_or_no_longer():
    what = mission(starts_on=today() + days(20), ends_on=today() + days(20))
    waiting_for(what, timedelta(days=1, hours=23), noon())
    gone = waiting_for(what, timedelta(days=3), noon())
    fire(PARTICIPATION, gone, "withdraw", actor=actor(gone.person), answers={"reason": "other"})

    assert remind_hosts(noon()) == 0


def test_nobody_is_written_to_at_night_where_they_live():
    """Réunion is three hours ahead of Paris in winter, Guadeloupe five behind."""
    for department in ("33", "974"):
        waiting_for(
            mission(organisation(department_id=department), starts_on=today() + days(20), ends_on=today() + days(20)),
            timedelta(days=3),
            noon(),
        )
    six = noon().replace(hour=6)

    assert remind_hosts(six) == 1  # nine o'clock in Réunion
    assert remind_hosts(six + timedelta(hours=3)) == 1


def test_missed_days_are_made_up_for_once():
    what = mission(starts_on=today() + days(20), ends_on=today() + days(20))
    waiting_for(what, timedelta(days=9), noon())

    assert [remind_hosts(noon()), remind_hosts(noon(1))] == [1, 0]


def test_volunteer_is_told_the_day_before_once():
    what = mission(starts_on=today() + days(1), ends_on=today() + days(1))
    held = participation(what, state="accepted")
    Participation.objects.filter(pk=held.pk).update(decided_at=timezone.now() - timedelta(days=3))
    morning = what.begins_at - timedelta(hours=14)

    fire_due(morning - timedelta(hours=2), flows=[PARTICIPATION])
    assert mails(EVE).count() == 0
    fire_due(morning, flows=[PARTICIPATION])
    fire_due(morning + timedelta(hours=1), flows=[PARTICIPATION])

    assert list(mails(EVE).values_list("person_id", flat=True)) == [held.person_id]


def test_no_reminder_to_who_withdrew_or_was_accepted_just_now():
    what = mission(starts_on=today() + days(1), ends_on=today() + days(1), places=3)
    gone = participation(what, state="accepted")
    fire(PARTICIPATION, gone, "withdraw", actor=actor(gone.person), answers={"reason": "other"})
    late = participation(what, state="accepted")
    morning = what.begins_at - timedelta(hours=14)
    Participation.objects.filter(pk=late.pk).update(decided_at=morning - timedelta(hours=1))

    fire_due(morning, flows=[PARTICIPATION])

    assert mails(EVE).count() == 0
