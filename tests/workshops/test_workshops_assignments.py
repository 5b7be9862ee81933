"""From the order to the coordinator, and the closing (W1, W2, W10)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories import days
from tests.factories.time import at
from tests.factories.workshops import acting, assignment, client, enrolment, facilitator, session, staff

from renfort.audit.models import Entry, Remark
from renfort.kernel.firing import NotAllowed, Refused, Unanswered, fire, fire_due
from renfort.kernel.integrity import registered, run
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Role
from renfort.organisations.selectors import actor_of
from renfort.workshops.models import Assignment, Candidacy, Enrolment, OrderLine, Session
from renfort.workshops.selectors.assignment import assignments_visible, opportunities
from renfort.workshops.selectors.sessions import progress_of
from renfort.workshops.services.orders import LineFacts, OrderFacts, add_line, apply, create_order, withdraw_candidacy
from renfort.workshops.workflow import ASSIGNMENT

pytestmark = pytest.mark.django_db
LINE = LineFacts(kind="workshop", presence="on_site", quantity=2, languages=["fr"], unit_price=50_000, participants=28)


def association():
    return acting(staff(), Role.ASSOCIATION_STAFF)


def broken():
    from django.utils.module_loading import autodiscover_modules

    autodiscover_modules("integrity")
    return [found.check.name for found in run(registered()) if not found.holds]


def test_an_order_goes_from_the_association_to_the_coordinator(django_capture_on_commit_callbacks):
    """W1: offered to those who may coordinate it, applied for, given; the e-mail leads to the mission and to « Mes missions »."""
    chief, able, beginner = association(), facilitator("orange"), facilitator("yellow")
    made = create_order(actor=chief, client=client(), facts=OrderFacts(title="Rentrée", audience="education"), lines=[LINE])

    fire(ASSIGNMENT, made, "offer", actor=chief)
    assert set(Outgoing.objects.filter(message="workshops.assignment.offered").values_list("address", flat=True)) == {
        able.person.account.email
    }
    assert list(opportunities(acting(able, Role.FACILITATOR))) == [made]
    assert list(opportunities(acting(beginner, Role.FACILITATOR))) == []

    apply(actor=acting(able, Role.FACILITATOR), assignment=made, words="Avec plaisir")
    given = fire(ASSIGNMENT, made, "award", actor=chief, answers={"candidate": str(able.pk)})

    assert (given.state, given.coordinator) == ("awarded", able)
    letter = Outgoing.objects.get(message="workshops.assignment.awarded")
    assert letter.address == able.person.account.email
    assert f"/ateliers/missions/{made.pk}/" in letter.text
    assert "/ateliers/animation/pros/" in letter.text
    held = actor_of(able.pk).scopes("workshops", [Role.COORDINATOR], "organisation")
    assert held == [str(made.order.client_id)]
    assert broken() == []


def test_a_level_too_low_is_told_why_and_cannot_apply():
    """W1, W4: green for a company; the level is named."""
    what = assignment("offered", audience="company")
    orange = facilitator("orange")

    with pytest.raises(Refused, match="Ceinture verte au moins"):
        apply(actor=acting(orange, Role.FACILITATOR), assignment=what)
    assert not assignments_visible(acting(orange, Role.FACILITATOR)).exists()


def test_who_lacks_a_document_cannot_coordinate_for_a_company():
    what, bare = assignment("offered", audience="company"), facilitator("green", compliant=False)

    with pytest.raises(Refused) as refused:
        apply(actor=acting(bare, Role.FACILITATOR), assignment=what)

    assert len(refused.value.sentences) == 4
    assert "Attestation de vigilance : manque." in refused.value.sentences


def test_a_document_that_expires_between_candidacy_and_award_stops_the_award():
    chief, what, able = association(), assignment("offered", audience="company"), facilitator("green")
    apply(actor=acting(able, Role.FACILITATOR), assignment=what)
    able.documents.filter(kind="insurance").update(valid_until=timezone.localdate() - days(1))

    with pytest.raises(Refused, match="plus valable"):
        fire(ASSIGNMENT, what, "award", actor=chief, answers={"candidate": str(able.pk)})
    assert Assignment.objects.get(pk=what.pk).state == "offered"


def test_applying_twice_is_one_candidacy_and_withdrawing_allows_another():
    what, able = assignment("offered"), facilitator()
    who = acting(able, Role.FACILITATOR)

    assert apply(actor=who, assignment=what) == apply(actor=who, assignment=what)
    assert withdraw_candidacy(actor=who, assignment=what) is True
    apply(actor=who, assignment=what)

    assert Candidacy.objects.filter(assignment=what).count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Candidacy.objects.create(assignment=what, facilitator=able, created_at=timezone.now())


def test_an_empty_order_is_not_offered():
    chief = association()
    made = create_order(actor=chief, client=client(), facts=OrderFacts(title="Vide", audience="education"))

    with pytest.raises(Refused, match="au moins une ligne"):
        fire(ASSIGNMENT, made, "offer", actor=chief)


def test_given_back_goes_to_others_and_the_right_ends():
    """W1: declined or withdrawn goes back."""
    able = facilitator()
    what = assignment("awarded", by=able)

    fire(ASSIGNMENT, what, "give_back", actor=acting(able, Role.COORDINATOR), answers={"reason": "Je pars"})

    again = Assignment.objects.get(pk=what.pk)
    assert (again.state, again.coordinator_id) == ("offered", None)
    assert actor_of(able.pk).scopes("workshops", [Role.COORDINATOR], "organisation") == []
    assert not Candidacy.objects.filter(assignment=what, withdrawn_at=None).exists()


def test_a_mission_with_a_session_ahead_is_not_given_back():
    able = facilitator()
    what = assignment("awarded", by=able)
    session(what)

    with pytest.raises(Refused, match="annulez-les d'abord"):
        fire(ASSIGNMENT, what, "give_back", actor=acting(able, Role.COORDINATOR), answers={"reason": "x"})


def test_another_coordinator_of_the_same_client_may_not_touch_it():
    """The role is on the client, the assignment one's own."""
    mine, other = facilitator(), facilitator()
    what = assignment("awarded", by=mine)
    from tests.factories import grant

    grant(other.person, "workshops", Role.COORDINATOR, what.order.client.organisation)
    who = acting(other, Role.COORDINATOR)

    assert not assignments_visible(who).exists()
    with pytest.raises(NotAllowed):
        fire(ASSIGNMENT, what, "close", actor=who)


