"""How people come onto the list of a session, and what they are told (W6)."""

from __future__ import annotations

from datetime import timedelta

import icalendar
import pytest
from django.utils import timezone
from tests.factories import grant, volunteer
from tests.factories.workshops import W, acting, as_person, assignment, facilitator, registration, session, staff
from tests.workshops.test_workshops_registrations import close

from renfort.kernel.actors import ANONYMOUS
from renfort.kernel.firing import NotAllowed, Refused, fire, fire_due
from renfort.notifications.models import Outgoing
from renfort.notifications.services import compose
from renfort.organisations.enums import Role
from renfort.workshops.models import Registration
from renfort.workshops.selectors.join_links import own_link, participant, registration_of_token
from renfort.workshops.services.registrations import Guest, accept, add_guest, invite_guests, join
from renfort.workshops.services.sessions import SessionFacts, change_session
from renfort.workshops.workflow import REGISTRATION, SESSION

pytestmark = pytest.mark.django_db


@pytest.fixture
def able():
    return facilitator()


@pytest.fixture
def one(able):
    return session(assignment("awarded", by=able, audience="company"), participants=2)


@pytest.fixture
def coordinator(able, one):
    return acting(able, Role.COORDINATOR)


def guest(name: str) -> Guest:
    return Guest(email=f"{name}@example.org", first_name=name.title(), last_name="Diallo")


def states(one):
    return dict(one.registrations.values_list("email", "state"))


def letters(address):
    return list(Outgoing.objects.filter(address=address).order_by("id").values_list("message", flat=True))


def facts_of(one, **other):
    start = one.local_start
    given = {
        "kind": one.kind, "presence": one.presence, "language": one.language, "day": start.date(), "starts": start.time(),
        "ends": one.local_end.time(), "zone": one.zone, "participants": one.participants, "leads": one.leads,
        "address": one.address, "postcode": one.postcode, "city": one.city, "video_link": one.video_link,
    }  # fmt: skip
    return SessionFacts(**{**given, **other})


# ── invited ───────────────────────────────────────────────────────────────────────────────────────
def test_each_is_invited_once_whatever_the_capitals_and_who_declined_is_left_alone(one, coordinator):
    registration(one, "declined", email="no@example.org")

    first = invite_guests(actor=coordinator, session=one, guests=[guest("awa"), guest("ada"), guest("awa"), guest("no")])
    again = invite_guests(actor=coordinator, session=one, guests=[guest("awa"), guest("bob")])

    assert (first.sent, first.known) == (2, {"no@example.org": "declined"})
    assert (again.sent, again.known) == (1, {"awa@example.org": "invited"})
    assert letters("awa@example.org") == ["workshops.registration.invited"]
    assert letters("no@example.org") == []


def test_who_coordinates_the_association_and_the_clients_own_contact_invite_and_nobody_else(one, able):
    contact, elsewhere, other = volunteer(), volunteer(), facilitator()
    grant(contact, W, Role.CLIENT_CONTACT, one.assignment.order.client.organisation)
    grant(elsewhere, W, Role.CLIENT_CONTACT, assignment("awarded", by=other).order.client.organisation)

    for number, (who, may) in enumerate([
        (acting(able, Role.COORDINATOR), True), (acting(staff(), Role.ASSOCIATION_STAFF), True), (as_person(contact), True),
        (as_person(elsewhere), False), (acting(other, Role.COORDINATOR), False), (acting(other, Role.FACILITATOR), False),
        (acting(able, Role.FACILITATOR), False), (ANONYMOUS, False),
    ]):  # fmt: skip
        if may:
            assert invite_guests(actor=who, session=one, guests=[guest(f"p{number}")]).sent == 1
        else:
            with pytest.raises(NotAllowed):
                invite_guests(actor=who, session=one, guests=[guest(f"p{number}")])


