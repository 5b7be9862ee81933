"""Several sessions in one go, and the advice on how many lead them (W3)."""

from __future__ import annotations

from datetime import UTC, date, time, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.factories import client_of, days
from tests.factories.time import at
from tests.factories.workshops import acting, assignment, enrolment, facilitator, session
from tests.workshops.test_workshops_sessions import facts, facts_of

from renfort.kernel.firing import NotAllowed, Refused
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Role
from renfort.workshops.models import Session
from renfort.workshops.selectors.staffing import RIGHT, TOO_FEW, TOO_MANY, judge
from renfort.workshops.services.series import plan_series
from renfort.workshops.services.sessions import change_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission():
    able = facilitator()
    what = assignment("awarded", by=able)
    return what, acting(able, Role.COORDINATOR)


def sundays(first, count):
    return [first + timedelta(weeks=number) for number in range(count)]


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        ("Europe/Paris", [13, 12, 12]),  # summer time begins between the first and the second
        ("Indian/Reunion", [10, 10, 10]),
        ("America/Guadeloupe", [18, 18, 18]),
    ],
)
def test_each_session_of_a_series_has_the_same_hours_on_the_clocks_of_its_place(mission, zone, utc):
    what, who = mission

    made = plan_series(actor=who, assignment=what, facts=facts(zone=zone), days=sundays(date(2027, 3, 21), 3))

    assert [each.local_start.hour for each in made] == [14, 14, 14]
    assert [each.starts_at.astimezone(UTC).hour for each in made] == utc
    assert len({each.series for each in made}) == 1 and made[0].series is not None


def test_one_day_makes_no_series(mission):
    what, who = mission
    day = timezone.localdate() + days(4)

    assert plan_series(actor=who, assignment=what, facts=facts(), days=[day, day])[0].series is None
    assert Session.objects.count() == 1


def test_a_day_without_the_hour_is_named_and_none_is_planned(mission):
    """The 28th of March 2027 has no half past two in Paris; the 31st of October has two."""
    what, who = mission

    with pytest.raises(Refused, match="28 mars 2027 : 2\xa0h\xa030 n'existe pas ce jour-là"):
        plan_series(actor=who, assignment=what, facts=facts(starts=time(2, 30), ends=time(5)), days=sundays(date(2027, 3, 21), 3))
    assert not Session.objects.exists()

    made = plan_series(
        actor=who, assignment=what, facts=facts(starts=time(2, 30), ends=time(5)), days=sundays(date(2027, 10, 24), 2)
    )
    assert [each.ends_at - each.starts_at for each in made] == [timedelta(hours=2.5), timedelta(hours=3.5)]


def test_another_persons_mission_takes_no_series(mission):
    what, _who = mission
    other = facilitator()
    assignment("awarded", by=other)

    with pytest.raises(NotAllowed):
        plan_series(actor=acting(other, Role.COORDINATOR), assignment=what, facts=facts(), days=[timezone.localdate() + days(9)])


def test_a_change_for_the_following_leaves_their_date_and_the_former_ones(mission):
    what, who = mission
    first, second, third = plan_series(
        actor=who, assignment=what, facts=facts(), days=[timezone.localdate() + days(n) for n in (9, 16, 23)]
    )
    on = enrolment(third)
    new_day = second.local_start.date() + days(1)

    change_session(actor=who, session=second, facts=facts_of(second, city="Pessac", day=new_day, leads=2), following=True)

    first, second, third = Session.objects.order_by("starts_at")
    assert [each.city for each in (first, second, third)] == ["Bordeaux", "Pessac", "Pessac"]
    assert [each.leads for each in (first, second, third)] == [1, 2, 2]
    assert second.local_start.date() == new_day and third.local_start.date() == timezone.localdate() + days(23)
    assert Outgoing.objects.filter(message="workshops.session.changed", person=on.facilitator.person).count() == 1


def test_what_a_later_session_has_of_its_own_stays(mission):
    what, who = mission
    first, second = plan_series(actor=who, assignment=what, facts=facts(), days=[timezone.localdate() + days(n) for n in (9, 16)])
    change_session(actor=who, session=second, facts=facts_of(second, participants=28))

    change_session(actor=who, session=first, facts=facts_of(first, city="Pessac"), following=True)

    second.refresh_from_db()
    assert (second.city, second.participants) == ("Pessac", 28)


def test_when_one_of_the_following_cannot_change_none_does(mission):
    what, who = mission
    first, second = plan_series(
        actor=who, assignment=what, facts=facts(leads=2), days=[timezone.localdate() + days(n) for n in (9, 16)]
    )
    enrolment(second)
    enrolment(second)

    with pytest.raises(Refused, match="2 places sont déjà prises"):
        change_session(actor=who, session=first, facts=facts_of(first, leads=1), following=True)
    assert set(Session.objects.values_list("leads", flat=True)) == {2}


