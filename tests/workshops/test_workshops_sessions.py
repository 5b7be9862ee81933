"""Sessions and who leads them (W3, W4, W5, W12)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from icalendar import Calendar
from tests.factories import client_of, days
from tests.factories.time import at
from tests.factories.workshops import acting, assignment, document, enrolment, facilitator, session

from renfort.kernel.firing import NotAllowed, Refused, Unanswered, fire
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Role
from renfort.workshops.components.ics import session_file
from renfort.workshops.models import Enrolment, Invitee, Session
from renfort.workshops.selectors.links import link_of, session_of_token
from renfort.workshops.selectors.sessions import enrolments_visible
from renfort.workshops.services.enrolments import enrol
from renfort.workshops.services.sessions import SessionFacts, change_session, invite, open_link, plan_session, revoke_link
from renfort.workshops.workflow import ENROLMENT

pytestmark = pytest.mark.django_db


def facts(**said):
    given = {
        "kind": "workshop", "presence": "on_site", "language": "fr", "day": timezone.localdate() + days(10),
        "starts": time(14), "ends": time(17), "zone": "Europe/Paris", "participants": 14, "leads": 1,
        "address": "3 rue X", "postcode": "33000", "city": "Bordeaux",
    }  # fmt: skip
    return SessionFacts(**{**given, **said})


def facts_of(one, **said):
    names = ("presence", "language", "zone", "participants", "leads", "co_leads", "address", "postcode", "city", "video_link")
    known = {name: getattr(one, name) for name in names}
    known |= {"day": one.local_start.date(), "starts": one.local_start.time(), "ends": one.local_end.time(), "kind": one.kind}
    return SessionFacts(**{**known, **said})


@pytest.fixture
def mission():
    """An assignment for teaching and its coordinator, acting."""
    able = facilitator()
    what = assignment("awarded", by=able)
    return what, acting(able, Role.COORDINATOR)


def as_facilitator(someone):
    return acting(someone, Role.FACILITATOR)


# ── planning (W3) ─────────────────────────────────────────────────────────────────────────────────
def test_a_session_keeps_the_hours_of_its_place(mission):
    what, who = mission

    made = plan_session(actor=who, assignment=what, facts=facts(zone="America/Martinique"))

    assert made.local_start.hour == 14
    assert made.starts_at.astimezone(UTC).hour == 18
    assert made.ends_at - made.starts_at == timedelta(hours=3)


@pytest.mark.parametrize(
    ("day", "starts", "ends", "lasts"),
    [
        (date(2027, 3, 28), time(1), time(4), 2),  # the night has an hour less
        (date(2027, 10, 31), time(1), time(4), 4),  # and one more
        (date(2027, 6, 1), time(22), time(1), 3),  # past midnight
    ],
)
def test_the_two_change_days_and_midnight_are_right(day, starts, ends, lasts):
    first, last = facts(day=day, starts=starts, ends=ends).moments()

    assert last - first == timedelta(hours=lasts)


def test_an_hour_that_does_not_exist_is_refused(mission):
    what, who = mission

    with pytest.raises(Refused, match="n'existe pas ce jour-là"):
        plan_session(actor=who, assignment=what, facts=facts(day=date(2027, 3, 28), starts=time(2, 30), ends=time(5)))


def test_an_hour_that_comes_twice_is_the_first():
    first, _last = facts(day=date(2027, 10, 31), starts=time(2, 30), ends=time(5)).moments()

    assert first == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"day": date(2020, 1, 1)}, "Le début est passé"),
        ({"leads": 0}, "au moins une place"),
        ({"kind": "training", "coaches": 1}, "n'a pas d'accompagnement"),
        ({"address": "", "city": "", "postcode": ""}, "Donnez le lieu"),
        ({"ends": time(13)}, "au plus douze heures"),
    ],
)
def test_what_cannot_be_is_refused_in_words(mission, said, sentence):
    what, who = mission

    with pytest.raises(Refused, match=sentence):
        plan_session(actor=who, assignment=what, facts=facts(**said))
    assert not Session.objects.exists()


@pytest.mark.parametrize("state", ["draft", "offered", "closed"])
def test_only_a_mission_under_way_gets_sessions(state):
    from tests.factories.workshops import staff

    what, chief = assignment(state), acting(staff(), Role.ASSOCIATION_STAFF)

    with pytest.raises(Refused):
        plan_session(actor=chief, assignment=what, facts=facts())


def test_a_facilitator_plans_nothing(mission):
    what, _who = mission

    with pytest.raises(NotAllowed):
        plan_session(actor=as_facilitator(facilitator()), assignment=what, facts=facts())


def test_moving_a_session_moves_those_on_it_and_tells_them(mission):
    what, who = mission
    one, helper = session(what), facilitator()
    on = enrolment(one, helper)

    change_session(actor=who, session=one, facts=facts_of(one, day=one.local_start.date() + days(1)))

    moved = Enrolment.objects.get(pk=on.pk)
    assert moved.starts_at == Session.objects.get(pk=one.pk).starts_at == one.starts_at + days(1)
    letter = Outgoing.objects.get(message="workshops.session.changed")
    assert letter.address == helper.person.account.email
    assert one.words in letter.text  # as it was
    assert f"/ateliers/animation/sessions/{on.pk}/" in letter.text


def test_more_participants_tell_nobody(mission):
    what, who = mission
    one = session(what)
    enrolment(one)

    change_session(actor=who, session=one, facts=facts_of(one, participants=20))

    assert not Outgoing.objects.filter(message="workshops.session.changed").exists()


def test_a_session_is_not_moved_onto_another_one_of_who_leads_it(mission):
    what, who = mission
    helper = facilitator(first_name="Zoé", last_name="Prise")
    one, other = session(what, day=7), session(what, day=8)
    enrolment(one, helper)
    enrolment(other, helper)

    with pytest.raises(Refused, match="Zoé Prise"):
        change_session(actor=who, session=one, facts=facts_of(one, day=one.local_start.date() + days(1)))


def test_places_do_not_go_below_those_taken(mission):
    what, who = mission
    one = session(what, leads=2)
    enrolment(one)
    enrolment(one)

    with pytest.raises(Refused, match="2 places sont déjà prises"):
        change_session(actor=who, session=one, facts=facts_of(one, leads=1))


# ── enrolling (W4) ────────────────────────────────────────────────────────────────────────────────
def test_who_conforms_enrols_and_is_told(mission):
    what, _who = mission
    one, helper = session(what), facilitator("yellow")

    made = enrol(actor=as_facilitator(helper), session=one)

    assert (made.state, made.seat, made.standing) == ("enrolled", "lead", "paid")
    assert Outgoing.objects.get(message="workshops.enrolment.enrolled").address == helper.person.account.email


@pytest.mark.parametrize(
    ("audience", "level", "compliant", "reasons"),
    [
        ("education", "white", True, ["Niveau demandé : Ceinture jaune au moins (ici : Ceinture blanche)."]),
        ("education", "yellow", False, []),  # nothing more than the level is asked
        ("company", "orange", True, ["Niveau demandé : Ceinture verte au moins (ici : Ceinture orange)."]),
        ("company", "green", False, [
            "Convention-cadre et mandat de facturation : manque.", "Justificatif d'activité (SIRET) : manque.",
            "Attestation de vigilance : manque.", "Assurance responsabilité civile : manque.",
        ]),
        ("inter_company", "green", True, ["Niveau demandé : Ceinture bleue au moins (ici : Ceinture verte)."]),
    ],
)  # fmt: skip
def test_who_does_not_conform_is_told_each_reason(audience, level, compliant, reasons):
    one = session(assignment("awarded", audience=audience, by=facilitator("blue")))
    helper = facilitator(level, compliant=compliant)

    if not reasons:
        assert enrol(actor=as_facilitator(helper), session=one).state == "enrolled"
        return
    with pytest.raises(Refused) as refused:
        enrol(actor=as_facilitator(helper), session=one)
    assert refused.value.sentences == reasons


@pytest.mark.parametrize(("until", "passes"), [(6, False), (7, True)])
def test_a_document_counts_on_the_day_of_the_session(until, passes):
    """It must be valid on that day, the last day included."""
    one = session(assignment("awarded", audience="company"), day=7)
    helper = facilitator("green")
    helper.documents.filter(kind="vigilance").delete()
    document(helper, "vigilance", until=until)

    if passes:
        assert enrol(actor=as_facilitator(helper), session=one).state == "enrolled"
    else:
        with pytest.raises(Refused, match="plus valable à cette date"):
            enrol(actor=as_facilitator(helper), session=one)


def test_a_full_part_is_refused_and_another_may_be_free(mission):
    what, _who = mission
    one = session(what, leads=1, co_leads=1)
    enrolment(one)
    helper = as_facilitator(facilitator())

    with pytest.raises(Refused, match="plus de place"):
        enrol(actor=helper, session=one)
    assert enrol(actor=helper, session=one, seat="co_lead").seat == "co_lead"


def test_nobody_is_twice_on_a_session(mission):
    what, _who = mission
    one, helper = session(what, leads=2), facilitator()
    enrol(actor=as_facilitator(helper), session=one)

    with pytest.raises(Refused, match="déjà sur cette session"):
        enrol(actor=as_facilitator(helper), session=one)


@pytest.mark.parametrize(("hour", "passes"), [(11, False), (14, False), (15, True), (9, True)])
def test_nobody_is_in_two_places_at_once(mission, hour, passes):
    """One that begins as the other ends is possible; the database itself refuses the rest."""
    what, _who = mission
    helper = facilitator()
    enrolment(session(what, hour=12, lasts=3), helper)
    other = session(assignment("awarded"), hour=hour, lasts=3)

    if passes:
        assert enrol(actor=as_facilitator(helper), session=other).state == "enrolled"
        return
    with pytest.raises(Refused, match="déjà une autre session"):
        enrol(actor=as_facilitator(helper), session=other)
    with pytest.raises(IntegrityError, match="one_place_at_a_time"), transaction.atomic():
        enrolment(other, helper)


def test_the_hours_of_an_enrolment_are_those_of_its_session(mission):
    what, _who = mission
    one = session(what)

    with pytest.raises(IntegrityError, match="workshops_enrolment_hours"), transaction.atomic():
        enrolment(Session(pk=one.pk, starts_at=one.starts_at - days(1), ends_at=one.ends_at))


def test_who_leaves_frees_the_place_and_may_come_back(mission):
    what, _who = mission
    one, helper = session(what), facilitator()
    who = as_facilitator(helper)
    first = enrol(actor=who, session=one)

    fire(ENROLMENT, first, "withdraw", actor=who)
    again = enrol(actor=who, session=one)

    assert again.pk != first.pk
    coordinator = what.coordinator.person.account.email
    assert Outgoing.objects.get(message="workshops.enrolment.left").address == coordinator


@pytest.mark.parametrize("state", ["cancelled", "held"])
def test_a_session_that_is_not_to_come_takes_nobody(mission, state):
    what, _who = mission
    extra = {"cancelled_at": timezone.now()} if state == "cancelled" else {}

    with pytest.raises(Refused):
        enrol(actor=as_facilitator(facilitator()), session=session(what, state=state, **extra))


def test_a_session_that_has_begun_takes_nobody(mission):
    what, _who = mission
    one = session(what)

    with at(one.starts_at), pytest.raises(Refused, match="a commencé"):
        enrol(actor=as_facilitator(facilitator()), session=one)


# ── standing (W5) ─────────────────────────────────────────────────────────────────────────────────
def test_the_coordinator_changes_a_standing_and_the_history_keeps_each(mission):
    what, who = mission
    on = enrolment(session(what))

    for standing in ("internal", "volunteer"):
        on = fire(ENROLMENT, on, "change_standing", actor=who, answers={"standing": standing})

    assert on.standing == "volunteer"
    from renfort.audit.models import Entry

    kept = (
        Entry.objects.filter(verb="workshops.enrolment.change_standing").order_by("id").values_list("codes__standing", flat=True)
    )
    assert list(kept) == ["internal", "volunteer"]


def test_volunteer_is_for_teaching_alone():
    able = facilitator()
    on = enrolment(session(assignment("awarded", audience="company", by=able)))

    with pytest.raises(Unanswered, match="enseignement"):
        fire(ENROLMENT, on, "change_standing", actor=acting(able, Role.COORDINATOR), answers={"standing": "volunteer"})


def test_nobody_changes_one_s_own_standing(mission):
    what, _who = mission
    helper = facilitator()
    on = enrolment(session(what), helper)

    with pytest.raises(NotAllowed):
        fire(ENROLMENT, on, "change_standing", actor=as_facilitator(helper), answers={"standing": "internal"})


def test_a_facilitator_knows_of_nobody_else_s_place(mission):
    what, _who = mission
    one, helper = session(what, leads=2), facilitator()
    mine = enrolment(one, helper)
    enrolment(one)

    assert list(enrolments_visible(as_facilitator(helper))) == [mine]


# ── inviting (W4) ─────────────────────────────────────────────────────────────────────────────────
def test_a_link_opens_until_it_is_revoked_or_renewed(mission):
    what, who = mission
    one = open_link(actor=who, session=session(what))
    token = link_of(one).split("/")[-2]
    assert session_of_token(token) == one

    renewed = open_link(actor=who, session=one)
    assert session_of_token(token) is None

    again = link_of(renewed).split("/")[-2]
    revoke_link(actor=who, session=renewed)
    assert session_of_token(again) is None
    assert session_of_token("") is None


def test_many_are_invited_at_once_and_each_once(mission):
    what, who = mission
    one, known = session(what), facilitator()
    addresses = [known.person.account.email.upper(), "b@example.org", "b@example.org"]

    assert invite(actor=who, session=one, addresses=addresses) == 2
    assert invite(actor=who, session=one, addresses=["b@example.org"]) == 0

    assert Invitee.objects.filter(session=one).count() == 2
    letters = Outgoing.objects.filter(message="workshops.session.invited")
    assert letters.count() == 2
    assert all(link_of(Session.objects.get(pk=one.pk)) in letter.text for letter in letters)


# ── calendar ──────────────────────────────────────────────────────────────────────────────────────
def test_the_calendar_file_tells_the_hours_and_takes_itself_back(mission):
    what, who = mission
    helper = facilitator()
    on = enrolment(session(what), helper)

    def event():
        found = enrolments_visible(as_facilitator(helper)).get(pk=on.pk)
        return next(each for each in Calendar.from_ical(session_file(found)).walk("VEVENT"))

    before = event()
    assert before.decoded("dtstart") == on.starts_at
    change_session(actor=who, session=on.session, facts=facts_of(on.session, day=on.session.local_start.date() + days(2)))
    moved = event()
    assert (moved["uid"], moved.decoded("dtstart")) == (before["uid"], on.starts_at + days(2))
    assert moved["sequence"] > before["sequence"]
    fire(ENROLMENT, Enrolment.objects.get(pk=on.pk), "withdraw", actor=as_facilitator(helper))
    gone = event()
    assert (gone["status"], gone["sequence"] > moved["sequence"]) == ("CANCELLED", True)


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────
def test_the_link_says_why_to_who_does_not_conform_and_what_to_do_to_who_is_no_facilitator(mission):
    what, who = mission
    one = open_link(actor=who, session=session(what))
    beginner = facilitator("white")

    page = client_of(beginner.person).get(link_of(one))
    assert page.status_code == 200
    assert "Ceinture jaune au moins" in page.content.decode()
    posted = client_of(beginner.person).post(link_of(one), {"seat": "lead"})
    assert posted.status_code == 409
    assert not Enrolment.objects.exists()

    from tests.factories import volunteer

    assert client_of(volunteer()).get(link_of(one)).status_code == 403
