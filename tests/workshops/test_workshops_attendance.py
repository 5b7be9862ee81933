"""The day of a session: who is marked by whom and when, once; numbers, signatures, and what is complete (W6, W10)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests.factories.time import at, at_hour
from tests.factories.workshops import acting, assignment, enrolment, facilitator, registration, session, staff

from renfort.audit.models import Entry
from renfort.kernel.actors import SERVICE
from renfort.kernel.firing import NotAllowed, Refused, fire, fire_due
from renfort.organisations.enums import Role
from renfort.parameters.catalogue import ATTENDANCE_DAYS
from renfort.parameters.services import set_value
from renfort.workshops.models import Assignment, Headcount, Mark, Registration, RollCall, Session, Signature
from renfort.workshops.selectors.attendance import (
    attendance_settled,
    code_of,
    halves_of,
    session_of_code,
    sessions_to_call,
    tally_of,
)
from renfort.workshops.services import attendance as day
from renfort.workshops.services.attendance import Arrival, Tap
from renfort.workshops.workflow import REGISTRATION

pytestmark = pytest.mark.django_db
HAND = "M10 10 L20 20 L30 30 L40 20 L50 10 L60 20"


def now_session(what, *, starts=-60, lasts=180, **facts):
    """A session that began so many minutes ago."""
    starts_at = timezone.now() + timedelta(minutes=starts)
    return session(what, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=lasts), **facts)


@pytest.fixture
def room():
    """A session under way with its coordinator, one facilitator on it and the association, each acting."""
    able, helper = facilitator(), facilitator()
    one = now_session(assignment("awarded", by=able))
    enrolment(one, helper)
    return one, {
        "coordinator": acting(able, Role.COORDINATOR),
        "facilitator": acting(helper, Role.FACILITATOR),
        "staff": acting(staff(), Role.ASSOCIATION_STAFF),
    }


def tap(someone, act="present", **said):
    return Tap(**{"key": uuid4(), "registration": someone.pk, "act": act, "at": timezone.now(), **said})


def state_of(someone):
    return Registration.objects.get(pk=someone.pk).state


# ── who marks ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("who", ["coordinator", "facilitator", "staff"])
def test_those_of_the_session_mark_with_the_time_of_the_tap(room, who):
    one, actors = room
    awa, tapped = registration(one), timezone.now() - timedelta(minutes=40)

    said = day.mark(actor=actors[who], session=one, tap=tap(awa, at=tapped))

    awa.refresh_from_db()
    assert (said.outcome, awa.state) == ("done", "present")
    assert awa.scanned_at == tapped < awa.marked_at
    assert awa.marked_by_id == actors[who].person_id
    assert Mark.objects.get().scanned_at == tapped
    assert Entry.objects.filter(verb="workshops.registration.mark", object_id=awa.pk).exists()


def test_others_mark_nobody(room):
    one, _actors = room
    awa, left = registration(one), facilitator()
    enrolment(one, left, state="withdrawn")
    strangers = [acting(facilitator(), Role.FACILITATOR), acting(left, Role.FACILITATOR)]
    elsewhere = facilitator()
    assignment("awarded", by=elsewhere)
    strangers.append(acting(elsewhere, Role.COORDINATOR))

    for who in strangers:
        assert one not in sessions_to_call(who)
        with pytest.raises(NotAllowed):
            day.mark(actor=who, session=one, tap=tap(awa))
    assert state_of(awa) == "confirmed"


def test_a_facilitator_takes_back_the_own_marks_alone(room):
    one, actors = room
    mine, theirs = registration(one), registration(one)
    day.mark(actor=actors["facilitator"], session=one, tap=tap(mine))
    day.mark(actor=actors["coordinator"], session=one, tap=tap(theirs))

    back = day.mark(actor=actors["facilitator"], session=one, tap=tap(mine, "taken_back"))
    kept = day.mark(actor=actors["facilitator"], session=one, tap=tap(theirs, "taken_back"))

    assert (back.outcome, state_of(mine)) == ("done", "confirmed")
    assert (kept.outcome, state_of(theirs)) == ("refused", "present")
    assert "Seule la personne qui a marqué" in kept.words
    mine.refresh_from_db()
    assert (mine.marked_at, mine.marked_by_id, mine.scanned_at) == (None, None, None)
    day.mark(actor=actors["staff"], session=one, tap=tap(theirs, "taken_back"))
    assert state_of(theirs) == "confirmed"


def test_somebody_of_another_session_is_not_marked_here(room):
    one, actors = room
    elsewhere = registration(now_session(assignment("awarded")))

    said = day.mark(actor=actors["staff"], session=one, tap=tap(elsewhere))

    assert (said.outcome, state_of(elsewhere)) == ("refused", "confirmed")


# ── when ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("minutes", "possible"), [(-16, False), (-15, True), (0, True), (180 + 7 * 1440, True), (181 + 7 * 1440, False)]
)
def test_attendance_is_taken_from_a_quarter_of_an_hour_before_until_seven_days_after(room, minutes, possible):
    """C.16, scenario 17: both ends count."""
    one, actors = room
    awa = registration(one)

    with at(one.starts_at + timedelta(minutes=minutes)):
        said = day.mark(actor=actors["facilitator"], session=one, tap=tap(awa))

    assert (said.outcome == "done") is possible, said.words
    assert (state_of(awa) == "present") is possible


def test_the_operator_sets_how_long(room):
    one, actors = room
    set_value(ATTENDANCE_DAYS, 2, actor=SERVICE)

    with at(one.ends_at + timedelta(days=2, minutes=1)):
        said = day.mark(actor=actors["staff"], session=one, tap=tap(registration(one)))

    assert said.outcome == "refused"


def test_a_tap_made_before_the_window_is_refused_even_when_it_arrives_within(room):
    one, actors = room
    early = tap(registration(one), at=one.starts_at - timedelta(minutes=16))

    assert day.mark(actor=actors["staff"], session=one, tap=early).outcome == "refused"


def test_a_phone_ahead_of_time_marks_no_later_than_now():
    assert day.when_tapped(-3_600_000) <= timezone.now()
    assert timedelta(seconds=89) < timezone.now() - day.when_tapped(90_000) < timedelta(seconds=95)


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_nothing_is_marked_once_the_mission_is_over(room, state):
    """W10: not by a service, and not by the database's own door."""
    one, actors = room
    awa, what = registration(one), one.assignment
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('renfort.move', %s, true)", [f"workshops_assignment:{what.pk}:awarded>{state}"])
        gone = {"closed_at": timezone.now()} if state == "closed" else {"coordinator": None, "awarded_at": None}
        Assignment.objects.filter(pk=what.pk).update(state=state, **gone)
    one = Session.objects.get(pk=one.pk)

    assert day.mark(actor=actors["staff"], session=one, tap=tap(awa)).outcome == "refused"
    with pytest.raises(Refused):
        day.add_on_the_spot(actor=actors["staff"], session=one, arrival=Arrival(first_name="A", last_name="B"))
    with pytest.raises(Refused):
        day.open_code(actor=actors["staff"], session=one)
    if state == "closed":
        for write in (
            lambda: Mark.objects.create(
                key=uuid4(), session=one, registration=awa, act="present", scanned_at=timezone.now(), received_at=timezone.now()
            ),
            lambda: RollCall.objects.create(session=one),
            lambda: Headcount.objects.create(session=one, half=1, people=3, counted_at=timezone.now()),
        ):
            with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
                write()