def test_no_address_is_written_down_for_teaching(able):
    """W6, B.7: pupils are counted, not listed."""
    lesson = session(assignment("awarded", by=able, audience="education"))
    actor = acting(able, Role.COORDINATOR)

    for write in (
        lambda: invite_guests(actor=actor, session=lesson, guests=[guest("awa")]),
        lambda: join(session=lesson, guest=guest("awa")),
        lambda: add_guest(actor=actor, session=lesson, guest=guest("awa")),
    ):
        with pytest.raises(Refused, match="enseignement"):
            write()
    assert add_guest(actor=actor, session=lesson, guest=Guest(first_name="Awa")).email == ""


# ── a seat, or the line ───────────────────────────────────────────────────────────────────────────
def test_a_newcomer_waits_behind_those_who_wait_even_when_a_seat_has_just_been_freed(one, coordinator):
    for name in ("a", "b", "c"):
        join(session=one, guest=guest(name))
    assert states(one) == {"a@example.org": "confirmed", "b@example.org": "confirmed", "c@example.org": "waiting"}

    fire(REGISTRATION, one.registrations.get(email="a@example.org"), "cancel", actor=coordinator)
    join(session=one, guest=guest("d"))
    fire_due(timezone.now(), flows=[REGISTRATION])

    assert states(one)["c@example.org"] == "confirmed"
    assert states(one)["d@example.org"] == "waiting"
    assert letters("c@example.org") == ["workshops.registration.queued", "workshops.registration.seated"]


def test_more_places_seat_those_who_wait_in_their_order(one, coordinator):
    for name in ("a", "b", "c", "d", "e"):
        join(session=one, guest=guest(name))

    change_session(actor=coordinator, session=one, facts=facts_of(one, participants=4))
    fire_due(timezone.now(), flows=[REGISTRATION])

    assert [state for _email, state in sorted(states(one).items())] == ["confirmed"] * 4 + ["waiting"]


def test_a_session_never_has_fewer_places_than_people_confirmed(one, coordinator):
    for name in ("a", "b"):
        join(session=one, guest=guest(name))

    with pytest.raises(Refused, match="2 participant·es sont déjà inscrit·es"):
        change_session(actor=coordinator, session=one, facts=facts_of(one, participants=1))


def test_nothing_tells_whether_an_address_is_known_but_the_e_mail_to_it(one):
    """Requirement of privacy: the same silence, and one e-mail an hour at most however often it is asked."""
    join(session=one, guest=guest("awa"))
    Registration.objects.update(written_at=timezone.now() - timedelta(hours=2))

    for _ in range(3):
        assert join(session=one, guest=guest("awa")) is None

    assert one.registrations.count() == 1
    assert letters("awa@example.org") == ["workshops.registration.confirmed", "workshops.registration.already"]


def test_an_invited_person_says_yes_or_no_by_the_personal_link_and_may_change_their_mind(one, coordinator):
    invite_guests(actor=coordinator, session=one, guests=[Guest(email="awa@example.org")])
    mine = one.registrations.get()
    assert registration_of_token(own_link(mine).split("/")[-2]) == mine

    accept(registration=mine, guest=Guest(first_name="Awa", last_name="Diallo", language="en"))
    mine.refresh_from_db()
    assert (mine.state, mine.full_name, mine.language) == ("confirmed", "Awa Diallo", "en")
    fire(REGISTRATION, mine, "decline", actor=participant(mine))
    accept(registration=mine, guest=Guest())

    mine.refresh_from_db()
    assert (mine.state, mine.full_name) == ("confirmed", "Awa Diallo")


def test_who_holds_one_link_answers_for_nobody_else(one):
    mine, theirs = registration(one), registration(one)

    with pytest.raises(NotAllowed):
        fire(REGISTRATION, theirs, "decline", actor=participant(mine))