def test_a_session_that_is_past_or_cancelled_does_not_change_with_its_series(mission):
    what, who = mission
    shared = uuid4()
    first = session(what, day=3, series=shared)
    session(what, day=9, series=shared, state="cancelled", cancelled_at=timezone.now())
    other = session(what, day=9, series=uuid4())

    change_session(actor=who, session=first, facts=facts_of(first, city="Pessac"), following=True)

    assert sorted(Session.objects.values_list("city", flat=True)) == ["Bordeaux", "Bordeaux", "Pessac"]
    other.refresh_from_db()
    assert other.city == "Bordeaux"


# ── the form ──────────────────────────────────────────────────────────────────────────────────────
def typed(**said):
    given = {
        "kind": "workshop", "presence": "on_site", "language": "fr", "day": (timezone.localdate() + days(10)).isoformat(),
        "starts": "14:00", "ends": "17:00", "zone": "Europe/Paris", "participants": "14", "leads": "1", "city": "Bordeaux",
    }  # fmt: skip
    return {**given, **said}


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ({}, 1),
        ({"repeat": "weekly", "times": "4"}, 4),
        ({"repeat": "dates", "other_days": "12/03/2027\n2027-03-19, 26/03/27"}, 4),
    ],
)
def test_the_form_plans_as_many_as_it_says(said, count):
    able = facilitator()
    what = assignment("awarded", by=able)

    answer = client_of(able.person).post(f"/ateliers/missions/{what.pk}/sessions/nouvelle/", typed(**said))

    assert answer.status_code == 302
    assert Session.objects.count() == count


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"repeat": "weekly"}, "Dites combien"),
        ({"repeat": "weekly", "times": "900"}, "inférieure ou égale à 60"),
        ({"repeat": "dates"}, "au moins une autre date"),
        ({"repeat": "dates", "other_days": "31/02/2027"}, "31/02/2027"),
        ({"repeat": "dates", "other_days": "demain"}, "demain"),
    ],
)
def test_a_series_that_cannot_be_read_is_said_beside_its_field(said, sentence):
    able = facilitator()
    what = assignment("awarded", by=able)

    answer = client_of(able.person).post(f"/ateliers/missions/{what.pk}/sessions/nouvelle/", typed(**said))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Session.objects.exists()


def test_sent_twice_a_series_is_planned_once():
    able = facilitator()
    what = assignment("awarded", by=able)
    said = typed(repeat="weekly", times="3", form_token=str(uuid4()))
    browser = client_of(able.person)

    first = browser.post(f"/ateliers/missions/{what.pk}/sessions/nouvelle/", said)
    again = browser.post(f"/ateliers/missions/{what.pk}/sessions/nouvelle/", said)

    assert first.url == again.url
    assert Session.objects.count() == 3


# ── advice (B.1) ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("people", "leads", "co_leads", "verdict", "tables"),
    [
        (7, 1, 0, RIGHT, 1),
        (14, 1, 0, RIGHT, 2),
        (15, 1, 0, TOO_FEW, 3),
        (15, 1, 1, RIGHT, 3),
        (21, 1, 0, TOO_FEW, 3),
        (7, 2, 1, TOO_MANY, 1),
        (7, 2, 0, RIGHT, 1),
        (28, 2, 0, RIGHT, 4),
    ],
)
def test_tables_of_seven_say_whether_enough_people_lead(people, leads, co_leads, verdict, tables):
    found = judge(people=people, leads=leads, co_leads=co_leads, size=7, each=2)

    assert (found.verdict, found.tables) == (verdict, tables)


def test_too_few_is_said_and_refuses_nothing():
    able = facilitator()
    what = assignment("awarded", by=able)

    answer = client_of(able.person).post(
        f"/ateliers/missions/{what.pk}/sessions/nouvelle/", typed(participants="30"), follow=True
    )

    assert "prévoyez plus d'animation" in unescape(answer.content.decode())
    assert Session.objects.get().participants == 30


def test_the_change_of_a_past_series_waits_for_nobody(mission):
    """A session seen after its day is not among those to come."""
    what, who = mission
    first, second = plan_series(actor=who, assignment=what, facts=facts(), days=[timezone.localdate() + days(n) for n in (9, 16)])

    with at(second.starts_at + timedelta(minutes=1)), pytest.raises(Refused):
        change_session(actor=who, session=first, facts=facts_of(first, city="Pessac"), following=True)
    assert set(Session.objects.values_list("city", flat=True)) == {"Bordeaux"}
