"""Who may apply (R30, R31): ages on the first day, where the mission takes place; every reason at once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.factories import actor, as_operator, at, mission, participation, person, rules_of, volunteer

from renfort.kernel.firing import Refused
from renfort.missions.selectors.eligibility import Obstacle, eligibility
from renfort.missions.selectors.mission import public_mission
from renfort.missions.services.participation import apply
from renfort.parameters.catalogue import AGE_LIMIT_ON_SITE, MINIMUM_AGE
from renfort.parameters.services import set_value

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
FIRST_DAY = date(2026, 12, 10)


@pytest.fixture(autouse=True)
def now():
    with at(NOW):
        yield


def planned(**facts):
    return mission(**{"starts_on": FIRST_DAY, "ends_on": date(2026, 12, 12), **facts})


def obstacles(what, born):
    return list(eligibility(what, volunteer(birth_date=born)).obstacles)


@pytest.mark.parametrize(
    ("born", "found"),
    [
        (date(2008, 12, 11), [Obstacle.TOO_YOUNG]),  # 17 years and 364 days
        (date(2008, 12, 10), []),  # the 18th birthday
        (date(1990, 5, 17), []),
        (date(1956, 12, 11), []),  # 69 years and 364 days
        (date(1956, 12, 10), [Obstacle.TOO_OLD_ON_SITE]),  # the 70th birthday
        (date(1926, 1, 1), [Obstacle.TOO_OLD_ON_SITE]),
        (date(2026, 12, 11), [Obstacle.TOO_YOUNG]),
        (None, [Obstacle.NO_BIRTH_DATE]),
    ],
)
def test_age_is_counted_on_the_first_day(born, found):
    assert obstacles(planned(), born) == found


@pytest.mark.parametrize("born", [date(1956, 12, 10), date(1930, 1, 1)])
def test_remote_mission_has_no_upper_age(born):
    assert obstacles(planned(presence="remote", city="", postcode=""), born) == []


def test_remote_mission_has_the_lower_age():
    assert obstacles(planned(presence="remote"), date(2008, 12, 11)) == [Obstacle.TOO_YOUNG]


@pytest.mark.parametrize(
    ("first_day", "born", "found"),
    [
        # born on 29 February, one is a year older on 1 March of a common year
        (date(2027, 2, 28), date(1956, 2, 29), [Obstacle.TOO_OLD_ON_SITE]),  # 70 since 1 March 2026
        (date(2027, 2, 28), date(1957, 2, 28), [Obstacle.TOO_OLD_ON_SITE]),
        (date(2026, 12, 31), date(1957, 2, 28), []),
        (date(2027, 2, 28), date(2008, 2, 29), []),
        (date(2030, 2, 28), date(2012, 2, 29), [Obstacle.TOO_YOUNG]),
        (date(2030, 3, 1), date(2012, 2, 29), []),
        (date(2030, 2, 28), date(1960, 2, 29), []),
        (date(2030, 3, 1), date(1960, 2, 29), [Obstacle.TOO_OLD_ON_SITE]),
        (date(2028, 2, 29), date(1958, 2, 28), [Obstacle.TOO_OLD_ON_SITE]),
        (date(2028, 2, 29), date(1958, 3, 1), []),
    ],
)
def test_age_of_somebody_born_around_29_february(first_day, born, found):
    assert obstacles(planned(starts_on=first_day, ends_on=first_day), born) == found


@pytest.mark.parametrize(
    ("moment", "department", "found"),
    [
        # one day, one person who is 70 on 11 December: where is it 11 December already?
        (datetime(2026, 12, 10, 19, 59, tzinfo=UTC), "974", []),
        (datetime(2026, 12, 10, 20, 0, tzinfo=UTC), "974", [Obstacle.TOO_OLD_ON_SITE]),
        (datetime(2026, 12, 10, 22, 59, tzinfo=UTC), "33", []),
        (datetime(2026, 12, 10, 23, 0, tzinfo=UTC), "33", [Obstacle.TOO_OLD_ON_SITE]),
        (datetime(2026, 12, 11, 3, 59, tzinfo=UTC), "971", []),
        (datetime(2026, 12, 11, 4, 0, tzinfo=UTC), "971", [Obstacle.TOO_OLD_ON_SITE]),
    ],
)
def test_age_on_a_mission_that_has_begun_is_that_of_today_over_there(moment, department, found):
    under_way = planned(department=department, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 31))

    with at(moment):
        assert obstacles(under_way, date(1956, 12, 11)) == found


def test_limit_is_the_operators():
    """R31, R58: the operator sets the bounds; 0 is no limit."""
    operator, old, young = as_operator(), date(1955, 1, 1), date(2010, 6, 1)
    what = planned()

    before = [obstacles(what, old), obstacles(what, young)]
    set_value(AGE_LIMIT_ON_SITE, 75, actor=operator)
    set_value(MINIMUM_AGE, 16, actor=operator)
    after = [obstacles(what, old), obstacles(what, young), obstacles(what, date(1951, 12, 10)), obstacles(what, date(2011, 1, 1))]
    set_value(AGE_LIMIT_ON_SITE, 0, actor=operator)

    assert before == [[Obstacle.TOO_OLD_ON_SITE], [Obstacle.TOO_YOUNG]]
    assert after == [[], [], [Obstacle.TOO_OLD_ON_SITE], [Obstacle.TOO_YOUNG]]
    assert obstacles(what, date(1926, 1, 1)) == []


def test_every_reason_is_given_at_once():
    """R31: full, applied already, too old: nobody meets them one at a time."""
    full = planned(places=1)
    participation(full, state="accepted")
    elder = volunteer(birth_date=date(1950, 1, 1))
    participation(full, elder)

    found = eligibility(full, elder)

    assert list(found.obstacles) == [Obstacle.FULL, Obstacle.APPLIED, Obstacle.TOO_OLD_ON_SITE]
    assert (found.may_apply, found.suggests_remote, len(found.sentences)) == (False, True, 3)


def test_mission_keeps_everybody_out_when_it_is_closed():
    assert obstacles(planned(state="draft"), date(1990, 1, 1)) == [Obstacle.NOT_OPEN]
    assert obstacles(planned(state="cancelled"), date(1990, 1, 1)) == [Obstacle.NOT_OPEN]
    assert obstacles(planned(state="ended"), date(1990, 1, 1)) == [Obstacle.NOT_OPEN]


@pytest.mark.parametrize(("department", "hour"), [("974", 20), ("33", 23)])
def test_mission_takes_no_application_from_the_end_of_its_last_day(department, hour):
    """R20: in its own zone."""
    today = planned(department=department, starts_on=date(2026, 12, 10), ends_on=date(2026, 12, 10))

    with at(datetime(2026, 12, 10, hour - 1, 59, 59, tzinfo=UTC)):
        assert obstacles(today, date(1990, 1, 1)) == []
    with at(datetime(2026, 12, 10, hour, 0, tzinfo=UTC)):
        assert obstacles(today, date(1990, 1, 1)) == [Obstacle.OVER]


def test_anonymous_visitor_learns_what_keeps_everybody_out():
    full = planned(places=1)
    participation(full, state="ongoing")

    assert list(eligibility(full, None).obstacles) == [Obstacle.FULL]
    assert eligibility(planned(), None).may_apply


@pytest.mark.parametrize("state", ["withdrawn", "refused", "no_show", "cancelled", "done"])
def test_past_participation_does_not_keep_from_applying_again(state):
    what, someone = planned(), volunteer()
    participation(what, someone, state=state)

    assert eligibility(what, someone).may_apply


def test_service_refuses_whoever_may_not_apply_whatever_the_page_said():
    """VolunTrack 499: the rule holds without the page."""
    elder = volunteer(birth_date=date(1950, 1, 1))
    what = planned()

    with pytest.raises(Refused, match="moins de 70 ans"):
        apply(actor=actor(elder), person=elder, mission=what, ticked=rules_of(what.domain))
    assert what.participations.count() == 0


def test_eligibility_costs_at_most_three_queries(django_assert_max_num_queries):
    what, someone = public_mission(planned().pk), person()

    with django_assert_max_num_queries(3):
        eligibility(what, someone)