# ── once it is over, cancelled or closed ──────────────────────────────────────────────────────────
def test_a_cancelled_session_tells_everybody_and_takes_itself_out_of_the_calendars(one, coordinator):
    for name in ("a", "b", "c"):
        join(session=one, guest=guest(name))
    invite_guests(actor=coordinator, session=one, guests=[guest("d")])

    fire(SESSION, one, "cancel", actor=coordinator, answers={"reason": "Salle inondée."})
    fire_due(timezone.now(), flows=[REGISTRATION])

    assert set(states(one).values()) == {"cancelled"}
    for name in "abcd":
        assert letters(f"{name}@example.org")[-1] == "workshops.registration.called_off"
    sent, taken_out = Outgoing.objects.filter(address="a@example.org").order_by("id")
    before, after = (icalendar.Calendar.from_ical(each.calendar) for each in (sent, taken_out))
    was, now = before.walk("VEVENT")[0], after.walk("VEVENT")[0]
    assert (was["UID"], after["METHOD"], now["STATUS"]) == (now["UID"], "CANCEL", "CANCELLED")
    assert now["SEQUENCE"] > was["SEQUENCE"]
    with pytest.raises(Refused, match="annulée"):
        join(session=one, guest=guest("late"))


def test_who_comes_is_told_what_changes_before_and_after_with_a_newer_file(one, coordinator):
    join(session=one, guest=guest("awa"))
    join(session=one, guest=guest("ada"))
    join(session=one, guest=guest("waits"))
    before = one.words

    change_session(
        actor=coordinator, session=one,
        facts=facts_of(one, day=one.local_start.date() + timedelta(days=1), address="1 rue Neuve"),
    )  # fmt: skip

    letter = Outgoing.objects.get(message="workshops.registration.moved", address="awa@example.org")
    one.refresh_from_db()
    for words in (f"avant : {before}", one.words, "avant : 12 rue des Lilas", "1 rue Neuve"):
        assert words in letter.text.replace("’", "'"), letter.text
    event = icalendar.Calendar.from_ical(letter.calendar).walk("VEVENT")[0]
    first = icalendar.Calendar.from_ical(Outgoing.objects.filter(address="awa@example.org").first().calendar).walk("VEVENT")[0]
    assert event["DTSTART"].dt == one.starts_at
    assert (event["UID"], event["SEQUENCE"] > first["SEQUENCE"]) == (first["UID"], True)
    assert Outgoing.objects.get(message="workshops.registration.moved", address="waits@example.org").calendar == ""


def test_the_file_of_the_calendar_goes_with_the_e_mail(one):
    join(session=one, guest=guest("awa"))

    sent = compose(Outgoing.objects.get(address="awa@example.org"))

    name, content, kind = sent.attachments[0]
    assert (name, kind) == ("agenda.ics", "text/calendar")
    assert "BEGIN:VEVENT" in content


@pytest.mark.parametrize(
    ("hours", "agreed", "reminded"),
    [(30, 100, False), (23, 100, True), (23, 2, False), (-1, 100, False)],
    ids=["not yet", "the day before", "has just enrolled", "has begun"],
)
def test_who_comes_is_reminded_once_the_day_before(able, hours, agreed, reminded):
    one = session(assignment("awarded", by=able, audience="company"), participants=1)
    now = timezone.now()
    type(one).objects.filter(pk=one.pk).update(starts_at=now + timedelta(hours=hours), ends_at=now + timedelta(hours=hours + 3))
    registration(one, agreed_at=now - timedelta(hours=agreed))
    registration(one, "waiting", agreed_at=now - timedelta(hours=agreed))

    for _ in range(2):
        fire_due(now, flows=[REGISTRATION])

    assert Outgoing.objects.filter(message="workshops.registration.reminded").count() == int(reminded)


@pytest.mark.parametrize("state", ["begun", "closed"])
def test_nobody_comes_onto_the_list_of_what_has_begun_or_of_a_closed_mission(able, state):
    mine = assignment("awarded", by=able, audience="company")
    one = session(mine, day=-2 if state == "begun" else 7)
    if state == "closed":
        close(mine)
    actor = acting(able, Role.COORDINATOR)

    for write in (
        lambda: join(session=one, guest=guest("awa")),
        lambda: invite_guests(actor=actor, session=one, guests=[guest("awa")]),
        lambda: add_guest(actor=actor, session=one, guest=guest("awa")),
    ):
        with pytest.raises(Refused):
            write()
    assert not one.registrations.exists()
