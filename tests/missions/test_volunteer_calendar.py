"""Missions in one's calendar: what a calendar program reads, under which address, and for how long (R35)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar
from tests.factories import (
    actor,
    as_manager,
    client_of,
    complete_facts,
    manager,
    mission,
    participation,
    person,
    volunteer,
)
from tests.factories.organisations import organisation

from renfort.audit.models import Entry
from renfort.jobs.catalogue import CALENDAR
from renfort.kernel.firing import fire, fire_due
from renfort.missions.components import ics
from renfort.missions.models import CalendarAddress, Participation
from renfort.missions.selectors.occurrences import Occurrence
from renfort.missions.services.mission import ContactFacts, edit_mission
from renfort.missions.views import calendar as views
from renfort.missions.workflow import MISSION, PARTICIPATION
from renfort.people.models import Account

pytestmark = pytest.mark.django_db
PAGE = "/espace/benevole/agenda/"
SATURDAY = {"starts_on": date(2027, 3, 6), "ends_on": date(2027, 3, 6)}


def file_of(made: Participation) -> str:
    return f"/espace/benevole/{made.pk}/mission.ics"


def events(body: bytes) -> list:
    return Calendar.from_ical(body).walk("VEVENT")


def read(made: Participation):
    """The one event of the file, as a program reads it."""
    answer = client_of(made.person).get(file_of(made))
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = events(answer.content)
    return event


def open_address(someone) -> str:
    browser = client_of(someone)
    browser.post(PAGE, {"faire": "ouvrir"})
    page = browser.get(PAGE).content.decode()
    return page.partition('value="http://testserver')[2].partition('"')[0]


# ── the file of one mission ───────────────────────────────────────────────────────────────────────
def test_a_mission_without_hours_is_a_span_of_whole_days():
    made = participation(mission(starts_on=date(2027, 3, 6), ends_on=date(2027, 3, 8)), state="accepted")

    event = read(made)

    assert event.decoded("dtstart") == date(2027, 3, 6)
    assert event.decoded("dtend") == date(2027, 3, 9), "the end of whole days is the day after"
    assert event["transp"] == "TRANSPARENT", "whole days make nobody busy"


def test_it_says_what_where_whom_to_call_and_how_to_withdraw():
    made = participation(mission(latitude=44.84, longitude=-0.57, title="Repas; soupe, pain", **SATURDAY), state="accepted")

    event = read(made)

    assert event["summary"] == f"Repas; soupe, pain · {made.mission.organisation.name}"
    assert event["location"] == "3 rue Sainte-Catherine, 33000 Bordeaux"
    assert event["geo"].to_ical() == "44.84;-0.57"
    said = str(event["description"])
    for words in ("De 9 h à 12 h", "Maryse Contact", "contact@secret.example", f"/espace/benevole/{made.pk}/"):
        assert words in said
    assert event["status"] == "CONFIRMED" and event["url"] == f"http://testserver/espace/benevole/{made.pk}/"
    assert made.person.email not in said and made.person.last_name not in said, "nothing about the volunteer"


def test_without_a_contact_the_responsible_person_is_the_contact():
    what = mission(responsible=person(first_name="Camille", last_name="Martin", mobile_phone="+33611223344"), **SATURDAY)
    what.contacts.all().delete()

    assert "Camille Martin · 06\xa011\xa022\xa033\xa044" in str(read(participation(what, state="ongoing"))["description"])


def test_hours_are_written_in_the_place_zone_with_its_definition(monkeypatch):
    """A slot of two hours in La Réunion, as the one function of occurrences will tell them."""
    zone = ZoneInfo("Indian/Reunion")
    slots = [
        Occurrence(starts=datetime(2027, 3, day, 9, tzinfo=zone), ends=datetime(2027, 3, day, 11, tzinfo=zone), key=str(day))
        for day in (6, 13)
    ]
    monkeypatch.setattr(ics, "occurrences_of", lambda _made: slots)
    made = participation(mission(department="974", **SATURDAY), state="accepted")

    calendar = Calendar.from_ical(ics.calendar_file([made]))
    first, second = calendar.walk("VEVENT")

    assert [zone["tzid"] for zone in calendar.walk("VTIMEZONE")] == ["Indian/Reunion"]
    assert first.decoded("dtstart") == datetime(2027, 3, 6, 5, tzinfo=UTC)
    assert first["dtstart"].params["TZID"] == "Indian/Reunion" and first["transp"] == "OPAQUE"
    assert first["uid"] != second["uid"] and first["uid"].startswith(f"participation-{made.pk}-6@")


def test_the_uid_stays_and_the_sequence_moves_when_the_mission_changes():
    made = participation(mission(**SATURDAY), state="accepted")
    before = read(made)
    facts = complete_facts(
        made.mission.organisation, starts_on=date(2027, 3, 13), ends_on=date(2027, 3, 13), contacts=[ContactFacts(name="Ali")]
    )

    edit_mission(actor=as_manager(made.mission.organisation), mission=made.mission, facts=facts)

    after = read(made)
    assert after["uid"] == before["uid"] and after["sequence"] > before["sequence"]
    assert after.decoded("dtstart") == date(2027, 3, 13) and "Ali" in after["description"]


def test_who_withdraws_takes_the_same_file_to_take_it_away():
    made = participation(mission(**SATURDAY), state="accepted")
    before = read(made)
    fire(PARTICIPATION, made, "withdraw", actor=actor(made.person), answers={"reason": "other"})

    after = read(made)

    assert (after["status"], after["uid"]) == ("CANCELLED", before["uid"]) and after["sequence"] > before["sequence"]
    assert "Maryse" not in after["description"], "the contact is for those who are expected"
    assert "Retirer de mon agenda" in client_of(made.person).get(f"/espace/benevole/{made.pk}/").content.decode()


def test_a_cancelled_mission_is_cancelled_in_the_calendar_too():
    made = participation(mission(**SATURDAY), state="accepted")
    fire(MISSION, made.mission, "cancel", actor=as_manager(made.mission.organisation), answers={"reason": "safety"})
    fire_due(datetime.now(UTC), flows=[PARTICIPATION])

    assert read(made)["status"] == "CANCELLED"


@pytest.mark.parametrize("state", ["pending", "refused", "done", "no_show"])
def test_where_nobody_is_expected_there_is_no_file(state):
    made = participation(mission(**SATURDAY), state=state)

    assert client_of(made.person).get(file_of(made)).status_code == 404
    assert "mission.ics" not in client_of(made.person).get(f"/espace/benevole/{made.pk}/").content.decode()


def test_nobody_reads_the_file_of_another():
    made = participation(state="accepted")

    assert client_of(volunteer()).get(file_of(made)).status_code == 404
    assert client_of(made.mission.responsible).get(file_of(made)).status_code == 404
    assert client_of(None).get(file_of(made)).status_code == 302


# ── the address of all ────────────────────────────────────────────────────────────────────────────
def test_the_address_opens_without_cookie_what_is_expected_and_nothing_else():
    me = volunteer()
    expected = {
        participation(mission(title=f"Attendue {n}"), me, state=state).pk for n, state in enumerate(("accepted", "ongoing"))
    }
    for state in ("pending", "refused", "withdrawn", "done", "cancelled", "no_show"):
        participation(mission(title="Pas attendue"), me, state=state)
    participation(mission(title="Quelqu'un d'autre"), state="accepted")

    answer = Client().get(open_address(me))

    uids = {event["uid"] for event in events(answer.content)}
    assert uids == {f"participation-{pk}@testserver" for pk in expected}
    assert b"Pas attendue" not in answer.content and b"autre" not in answer.content
    assert not answer.cookies and answer["Cache-Control"] == "private, max-age=900" and answer["X-Robots-Tag"] == "noindex"
    assert Calendar.from_ical(answer.content)["x-wr-calname"] == "Mes missions"


def test_the_address_is_long_and_not_written_in_the_database():
    me = volunteer()
    token = open_address(me).removeprefix("/calendrier/").removesuffix(".ics")

    kept = CalendarAddress.objects.get(person=me)
    assert len(token) == 40 and token not in (kept.seed, kept.digest)
    assert kept.digest == hashlib.sha256(token.encode()).hexdigest()
    assert [field for field in Entry.objects.values() if token in str(field)] == [], "nor in the history"


def test_a_changed_address_closes_the_former_one_at_once():
    me = volunteer()
    first, second = open_address(me), open_address(me)

    assert first != second and Client().get(first).status_code == 404 and Client().get(second).status_code == 200


def test_a_closed_address_opens_nothing():
    me = volunteer()
    url = open_address(me)

    client_of(me).post(PAGE, {"faire": "fermer"})

    assert Client().get(url).status_code == 404 and not CalendarAddress.objects.exists()
    assert "Créer mon adresse" in client_of(me).get(PAGE).content.decode()
    verbs = list(Entry.objects.filter(verb__startswith="missions.calendar").order_by("id").values_list("verb", flat=True))
    assert verbs == ["missions.calendar.open", "missions.calendar.close"]


def test_reading_the_page_makes_no_address_and_nonsense_changes_nothing():
    me = volunteer()
    browser = client_of(me)
    browser.get(PAGE)

    assert browser.post(PAGE, {"faire": "n'importe quoi"}).status_code == 302
    assert not CalendarAddress.objects.exists()


def test_an_unchanged_calendar_costs_its_reader_nothing_and_a_changed_one_is_sent():
    made = participation(state="accepted")
    url, browser = open_address(made.person), Client()
    first = browser.get(url)

    again = browser.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    fire(PARTICIPATION, made, "withdraw", actor=actor(made.person), answers={"reason": "other"})
    changed = browser.get(url, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200 and events(changed.content) == []


def test_the_calendar_speaks_its_owner_language():
    me = volunteer()
    Account.objects.filter(person=me).update(language="en")
    participation(mission(presence="remote"), me, state="accepted")

    (event,) = events(Client().get(open_address(me)).content)
    assert event["location"] == "Remote"


def test_a_closed_account_has_no_calendar():
    me = volunteer()
    url = open_address(me)
    me.account.is_active = False
    me.account.save()

    assert Client().get(url).status_code == 404


def test_a_program_that_asks_without_end_is_told_to_wait(monkeypatch):
    url = open_address(volunteer())
    monkeypatch.setattr(views, "CALENDAR", replace(CALENDAR, most=2))
    answers = [Client().get(url) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) > 0 and not answers[2].cookies


def test_guessing_addresses_is_counted(monkeypatch):
    from renfort.jobs.catalogue import Limit, Per
    from renfort.missions.views import calendar

    monkeypatch.setattr(
        calendar, "CALENDAR_UNKNOWN", Limit(name="calendar-unknown", what="x", per=Per.NETWORK, most=2, seconds=3600)
    )
    statuses = [Client().get(f"/calendrier/{'é' * 30}{n}.ics").status_code for n in range(3)]

    assert statuses == [404, 404, 429]


def test_the_calendar_costs_the_same_for_one_mission_and_for_twenty():
    counts = []
    for number in (1, 20):
        me = volunteer()
        for _ in range(number):
            participation(mission(organisation()), me, state="accepted")
        url = open_address(me)
        with CaptureQueriesContext(connection) as queries:
            assert len(events(Client().get(url).content)) == number
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_manager_who_is_no_volunteer_has_no_calendar():
    assert client_of(manager()).get(PAGE).status_code == 404


def test_the_stamp_of_an_event_is_of_its_last_decision():
    """Nothing of the moment of reading is in the file: it would change at each."""
    made = participation(state="accepted", decided_at=datetime(2026, 3, 1, 12, tzinfo=UTC))

    assert read(made).decoded("dtstamp") - datetime(2026, 3, 1, 12, tzinfo=UTC) == timedelta(0)