# ── once ──────────────────────────────────────────────────────────────────────────────────────────
def test_the_same_tap_sent_again_changes_nothing(room):
    """The network dropped the answer: the phone sends it again, also after somebody took the mark back."""
    one, actors = room
    awa = registration(one)
    first = tap(awa)

    assert day.mark(actor=actors["facilitator"], session=one, tap=first).outcome == "done"
    assert day.mark(actor=actors["facilitator"], session=one, tap=first).outcome == "done"
    day.mark(actor=actors["staff"], session=one, tap=tap(awa, "taken_back"))
    assert day.mark(actor=actors["facilitator"], session=one, tap=first).state == "confirmed"

    assert state_of(awa) == "confirmed"
    assert Mark.objects.count() == 2


def test_two_phones_that_marked_the_same_person_agree(room):
    one, actors = room
    awa = registration(one)

    outcomes = [day.mark(actor=actors[who], session=one, tap=tap(awa)).outcome for who in ("facilitator", "coordinator")]

    assert outcomes == ["done", "already"]
    awa.refresh_from_db()
    assert awa.marked_by_id == actors["facilitator"].person_id


def test_what_waited_without_network_is_noted_in_order_and_a_refusal_stops_nobody(room):
    one, actors = room
    awa, bob, gone = registration(one), registration(one), registration(one, "declined")
    taps = [tap(awa), tap(gone), tap(awa, "taken_back"), tap(bob)]

    said = day.mark_all(actor=actors["facilitator"], session=one, taps=taps)

    assert [each.outcome for each in said] == ["done", "refused", "done", "done"]
    assert "annulée" in said[1].words
    assert (state_of(awa), state_of(bob), state_of(gone)) == ("confirmed", "present", "declined")


