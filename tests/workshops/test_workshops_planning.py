"""Directory, answers to invitations, places taken over, calendars, figures that open their rows (W2, W4, W12)."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from html import unescape
from threading import Barrier, current_thread, main_thread

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from icalendar import Calendar
from tests.factories import at_hour, client_of
from tests.factories.time import at
from tests.factories.workshops import acting, assignment, enrolment, facilitator, open_programme, session
from tests.missions.test_race import at_once, kinds
from tests.workshops.test_workshops_pages import cost
from tests.workshops.test_workshops_sessions import facts_of

from renfort.kernel.firing import Refused, Stale, fire, fire_due
from renfort.notifications.models import Notice, Outgoing
from renfort.organisations.enums import Role
from renfort.organisations.models import Grant
from renfort.territories.models import Commune, Postcode
from renfort.workshops.enums import Audience, Kind
from renfort.workshops.models import Enrolment, Facilitator, Invitee, Replacement
from renfort.workshops.selectors.calendar import calendar_url
from renfort.workshops.selectors.compliance import missing
from renfort.workshops.selectors.directory import NEAR, Wanted, conforming, search
from renfort.workshops.selectors.invitations import own_invitations
from renfort.workshops.selectors.links import link_of
from renfort.workshops.selectors.places import distance
from renfort.workshops.services import replacements as service
from renfort.workshops.services.calendar import close_calendar, open_calendar
from renfort.workshops.services.enrolments import enrol
from renfort.workshops.services.invitations import decline, invite_people, remind_of_invitations
from renfort.workshops.services.replacements import propose_place, take_place
from renfort.workshops.services.sessions import change_session, invite, revoke_link
from renfort.workshops.workflow import REPLACEMENT, SESSION

BORDEAUX, PESSAC, PARIS = (44.8378, -0.5792), (44.8067, -0.6311), (48.8566, 2.3522)


def towns():
    """Three communes with their postcodes."""
    for code, name, department, postcode, (latitude, longitude) in (
        ("33063", "Bordeaux", "33", "33000", BORDEAUX), ("33318", "Pessac", "33", "33600", PESSAC),
        ("75056", "Paris", "75", "75001", PARIS),
    ):  # fmt: skip
        commune, _new = Commune.objects.get_or_create(
            code=code,
            defaults={
                "name": name, "department_id": department, "population": 1000, "latitude": latitude, "longitude": longitude,
            },
        )  # fmt: skip
        Postcode.objects.get_or_create(code=postcode, commune=commune)


def able(where="33000", **facts):
    made = facilitator(**facts)
    made.person.postcode = where
    made.person.save(update_fields=["postcode"])
    return made


def as_facilitator(someone):
    return acting(someone, Role.FACILITATOR)


@pytest.fixture
def scene(db):
    """A session of a company in Bordeaux, with who coordinates it."""
    leader = facilitator()
    one = session(assignment("awarded", by=leader, audience="company"), leads=2)
    return leader, one, f"/ateliers/missions/{one.assignment_id}/sessions/{one.pk}/"


# ── the directory (W4) ────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
@pytest.mark.parametrize("audience", [*Audience])
def test_the_database_and_the_page_agree_on_who_conforms(audience):
    """The same rule asked of all at once and of one: no difference for any level, document and kind of session."""
    day = timezone.localdate()
    people = [facilitator(level, compliant=full) for level in ("white", "yellow", "orange", "green", "blue") for full in (0, 1)]
    for kind in Kind:
        found = conforming(Facilitator.objects.all(), audience=audience, what=kind, day=day)
        assert set(found) == {each for each in people if not missing(each, audience=audience, what=kind, on=day)}, kind


@pytest.mark.django_db
def test_the_directory_finds_by_name_level_language_distance_and_hours(scene):
    _leader, one, _url = scene
    towns()
    near, away, far = able("33000", last_name="Zénaïdovitch"), able("33600", level="blue"), able("75001")
    english, busy, gone = able("33000"), able("33000"), able("33000")
    Facilitator.objects.filter(pk=english.pk).update(languages=["fr", "en"])
    enrolment(session(assignment("awarded")), busy)
    Grant.objects.filter(person=gone.person).update(valid_until=timezone.now())

    def numbers(**said):
        found, _near = search(Wanted(**said))
        return list(found if isinstance(found, list) else found.values_list("pk", flat=True))

    assert numbers(words="Zénaïdov") == [near.pk]
    assert gone.pk not in numbers()
    assert away.pk in numbers(level="blue") and near.pk not in numbers(level="blue")
    assert numbers(language="en") == [english.pk]
    around = numbers(middle=BORDEAUX, kilometres=20, sort=NEAR)
    assert around[-1] == away.pk and far.pk not in around and {near.pk, english.pk, busy.pk} <= set(around)
    assert busy.pk not in numbers(free_of=one) and near.pk in numbers(free_of=one)
    assert round(distance(BORDEAUX, PARIS)) == 499


@pytest.mark.django_db
def test_the_coordinator_invites_many_at_once_without_reading_an_address(scene):
    leader, _one, url = scene
    towns()
    first, second, beginner = able(), able("33600"), able(level="white", compliant=False)
    browser = client_of(leader.person)

    page = unescape(browser.get(f"{url}annuaire/?km=20&tri=distance").content.decode())

    assert first.person.full_name in page and beginner.person.full_name not in page
    assert first.person.account.email not in page and first.person.email not in page
    assert "Conformes ce jour-là" in page and "À moins de 20 km" in page
    assert beginner.person.full_name in unescape(browser.get(f"{url}annuaire/?conforme=non").content.decode())

    answer = browser.post(f"{url}annuaire/", {"qui": [first.pk, second.pk, "x", "9" * 30]})
    assert answer.status_code == 302
    assert set(Invitee.objects.values_list("email", flat=True)) == {each.person.account.email for each in (first, second)}
    assert Outgoing.objects.filter(message="workshops.session.invited").count() == 2
    assert browser.post(f"{url}annuaire/", {}).status_code == 409
    assert "Invité·e" in browser.get(f"{url}annuaire/").content.decode()


@pytest.mark.django_db
def test_the_directory_costs_the_same_for_one_and_twenty_people(scene):
    leader, _one, url = scene
    towns()
    browser = client_of(leader.person)
    able()
    before = cost(browser, f"{url}annuaire/?km=100&tri=distance&libre=oui")
    for _ in range(19):
        able()

    assert cost(browser, f"{url}annuaire/?km=100&tri=distance&libre=oui") == before


# ── answers (W12) ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_an_invitation_is_accepted_or_declined_from_ones_own_space(scene):
    leader, one, url = scene
    yes, no = able(), able()
    invite_people(actor=acting(leader, Role.COORDINATOR), session=one, people=[yes.pk, no.pk])
    mine = client_of(yes.person)

    page = unescape(mine.get("/ateliers/animation/").content.decode())
    assert "On vous invite à animer" in page
    one.refresh_from_db()
    invited = own_invitations(as_facilitator(yes)).get()
    assert mine.post(link_of(one), {"seat": "lead"}).status_code == 302
    assert "On vous invite" not in unescape(mine.get("/ateliers/animation/").content.decode())

    refusing = client_of(no.person)
    asked = own_invitations(as_facilitator(no)).get()
    assert refusing.post(f"/ateliers/animation/invitations/{invited.pk}/decliner/").status_code == 404, "somebody else's"
    assert refusing.post(f"/ateliers/animation/invitations/{asked.pk}/decliner/").status_code == 302
    assert Notice.objects.filter(person=leader.person, message="workshops.invitee.declined").count() == 1
    shown = unescape(client_of(leader.person).get(url).content.decode())
    assert "A décliné" in shown
    assert refusing.post(f"/ateliers/animation/invitations/{asked.pk}/decliner/").status_code == 404


@pytest.mark.django_db
def test_who_does_not_answer_is_reminded_once_and_by_day(scene):
    leader, one, _url = scene
    silent, declined, enrolled = able(), able(), able()
    who = acting(leader, Role.COORDINATOR)
    invite_people(actor=who, session=one, people=[silent.pk, declined.pk, enrolled.pk])
    one.refresh_from_db()
    decline(actor=as_facilitator(declined), number=own_invitations(as_facilitator(declined)).get().pk)
    enrolment(one, enrolled)
    noon = at_hour(11)

    assert remind_of_invitations(noon) == 0, "too soon"
    later = noon + timedelta(days=4)
    with at(later):
        assert remind_of_invitations(later.replace(hour=23)) == 0, "at night"
        assert [remind_of_invitations(later.replace(hour=12)) for _ in range(2)] == [1, 0]
    assert Outgoing.objects.get(message="workshops.session.invited_again").address == silent.person.account.email


@pytest.mark.django_db
def test_a_link_that_was_revoked_invites_nobody_any_more(scene):
    leader, one, _url = scene
    invited, who = able(), acting(leader, Role.COORDINATOR)
    invite(actor=who, session=one, addresses=[invited.person.account.email.upper()])
    assert own_invitations(as_facilitator(invited)).count() == 1

    revoke_link(actor=who, session=one)

    assert own_invitations(as_facilitator(invited)).count() == 0


# ── a place taken over (W12) ──────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_a_place_goes_to_another_in_two_steps(scene):
    leader, one, _url = scene
    former, other = able(), able()
    mine = enrolment(one, former)
    browser = client_of(former.person)
    assert other.person.full_name in unescape(
        browser.get(f"/ateliers/animation/sessions/{mine.pk}/remplacement/").content.decode()
    )

    answer = browser.post(f"/ateliers/animation/sessions/{mine.pk}/remplacement/", {"to": other.pk, "words": "Un empêchement."})

    assert answer.status_code == 302
    mine.refresh_from_db()
    assert mine.state == "enrolled", "it stays one's own until somebody takes it"
    asked = Replacement.objects.get()
    assert "Un empêchement." in Outgoing.objects.get(message="workshops.replacement.proposed", person=other.person).text
    assert "proposé à vous" in unescape(client_of(other.person).get("/ateliers/animation/").content.decode())
    assert client_of(able().person).get(f"/ateliers/animation/remplacements/{asked.pk}/").status_code == 404

    assert client_of(other.person).post(f"/ateliers/animation/remplacements/{asked.pk}/").status_code == 302

    states = dict(Enrolment.objects.filter(session=one).values_list("facilitator", "state"))
    assert states == {former.pk: "withdrawn", other.pk: "enrolled"}
    asked.refresh_from_db()
    assert (asked.state, asked.made.facilitator_id) == ("accepted", other.pk)
    told = Outgoing.objects.filter(message="workshops.replacement.taken").values_list("person", flat=True)
    assert set(told) == {former.person.pk, leader.person.pk}


@pytest.mark.django_db
def test_only_who_conforms_and_is_free_is_proposed_or_takes_it(scene):
    _leader, one, _url = scene
    former, beginner, busy = able(), able(level="white", compliant=False), able()
    mine = enrolment(one, former)
    enrolment(session(assignment("awarded")), busy)
    actor = as_facilitator(former)

    with pytest.raises(Refused, match="Niveau demandé"):
        propose_place(actor=actor, enrolment=mine, to=beginner)
    with pytest.raises(Refused, match="anime déjà une session"):
        propose_place(actor=actor, enrolment=mine, to=busy)
    with pytest.raises(Refused, match="c'est vous"):
        propose_place(actor=actor, enrolment=mine, to=former)
    with pytest.raises(PermissionDenied):
        propose_place(actor=as_facilitator(busy), enrolment=mine, to=former)
    asked = propose_place(actor=actor, enrolment=mine, to=None)
    with pytest.raises(Refused, match="déjà cette place"):
        propose_place(actor=actor, enrolment=mine, to=None)
    for who, sentence in ((beginner, "Niveau demandé"), (busy, "déjà une autre session")):
        with pytest.raises(Refused, match=sentence):
            take_place(actor=as_facilitator(who), replacement=asked)
    with pytest.raises(PermissionDenied):
        take_place(actor=actor, replacement=asked)
    mine.refresh_from_db()
    assert mine.state == "enrolled", "nothing half done"


@pytest.mark.django_db
def test_a_place_that_nobody_takes_lapses_and_one_that_is_declined_comes_back(scene):
    _leader, one, _url = scene
    former, other = able(), able()
    mine = enrolment(one, former)
    asked = propose_place(actor=as_facilitator(former), enrolment=mine, to=other)
    fire(REPLACEMENT, asked, "decline", actor=as_facilitator(other))
    assert Outgoing.objects.filter(message="workshops.replacement.declined", person=former.person).exists()
    again = propose_place(actor=as_facilitator(former), enrolment=mine, to=None)

    assert fire_due(timezone.now(), flows=[REPLACEMENT]) == 0
    with at(one.starts_at + timedelta(minutes=1)):
        assert fire_due(timezone.now(), flows=[REPLACEMENT]) == 1
    again.refresh_from_db()
    assert again.state == "lapsed"


def several_take(people):
    """So many would take one place of a session that has a second one."""
    one = session(assignment("awarded"), leads=2)
    mine = enrolment(one)
    asked = propose_place(actor=as_facilitator(mine.facilitator), enrolment=mine, to=None)
    actors = [as_facilitator(facilitator()) for _ in range(people)]
    outcomes = at_once(*(lambda who=who: take_place(actor=who, replacement=asked) for who in actors))
    return Enrolment.objects.filter(session=one, state="enrolled").count(), outcomes


@pytest.mark.race
def test_of_several_who_would_take_a_place_one_does(own_database):
    open_programme()
    taken, outcomes = several_take(6)

    assert taken == 1
    assert kinds(outcomes) == {"Enrolment": 1, "Refused": 5}


@pytest.mark.race
def test_without_the_locks_two_take_it(own_database, monkeypatch):
    """The control: nothing held, and a step that has been done already passed over."""
    open_programme()
    together = Barrier(2, timeout=60)

    def unheld(row):
        found = type(row)._base_manager.get(pk=row.pk)
        if isinstance(row, Enrolment) and current_thread() is not main_thread():
            together.wait()  # both have read the place before either has taken it
        return found

    def careless(flow, obj, name, *, actor):
        with suppress(Stale):
            fire(flow, obj, name, actor=actor)

    monkeypatch.setattr(service, "hold_row", unheld)
    monkeypatch.setattr(service, "fire", careless)
    taken, _outcomes = several_take(2)

    assert taken == 2


# ── calendars (W12) ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_the_calendar_is_read_at_its_address_alone_and_no_longer_once_closed(scene):
    _leader, one, _url = scene
    mine = enrolment(one)
    who = as_facilitator(mine.facilitator)
    open_calendar(actor=who)
    url = calendar_url(mine.facilitator_id).partition("//")[2].partition("/")[2]

    answer = client_of(None).get(f"/{url}")

    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(event["uid"]).partition("@")[0] for event in events] == [f"enrolment-{mine.pk}"]
    assert events[0].decoded("dtstart") == one.starts_at and not answer.cookies
    assert client_of(None).get(f"/{url}", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    open_calendar(actor=who)
    assert client_of(None).get(f"/{url}").status_code == 404, "another address shuts the former"
    assert close_calendar(actor=who) is True and calendar_url(mine.facilitator_id) == ""


# ── figures, month, map (W2) ──────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_each_figure_opens_exactly_its_rows(scene):
    leader, one, _url = scene
    what = one.assignment
    past = session(what, day=-3, state="held", leads=2)
    enrolment(past, state="done")
    enrolment(past, state="done", seat="co_lead")
    enrolment(past, state="absent")
    enrolment(one)
    enrolment(one, seat="observer")
    browser = client_of(leader.person)
    page = browser.get(f"/ateliers/missions/{what.pk}/")
    figure = page.context["progress"].figures[0]

    for query, number in ((f"?type={figure.kind}", figure.planned), (f"?type={figure.kind}&voir=faits", figure.done)):
        url = f"/ateliers/missions/{what.pk}/services/{query}"
        assert query.replace("&", "&amp;") in page.content.decode()
        assert len(browser.get(url).context["rows"]) == number
    assert (figure.planned, figure.done) == (2, 1)


@pytest.mark.django_db
def test_the_month_shows_its_sessions_on_their_day_and_on_a_map_beside_a_list(scene):
    leader, one, _url = scene
    towns()
    browser, url = client_of(leader.person), f"/ateliers/missions/{one.assignment_id}/agenda/"
    page = unescape(browser.get(url).content.decode())
    assert page.count(f"/sessions/{one.pk}/") == 2, "in the month and in the list"
    assert "<circle" in page and "Bordeaux (33000)" in page and "1 session" in page
    assert "Aucune session ce mois-ci" in browser.get(f"{url}?mois=2019-02").content.decode()
    for odd in ("2027-13", "x", "99999-1", "²-1"):
        assert browser.get(url, {"mois": odd}).status_code == 200
    before = cost(browser, url)
    for number in range(19):
        session(one.assignment, day=number + 8)
    assert cost(browser, url) == before


@pytest.mark.django_db
def test_e_mails_carry_the_calendar_file_with_a_higher_sequence_and_take_it_back(scene):
    leader, one, _url = scene
    who, able_one = acting(leader, Role.COORDINATOR), able()
    enrol(actor=as_facilitator(able_one), session=one)
    change_session(actor=who, session=one, facts=facts_of(one, city="Pessac"))
    one.refresh_from_db()
    fire(SESSION, one, "cancel", actor=who, answers={"reason": "Salle fermée."})

    files = [
        Calendar.from_ical(Outgoing.objects.get(message=message, person=able_one.person).calendar)
        for message in ("workshops.enrolment.enrolled", "workshops.session.changed", "workshops.session.cancelled")
    ]
    events = [each.walk("VEVENT")[0] for each in files]
    assert len({str(event["uid"]) for event in events}) == 1
    assert [str(each["method"]) for each in files] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert [str(event["status"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    sequences = [int(event["sequence"]) for event in events]
    assert sequences == sorted(set(sequences))
    assert "Pessac" in str(events[1]["location"])
