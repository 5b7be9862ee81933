"""Hours: declared by one side, confirmed by the other; only those count (R33, R35)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given as suppose
from hypothesis import strategies as st
from tests.factories import (
    actor,
    as_manager,
    at,
    client_of,
    days,
    manager,
    mission,
    organisation,
    participation,
    today,
    volunteer,
)
from tests.factories.hours import hours, past_mission, served

from renfort.audit.models import Entry
from renfort.kernel.durations import duration_words, quarters_of
from renfort.kernel.firing import NotAllowed, Refused, Stale, Unanswered, fire, fire_due
from renfort.kernel.integrity import registered, run
from renfort.missions.enums import Format, HoursState, Side
from renfort.missions.enums import ParticipationState as P
from renfort.missions.models import HoursEntry
from renfort.missions.selectors.hours import confirmed_quarters, given_by
from renfort.missions.services.hours import confirm_many, declare
from renfort.missions.services.papers import issue_certificate
from renfort.missions.workflow import HOURS, PARTICIPATION
from renfort.notifications.models import Outgoing

pytestmark = pytest.mark.django_db
H = HoursState


def say(given, quarters=30, *, by=None, first_on=None, last_on=None):
    return declare(
        actor=by or actor(given.person), participation=given, quarters=quarters,
        first_on=first_on or given.mission.starts_on, last_on=last_on or first_on or given.mission.ends_on,
    )  # fmt: skip


def host_of(given):
    return as_manager(given.mission.organisation)


def mails(message):
    return Outgoing.objects.filter(message=message)


# ── durations as people write them ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "quarters"),
    [
        ("7 h 30", 30), ("7h30", 30), ("7:30", 30), ("7,5", 30), ("7.25 h", 29), ("7", 28), ("0,25", 1), ("45 min", 3),
        ("2 heures", 8), ("2 hours 15", 9), ("1h", 4), ("0 h 15", 1), ("", None), ("sept", None), ("7 h 20", None),
        ("7,3", None), ("1 h 75", None), ("-2", None), ("1e9", None), ("10 min", None), ("٧", 28), ("9" * 30, None),
    ],
)  # fmt: skip
def test_durations_are_read_as_people_write_them(text, quarters):
    assert quarters_of(text) == quarters


@suppose(st.integers(min_value=1, max_value=40_000))
def test_a_duration_told_is_read_again(quarters):
    assert quarters_of(duration_words(quarters)) == quarters


@suppose(st.text(max_size=40))
def test_no_text_breaks_the_reading(text):
    found = quarters_of(text)
    assert found is None or found >= 0


# ── declared, confirmed, corrected, contested ─────────────────────────────────────────────────────
def test_declared_hours_count_once_the_other_side_confirms():
    given = served()
    entry = say(given)
    assert (entry.side, confirmed_quarters(given), given_by(given.person_id)) == (Side.VOLUNTEER, 0, [])

    with pytest.raises(NotAllowed):
        fire(HOURS, entry, "confirm", actor=actor(given.person))
    fire(HOURS, entry, "confirm", actor=host_of(given))

    assert confirmed_quarters(given) == 30
    assert [each.quarters for each in given_by(given.person_id)] == [30]


def test_hours_said_by_the_organisation_are_confirmed_by_the_person():
    given = served()
    entry = say(given, by=host_of(given))
    assert entry.side == Side.HOST

    with pytest.raises(NotAllowed):
        fire(HOURS, entry, "confirm", actor=host_of(given))
    fire(HOURS, entry, "confirm", actor=actor(given.person))

    entry.refresh_from_db()
    assert (entry.state, entry.confirmed_by_id) == (H.CONFIRMED, given.person_id)


def test_a_correction_waits_for_the_side_that_did_not_make_it():
    given = served()
    entry = say(given)

    entry = fire(HOURS, entry, "correct", actor=host_of(given), answers={"quarters": "5 h", "message": "Tu es parti à 14 h."})

    assert (entry.quarters, entry.side, entry.state) == (20, Side.HOST, H.DECLARED)
    with pytest.raises(NotAllowed):
        fire(HOURS, entry, "confirm", actor=host_of(given))
    fire(HOURS, entry, "confirm", actor=actor(given.person))
    assert confirmed_quarters(given) == 20


def test_confirmed_hours_that_are_corrected_or_contested_count_no_longer():
    given = served()
    entry = hours(given)
    entry = fire(HOURS, entry, "correct", actor=actor(given.person), answers={"quarters": "2,5"})
    assert (entry.state, entry.confirmed_at, confirmed_quarters(given)) == (H.DECLARED, None, 0)

    entry = fire(HOURS, entry, "contest", actor=host_of(given), answers={"message": "Nous ne vous avons pas vu."})
    assert (entry.state, confirmed_quarters(given)) == (H.CONTESTED, 0)
    fire(HOURS, entry, "remove", actor=actor(given.person))
    say(given, 4)


def test_each_step_is_in_the_history_with_its_figure():
    given = served()
    entry = say(given)
    fire(HOURS, entry, "correct", actor=host_of(given), answers={"quarters": "5"})

    page = client_of(given.person).get(reverse("missions:volunteer-hours", args=[given.pk])).content.decode()
    assert "Heures déclarées" in page and "Heures corrigées" in page
    assert "5\u00a0h" in page
    assert Entry.objects.filter(model="missions.hoursentry", object_id=entry.pk).count() == 2


def test_an_old_page_confirms_nothing_that_has_changed_since():
    given = served()
    entry = say(given)
    fire(HOURS, entry, "correct", actor=actor(given.person), answers={"quarters": "9"})

    with pytest.raises(Stale):
        fire(HOURS, entry, "confirm", actor=host_of(given), seen=entry.version)


@pytest.mark.parametrize("text", ["", "beaucoup", "0", "7 h 20"])
def test_a_correction_needs_a_duration(text):
    given = served()

    with pytest.raises(Unanswered):
        fire(HOURS, say(given), "correct", actor=host_of(given), answers={"quarters": text})


def test_a_correction_keeps_to_the_days():
    given = served(past_mission(begun=2, ended=2))

    with pytest.raises(Refused, match="24 heures"):
        fire(HOURS, say(given), "correct", actor=host_of(given), answers={"quarters": "24 h 15"})


# ── limits that make sense ────────────────────────────────────────────────────────────────────────
def test_a_day_has_twenty_four_hours():
    given = served(past_mission(begun=3, ended=2))

    with pytest.raises(Refused, match="48 heures"):
        say(given, 2 * 96 + 1)
    assert say(given, 2 * 96).quarters == 192


def test_hours_are_of_days_of_the_mission_that_have_come():
    """Not before the start, not after the end, not in the future; each reason is said."""
    what = mission(starts_on=today() - days(2), ends_on=today() + days(5))
    given = participation(what, state=P.ONGOING)

    for first, last in ((-3, -2), (0, 1), (4, 4), (6, 6)):
        with pytest.raises(Refused):
            say(given, 4, first_on=today() + days(first), last_on=today() + days(last))
    with pytest.raises(Refused, match="avant le premier"):
        say(given, 4, first_on=today(), last_on=today() - days(1))
    say(given, 4, first_on=today(), last_on=today())


def test_the_day_is_the_one_of_the_place():
    """On La Réunion it is already tomorrow when it is 22 h in Paris."""
    evening = datetime.combine(today() + days(3), time(22, 30), ZoneInfo("Europe/Paris")).astimezone(UTC)
    what = mission(department="974", starts_on=today() + days(4), ends_on=today() + days(4))
    given = participation(what, state=P.ACCEPTED)

    with at(evening):
        assert say(given, 4).first_on == what.starts_on
        here = participation(mission(starts_on=what.starts_on, ends_on=what.ends_on), state=P.ACCEPTED)
        with pytest.raises(Refused, match="pas encore commencé"):
            say(here, 4)


def test_no_day_is_counted_twice_for_one_participation():
    given = served()
    say(given, 4, first_on=given.mission.starts_on, last_on=given.mission.starts_on + days(2))

    with pytest.raises(Refused, match="déjà déclarées"):
        say(given, 4, first_on=given.mission.starts_on + days(2), last_on=given.mission.ends_on)
    say(given, 4, first_on=given.mission.starts_on + days(3), last_on=given.mission.ends_on)


def test_a_recurring_mission_is_said_month_by_month():
    what = mission(format=Format.RECURRING, starts_on=today() - days(70), ends_on=today() + days(70))
    given = participation(what, state=P.ONGOING)
    for start in (70, 40, 10):
        fire(
            HOURS,
            say(given, 40, first_on=today() - days(start), last_on=today() - days(start - 9)),
            "confirm",
            actor=host_of(given),
        )

    assert confirmed_quarters(given) == 120
    assert [each.quarters for each in given_by(given.person_id)] == [120], "a recurring mission counts while it lasts"


@pytest.mark.parametrize("state", [P.PENDING, P.REFUSED, P.WITHDRAWN, P.NO_SHOW, P.CANCELLED])
def test_only_who_took_part_has_hours(state):
    given = served(state=state)

    with pytest.raises(Refused, match="acceptée, en cours ou effectuée"):
        say(given)


def test_strangers_say_and_see_nothing():
    given = served()
    entry = say(given)

    for stranger in (volunteer(), manager()):
        with pytest.raises(NotAllowed):
            say(given, by=actor(stranger))
        with pytest.raises(NotAllowed):
            fire(HOURS, entry, "confirm", actor=actor(stranger))
    other = client_of(volunteer())
    assert other.get(reverse("missions:volunteer-hours", args=[given.pk])).status_code == 404
    assert other.post(reverse("missions:volunteer-hours-act", args=[entry.pk, "confirmer"])).status_code == 404
    stranger = manager(organisation())
    where = stranger.grants.first().organisation_id
    assert client_of(stranger).post(reverse("missions:host-hours-act", args=[where, entry.pk, "confirmer"])).status_code == 404


def test_the_database_knows_that_days_have_hours():
    given = served()

    for quarters in (0, 96 * 9 + 1):
        with pytest.raises(IntegrityError, match="missions_hoursentry_quarters"), transaction.atomic():
            hours(given, quarters)


def test_integrity_finds_hours_of_who_did_not_take_part_and_days_counted_twice():
    hours(served(state=P.REFUSED))
    given = served()
    hours(given)
    hours(given)

    broken = {
        finding.check.name
        for finding in run([c for c in registered() if c.name.startswith("missions.hours")])
        if not finding.holds
    }
    assert broken == {"missions.hours.who", "missions.hours.days"}


# ── many at once ──────────────────────────────────────────────────────────────────────────────────
def test_the_organisation_confirms_all_hours_of_a_mission_in_one_go():
    what = past_mission(places=9)
    entries = [say(served(what)) for _number in range(3)]
    host = client_of(what.responsible)
    url = reverse("missions:host-mission-hours", args=[what.organisation_id, what.pk])
    assert "3 déclarations attendent" in host.get(url).content.decode()

    answer = host.post(url, {"which": "all"}, follow=True)

    assert "3 réponses enregistrées" in answer.content.decode()
    assert set(HoursEntry.objects.values_list("state", flat=True)) == {H.CONFIRMED}
    assert entries


def test_only_those_chosen_are_confirmed():
    what = past_mission(places=9)
    one, two = (say(served(what)) for _number in range(2))
    host = client_of(what.responsible)

    host.post(
        reverse("missions:host-mission-hours", args=[what.organisation_id, what.pk]), {"entry": [one.pk, "x", "-1", "9" * 40]}
    )

    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.state, two.state) == (H.CONFIRMED, H.DECLARED)


def test_one_that_cannot_be_confirmed_stops_no_other():
    one, two = say(served()), say(served())
    HoursEntry.objects.filter(pk=one.pk).update(version=7)

    outcomes = confirm_many(actor=host_of(two.participation), entries=[one, two])

    assert [bool(outcome.why) for outcome in outcomes] == [True, False]


@pytest.mark.parametrize("page", ["host-mission-hours", "host-presence"])
def test_the_pages_of_a_mission_ask_as_much_for_one_as_for_twenty(page):
    what = past_mission(places=50)
    host = client_of(what.responsible)
    url = reverse(f"missions:{page}", args=[what.organisation_id, what.pk])

    def asked():
        host.get(url)
        with CaptureQueriesContext(connection) as found:
            assert host.get(url).status_code == 200
        return len(found)

    say(served(what))
    one = asked()
    for _number in range(19):
        say(served(what))
    assert asked() == one


# ── told in one e-mail, not at each click ─────────────────────────────────────────────────────────
def test_the_organisation_is_told_once_of_many_declarations():
    what = past_mission(places=9)
    for _number in range(5):
        say(served(what))
    assert mails("missions.mission.hours").count() == 0, "things come to rest first"

    fire_due(timezone.now() + timedelta(minutes=16))

    assert mails("missions.mission.hours").count() == 1
    with at(timezone.now() + timedelta(minutes=30)):
        say(served(what))
        fire_due(timezone.now() + timedelta(hours=2))
    assert mails("missions.mission.hours").count() == 1, "once a day at most"
    with at(timezone.now() + timedelta(days=1, hours=1)):
        fire_due(timezone.now())
        fire_due(timezone.now() + timedelta(hours=1))
    assert mails("missions.mission.hours").count() == 2, "the rest is told the day after, once"


def test_the_person_is_told_once_of_all_that_the_organisation_did():
    given = served()
    one = say(given, 4, first_on=given.mission.starts_on)
    two = say(given, 4, first_on=given.mission.ends_on)
    for entry in (one, two):
        fire(HOURS, entry, "confirm", actor=host_of(given))

    fire_due(timezone.now() + timedelta(minutes=20))
    fire_due(timezone.now() + timedelta(minutes=40))

    assert mails("missions.participation.hours").count() == 1


def test_the_organisations_hours_are_confirmed_when_nobody_answers_for_fourteen_days():
    given = served()
    own, theirs = say(given, first_on=given.mission.starts_on), say(given, by=host_of(given), first_on=given.mission.ends_on)

    fire_due(timezone.now() + timedelta(days=13, hours=23))
    theirs.refresh_from_db()
    assert theirs.state == H.DECLARED
    fire_due(timezone.now() + timedelta(days=14, minutes=1))

    own.refresh_from_db()
    theirs.refresh_from_db()
    assert (own.state, theirs.state) == (H.DECLARED, H.CONFIRMED), "what a volunteer says is never confirmed by silence"


# ── certificates count confirmed hours of missions done, and nothing else ─────────────────────────
def test_a_certificate_has_confirmed_hours_of_missions_done_alone():
    someone = volunteer()
    hours(served(someone=someone), 10)
    hours(served(someone=someone), 3, state=H.DECLARED)
    hours(served(someone=someone), 5, state=H.CONTESTED)
    hours(served(someone=someone, state=P.ONGOING), 7)  # one-off, not done yet
    hours(served(), 90)  # somebody else's

    paper = issue_certificate(actor=actor(someone), person=someone, first_on=None, last_on=None, today=today())

    assert (paper.facts["quarters"], len(paper.facts["rows"])) == (10, 1)


def test_a_period_holds_the_days_wholly_inside_it():
    given = served(past_mission(begun=10, ended=2))
    hours(given, 4, first_on=given.mission.starts_on, last_on=given.mission.starts_on + days(1))
    hours(given, 8, first_on=given.mission.ends_on)

    one = given_by(given.person_id, first_on=given.mission.starts_on + days(1))
    assert [each.quarters for each in one] == [8]
    assert given_by(given.person_id, last_on=given.mission.starts_on) == []


def test_an_organisation_attests_only_what_was_given_to_it():
    someone = volunteer()
    here, there = served(someone=someone), served(someone=someone)
    hours(here, 10)
    hours(there, 20)
    host = host_of(here)

    paper = issue_certificate(
        actor=host, person=someone, organisation=here.mission.organisation, first_on=None, last_on=None, today=today()
    )
    assert paper.facts["quarters"] == 10
    for where in (None, there.mission.organisation):
        with pytest.raises(NotAllowed):
            issue_certificate(actor=host, person=someone, organisation=where, first_on=None, last_on=None, today=today())


def test_nothing_is_attested_without_confirmed_hours():
    given = served()
    say(given)

    with pytest.raises(Refused, match="Aucune heure confirmée"):
        issue_certificate(actor=actor(given.person), person=given.person, first_on=None, last_on=None, today=today())


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────
def test_hours_are_declared_from_the_participation():
    given = served()
    browser = client_of(given.person)
    url = reverse("missions:volunteer-hours", args=[given.pk])
    assert url in browser.get(reverse("missions:volunteer-participation", args=[given.pk])).content.decode()

    wrong = browser.post(url, {"first_on": "hier", "quarters": "beaucoup"})
    assert wrong.status_code == 422
    assert "beaucoup" in wrong.content.decode(), "what was typed is not lost"
    late = browser.post(url, {"first_on": (today() + days(1)).isoformat(), "quarters": "2"})
    assert late.status_code == 422 and "à venir" in late.content.decode()
    done = browser.post(url, {"first_on": given.mission.starts_on.isoformat(), "quarters": "7,5"}, follow=True)

    assert "Heures déclarées" in done.content.decode()
    assert HoursEntry.objects.get().quarters == 30


def test_own_certificates_are_made_and_listed():
    given = served()
    hours(given)
    browser = client_of(given.person)
    url = reverse("missions:volunteer-papers")

    listed = browser.post(url, {}, follow=True).content.decode()
    assert "Votre attestation est prête" in listed and "7\u00a0h\u00a030" in listed
    wrong = browser.post(url, {"first_on": "2026-03-05", "last_on": "2026-03-01"})
    assert wrong.status_code == 422
    empty = browser.post(url, {"first_on": "1999-03-05", "last_on": "1999-03-06"})
    assert empty.status_code == 409 and "Aucune heure confirmée" in empty.content.decode()
    assert browser.post(url, {"organisation": "999999"}).status_code == 422


def test_a_withdrawn_person_keeps_the_hours_of_a_recurring_mission():
    what = mission(format=Format.RECURRING, starts_on=today() - days(70), ends_on=today() + days(70))
    given = participation(what, state=P.ONGOING)
    hours(given, 40, first_on=today() - days(60))
    fire(PARTICIPATION, given, "withdraw", actor=actor(given.person), answers={"reason": "not_available"})

    assert [each.quarters for each in given_by(given.person_id)] == [40]


def test_hours_said_before_leaving_can_still_be_confirmed():
    what = mission(format=Format.RECURRING, starts_on=today() - days(70), ends_on=today() + days(70))
    given = participation(what, state=P.ONGOING)
    entry = say(given, 40, first_on=today() - days(60), last_on=today() - days(50))
    fire(PARTICIPATION, given, "withdraw", actor=actor(given.person), answers={"reason": "not_available"})

    fire(HOURS, entry, "confirm", actor=host_of(given))

    assert [each.quarters for each in given_by(given.person_id)] == [40]