@pytest.mark.parametrize(("on", "planned", "done"), [((), 0, 0), (("lead",), 1, 0), (("lead", "co_lead", "observer"), 1, 0)])
def test_counters_move_as_facilitators_enrol_not_as_sessions_are_made(on, planned, done):
    """W2: a session that nobody leads is not planned; helping seats deliver nothing."""
    what = assignment("awarded")
    one = session(what, leads=1, co_leads=1, observers=1)
    for seat in on:
        enrolment(one, seat=seat)

    found = progress_of([what])[what.pk]

    assert (found.ordered, found.planned, found.done) == (3, planned, done)


def test_figures_cost_the_same_for_one_and_twenty_missions(django_assert_num_queries):
    many = [assignment("awarded") for _ in range(3)]
    for each in many:
        enrolment(session(each))

    with django_assert_num_queries(3):
        progress_of(many[:1])
    with django_assert_num_queries(3):
        progress_of(many)


# ── closing (W10) ─────────────────────────────────────────────────────────────────────────────────
def done_mission(by, standing="internal", **lines):
    what = assignment("awarded", by=by, **(lines or {"workshop": 1}))
    one = session(what, day=-12, state="held")  # its attendance window is over
    enrolment(one, state="done", standing=standing)
    return what


def test_a_delivered_order_is_closed_and_the_association_told():
    able, chief = facilitator(), staff()
    what = done_mission(able)

    closed = fire(ASSIGNMENT, what, "close", actor=acting(able, Role.COORDINATOR))

    assert closed.state == "closed"
    assert Outgoing.objects.filter(message="workshops.assignment.closed", address=chief.account.email).count() == 1