# ── at the door ───────────────────────────────────────────────────────────────────────────────────
def test_who_comes_without_being_on_the_list_is_added_though_the_session_is_full(room):
    one, actors = room
    Session.objects.filter(pk=one.pk).update(participants=1)
    registration(one)

    made = day.add_on_the_spot(
        actor=actors["facilitator"], session=one, arrival=Arrival(first_name="Ada", last_name="Noël", email="ada@example.org")
    )

    assert (made.state, made.source, made.full_name) == ("present", "spot", "Ada Noël")
    assert made.agreed_at and made.marked_at and made.scanned_at
    assert tally_of(one) == (1, 2)
    from renfort.kernel.integrity import registered, run

    assert [finding.check.name for finding in run(registered()) if not finding.holds] == []


def test_an_address_that_is_on_the_list_is_marked_and_not_doubled(room):
    one, actors = room
    invited = registration(one, "invited", first_name="", last_name="", email="ada@example.org")
    arrival = Arrival(first_name="Ada", last_name="Noël", email="ada@example.org")

    for _ in range(2):
        day.add_on_the_spot(actor=actors["facilitator"], session=one, arrival=arrival)

    invited.refresh_from_db()
    assert (invited.state, invited.full_name) == ("present", "Ada Noël")
    assert one.registrations.count() == 1


def test_two_people_without_address_are_two(room):
    one, actors = room
    for _ in range(2):
        day.add_on_the_spot(actor=actors["facilitator"], session=one, arrival=Arrival(first_name="Ada", last_name="Noël"))
    assert one.registrations.count() == 2


def test_one_enters_oneself_by_the_code_and_a_facilitator_does_not_undo_it(room):
    one, actors = room
    awa = registration(one, email="awa@example.org")

    day.enter_oneself(session=one, arrival=Arrival(first_name="Awa", last_name="Diallo", email="awa@example.org"))

    awa.refresh_from_db()
    assert (awa.state, awa.marked_by_id) == ("present", None)
    assert day.mark(actor=actors["facilitator"], session=one, tap=tap(awa, "taken_back")).outcome == "refused"
    assert day.mark(actor=actors["coordinator"], session=one, tap=tap(awa, "taken_back")).outcome == "done"


def test_who_waited_and_came_leaves_the_waiting_line(room):
    one, actors = room
    last = registration(one, "waiting")

    day.mark(actor=actors["facilitator"], session=one, tap=tap(last))

    last.refresh_from_db()
    assert (last.state, last.seat_order, last.source) == ("present", None, "spot")