def test_an_order_not_fully_delivered_needs_a_reason_that_is_kept():
    able = facilitator()
    what = done_mission(able, workshop=2)
    who = acting(able, Role.COORDINATOR)

    with pytest.raises(Unanswered):
        fire(ASSIGNMENT, what, "close", actor=who)
    fire(ASSIGNMENT, what, "close", actor=who, answers={"reason": "Le client a renoncé à la seconde."})

    entry = Entry.objects.get(verb="workshops.assignment.close")
    assert Remark.objects.get(entry_id=entry.pk).text == "Le client a renoncé à la seconde."


def test_a_paid_facilitator_without_a_fee_request_keeps_the_mission_open():
    able = facilitator()
    what = done_mission(able, standing="paid")

    with pytest.raises(Refused, match="rétribution"):
        fire(ASSIGNMENT, what, "close", actor=acting(able, Role.COORDINATOR))


def test_a_session_ahead_keeps_the_mission_open():
    able = facilitator()
    what = done_mission(able)
    session(what, day=1)

    with pytest.raises(Refused, match="pas encore passée"):
        fire(ASSIGNMENT, what, "close", actor=acting(able, Role.COORDINATOR))


@pytest.mark.parametrize(
    "write",
    [
        lambda what: session(what, day=9),
        lambda what: Session.objects.filter(assignment=what).update(participants=3),
        lambda what: Session.objects.filter(assignment=what)._raw_delete("default"),
        lambda what: Enrolment.objects.filter(session__assignment=what).update(standing="paid"),
        lambda what: Enrolment.objects.filter(session__assignment=what).delete(),
        lambda what: OrderLine.objects.filter(order=what.order).update(quantity=9),
        lambda what: OrderLine.objects.filter(order=what.order).delete(),
        lambda what: OrderLine.objects.create(
            order=what.order, kind="workshop", presence="online", quantity=1, languages=["fr"], unit_price=1
        ),
    ],
)
def test_nothing_of_a_closed_mission_changes_whoever_writes(write):
    """W10: held by the database, whatever the door."""
    able = facilitator()
    what = fire(ASSIGNMENT, done_mission(able), "close", actor=acting(able, Role.COORDINATOR))

    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        write(what)


def test_a_line_of_a_closed_order_is_refused_in_words():
    able, chief = facilitator(), association()
    what = fire(ASSIGNMENT, done_mission(able), "close", actor=acting(able, Role.COORDINATOR))

    with pytest.raises(Refused, match="plus rien n'y change"):
        add_line(actor=chief, order=what.order, facts=LINE)


def test_there_is_no_way_out_of_closed():
    assert ASSIGNMENT.from_state("closed") == []


def test_cancelling_an_order_cancels_sessions_and_tells_those_who_lead_them():
    able, helper, chief = facilitator(), facilitator(), association()
    what = assignment("awarded", by=able)
    on = enrolment(session(what), helper)

    fire(ASSIGNMENT, what, "cancel", actor=chief, answers={"reason": "Le client renonce"})
    for _ in range(2):
        fire_due(timezone.now())

    assert Session.objects.get(assignment=what).state == "cancelled"
    assert Enrolment.objects.get(pk=on.pk).state == "cancelled"
    assert Outgoing.objects.filter(message="workshops.session.cancelled", address=helper.person.account.email).count() == 1
    assert Outgoing.objects.filter(message="workshops.assignment.cancelled", address=able.person.account.email).count() == 1
    assert broken() == []


def test_the_clock_holds_a_session_and_those_on_it_once(django_assert_max_num_queries):
    what = assignment("awarded")
    on = enrolment(session(what, day=1))

    with at(timezone.now() + days(3)):
        fire_due(timezone.now())
        fire_due(timezone.now())

    assert Session.objects.get(assignment=what).state == "held"
    assert Enrolment.objects.get(pk=on.pk).state == "done"