def test_a_code_that_was_replaced_or_revoked_opens_nothing(room):
    one, actors = room
    first = code_of(day.open_code(actor=actors["facilitator"], session=one))
    second = code_of(day.open_code(actor=actors["facilitator"], session=one))

    def opened(path):
        return session_of_code(path.rstrip("/").rpartition("/")[2])

    assert (opened(first), opened(second)) == (None, one)
    day.revoke_code(actor=actors["coordinator"], session=one)
    assert opened(second) is None
    assert session_of_code("") is None


# ── half-days, numbers, signatures ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("starts", "ends", "halves"),
    [
        (datetime(2027, 3, 2, 8, tzinfo=UTC), datetime(2027, 3, 2, 16, tzinfo=UTC), [(8, 12), (12, 16)]),  # 9 h – 17 h in Paris
        (datetime(2027, 7, 2, 8, tzinfo=UTC), datetime(2027, 7, 2, 16, tzinfo=UTC), [(8, 11), (11, 16)]),  # summer time
        (datetime(2027, 3, 2, 13, tzinfo=UTC), datetime(2027, 3, 2, 16, tzinfo=UTC), [(13, 16)]),
        (datetime(2027, 3, 2, 10, tzinfo=UTC), datetime(2027, 3, 2, 14, tzinfo=UTC), [(10, 14)]),  # four hours: one half-day
        (datetime(2027, 3, 2, 19, tzinfo=UTC), datetime(2027, 3, 3, 7, tzinfo=UTC), [(19, 7)]),  # a night
    ],
)
def test_half_days_are_those_of_the_clocks_of_the_place(starts, ends, halves):
    one = Session(starts_at=starts, ends_at=ends, zone="Europe/Paris")

    assert [(half.starts_at.astimezone(UTC).hour, half.ends_at.astimezone(UTC).hour) for half in halves_of(one)] == halves


def test_a_class_is_counted_without_names(room):
    one, actors = room

    day.count_heads(actor=actors["facilitator"], session=one, half=1, people=27)
    day.count_heads(actor=actors["facilitator"], session=one, half=1, people=28)

    assert Headcount.objects.get().people == 28


@pytest.mark.parametrize(("half", "people"), [(2, 10), (1, -1), (1, 5001)])
def test_an_impossible_number_is_refused(room, half, people):
    one, actors = room
    with pytest.raises(Refused):
        day.count_heads(actor=actors["facilitator"], session=one, half=half, people=people)
    assert not Headcount.objects.exists()


def test_elsewhere_than_in_teaching_people_have_names():
    able = facilitator()
    one = now_session(assignment("awarded", by=able, audience="company"))
    with pytest.raises(Refused, match="enseignement"):
        day.count_heads(actor=acting(able, Role.COORDINATOR), session=one, half=1, people=10)


def test_a_participant_signs_once_for_each_half_day_and_is_present(room):
    one, actors = room
    awa = registration(one)

    made = day.sign(actor=actors["facilitator"], session=one, half=1, registration=awa, path=HAND)

    assert (made.way, made.name, made.path) == ("hand", awa.full_name, HAND)
    assert state_of(awa) == "present"
    with pytest.raises(Refused, match="déjà signé"):
        day.sign(actor=actors["facilitator"], session=one, half=1, registration=awa, agrees=True)


def test_the_second_half_day_is_not_signed_in_the_morning():
    able = facilitator()
    morning = at_hour(8)
    one = session(assignment("awarded", by=able), starts_at=morning, ends_at=morning + timedelta(hours=8))
    awa, who = registration(one), acting(able, Role.COORDINATOR)
    assert len(halves_of(one)) == 2

    with at(morning + timedelta(hours=1)), pytest.raises(Refused, match="pas encore commencé"):
        day.sign(actor=who, session=one, half=2, registration=awa, agrees=True)
    with at(morning + timedelta(hours=6)):
        day.sign(actor=who, session=one, half=2, registration=awa, agrees=True)


def test_who_leads_signs_too_and_who_does_not_lead_cannot(room):
    one, actors = room

    day.sign(actor=actors["facilitator"], session=one, half=1, agrees=True)

    made = Signature.objects.get()
    assert (made.way, made.registration_id) == ("box", None)
    assert made.enrolment.facilitator_id == actors["facilitator"].person_id
    with pytest.raises(NotAllowed):
        day.sign(actor=actors["coordinator"], session=one, half=1, agrees=True)


@pytest.mark.parametrize(
    "path",
    ["", "M1 1", "M1 1 L2 2 L3 3", "<svg onload=alert(1)>", HAND + " Z", HAND + "\n", "M1000 1" + " L1 1" * 9,
     "M1 1" + " L2 2" * 4000, HAND.replace("L", "C")],
)  # fmt: skip
def test_what_is_no_drawing_is_refused(room, path):
    one, actors = room
    with pytest.raises(Refused):
        day.sign(actor=actors["facilitator"], session=one, half=1, registration=registration(one), path=path)
    assert not Signature.objects.exists()


def test_the_database_refuses_a_drawing_that_holds_anything_else(room):
    one, _actors = room
    with pytest.raises(IntegrityError, match="signature_drawn"), transaction.atomic():
        Signature.objects.create(
            session=one, half=1, registration=registration(one), name="A", way="hand", path="<script>", signed_at=timezone.now()
        )


# ── complete ──────────────────────────────────────────────────────────────────────────────────────
def held(what, **facts):
    """A session of yesterday."""
    return session(what, day=-1, state="held", **facts)


def test_once_declared_the_clock_notes_the_absent_and_the_mission_may_be_closed():
    able = facilitator()
    what = assignment("awarded", by=able)
    one, who = held(what), acting(able, Role.COORDINATOR)
    came, missing, invited = registration(one, "present"), registration(one), registration(one, "invited")
    session(what, day=-2, state="cancelled", cancelled_at=timezone.now())
    fire_due(timezone.now(), flows=[REGISTRATION])
    assert state_of(missing) == "confirmed"
    assert attendance_settled(what) == [one]

    day.declare_complete(actor=who, session=one)
    assert attendance_settled(what) == [one]  # until the clock has been
    fire_due(timezone.now(), flows=[REGISTRATION])

    assert (state_of(came), state_of(missing), state_of(invited)) == ("present", "absent", "invited")
    assert attendance_settled(what) == []
    assert day.mark(actor=who, session=one, tap=tap(missing)).outcome == "refused"
    day.reopen(actor=who, session=one)
    assert day.mark(actor=who, session=one, tap=tap(missing)).outcome == "done"


def test_when_the_window_is_over_nobody_need_declare_anything():
    what = assignment("awarded")
    one = session(what, day=-9, state="held")
    missing = registration(one)
    assert attendance_settled(what) == [one]

    fire_due(timezone.now(), flows=[REGISTRATION])

    assert state_of(missing) == "absent"
    assert attendance_settled(what) == []


def test_a_list_is_not_complete_before_the_end_and_a_facilitator_does_not_reopen_it(room):
    one, actors = room
    with pytest.raises(Refused, match="pas finie"):
        day.declare_complete(actor=actors["facilitator"], session=one)
    with at(one.ends_at + timedelta(minutes=1)):
        day.declare_complete(actor=actors["facilitator"], session=one)
        with pytest.raises(NotAllowed):
            day.reopen(actor=actors["facilitator"], session=one)


def test_taking_back_a_mark_through_the_workflow_keeps_to_the_same_rule(room):
    """Whatever the door: the rule stands on the life cycle's page."""
    one, actors = room
    awa = registration(one)
    day.mark(actor=actors["coordinator"], session=one, tap=tap(awa))
    awa.refresh_from_db()

    with pytest.raises(NotAllowed):
        fire(REGISTRATION, awa, "unmark", actor=actors["facilitator"])
