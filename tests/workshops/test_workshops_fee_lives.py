"""What the database itself holds of rates, requests and fees, whoever writes (W8 to W10)."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.workshops import acting, as_person, assignment, enrolment, fee, rate, sent_round, session, staff

from renfort.audit.models import Entry
from renfort.kernel.actors import CLOCK, SERVICE
from renfort.kernel.firing import NotAllowed, Refused, Stale, fire
from renfort.kernel.integrity import registered, run
from renfort.organisations.enums import Role
from renfort.workshops.models import Assignment, Enrolment, Fee, Rate, Round
from renfort.workshops.services.fees import move_fees
from renfort.workshops.workflow import ENROLMENT, FEE

pytestmark = pytest.mark.django_db


@contextmanager
def refused(constraint):
    """The database refuses by the constraint of this name, and nothing is written."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        yield
    assert constraint in error.value.__cause__.diag.constraint_name


def chief():
    return acting(staff(), Role.ASSOCIATION_STAFF)


def test_two_rates_of_one_kind_never_cover_the_same_day():
    rate(first_on=date(2026, 1, 1), last_on=date(2026, 6, 30))
    rate("co_lead", first_on=date(2026, 3, 1))
    rate(first_on=date(2026, 7, 1), amount=16_000)

    with refused("workshops_rate_one_a_day"):
        rate(first_on=date(2026, 6, 30), last_on=date(2026, 6, 30), amount=17_000)
    assert not Rate.objects.filter(amount=17_000).exists()
    assert [each.amount for each in Rate.objects.filter(role="lead") if each.covers(date(2026, 6, 30))] == [15_000]


def test_a_rate_never_changes_and_does_not_end_before_a_fee_that_used_it():
    paid = fee()

    with refused("workshops_rate_stays"):
        Rate.objects.filter(role="lead").update(amount=99_900)
    with refused("workshops_rate_is_used"):
        Rate.objects.filter(role="lead").update(last_on=paid.rate_on - timedelta(days=1))
    assert Rate.objects.filter(role="lead").update(last_on=paid.rate_on) == 1


def test_one_fee_lives_per_place_and_one_coordination_per_assignment():
    """Nobody is paid twice; once returned, it may be asked again."""
    first = fee()
    with refused("once_per_enrolment"):
        fee(of=first.enrolment)
    fire(FEE, first, "give_back", actor=chief(), answers={"reason": "Une autre date."})
    fee(of=first.enrolment)

    lead = fee(kind="coordination", quantity=4)
    assert lead.amount == 40_000
    with refused("one_coordination"):
        fee(kind="coordination", what=lead.assignment)


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [({"state": "enrolled"}, "is_owed"), ({"state": "absent"}, "is_owed"), ({"standing": "internal"}, "is_owed"),
     ({"standing": "volunteer"}, "is_owed")],
)  # fmt: skip
def test_only_what_was_done_by_somebody_paid_is_owed(facts, constraint):
    """W8: only « Rémunéré·e » counts."""
    one = enrolment(session(assignment("awarded"), day=-3), **{"state": "done", **facts})

    with refused(constraint):
        fee(of=one)
    assert not one.fees.exists()


def test_a_fee_is_that_of_the_rate_of_its_day():
    asked = fee()
    values = {field.attname: getattr(asked, field.attname) for field in Fee._meta.concrete_fields if field.attname != "id"}
    other = enrolment(asked.enrolment.session, state="done")
    values |= {"enrolment_id": other.pk, "payee_id": other.facilitator_id}

    with refused("of_its_rate"):
        Fee.objects.create(**{**values, "unit_amount": 20_000, "amount": 20_000})
    with refused("of_its_rate"):
        Fee.objects.create(**{**values, "rate_on": date(2019, 12, 31)})
    with refused("fee_payee"):
        Fee.objects.create(**{**values, "payee_id": asked.payee_id})
    Fee.objects.create(**values)
    assert other.fees.get().amount == asked.rate.amount


def test_what_a_fee_pays_never_changes_and_it_is_never_removed():
    asked = fee()

    for changes in ({"amount": 1, "unit_amount": 1}, {"quantity": 2, "amount": 30_000}, {"payee": staff()}):
        with refused("workshops_fee"):
            Fee.objects.filter(pk=asked.pk).update(**changes)
    with refused("workshops_fee_stays"):
        asked.delete()
    kept = Fee.objects.get()
    assert (kept.amount, kept.quantity, kept.payee_id) == (15_000, 1, asked.payee_id)


@pytest.mark.parametrize("state", ["returned", "paid"])
def test_a_fee_that_is_over_stays_so_even_when_the_move_is_named(state):
    over = fee(state)

    with refused("is_final"), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('renfort.move', %s, true)", [f"workshops_fee:{over.pk}:{state}>approved"])
        cursor.execute("UPDATE workshops_fee SET state = 'approved' WHERE id = %s", [over.pk])
    over.refresh_from_db()
    assert over.state == state


@pytest.mark.parametrize("changes", [{"standing": "internal"}, {"seat": "co_lead"}, {"state": "absent"}])
def test_a_facilitator_whose_fee_is_asked_does_not_change_whoever_writes(changes):
    """W8: the facilitators of a requested session are locked."""
    asked = fee()
    with refused("fee_is_asked"), connection.cursor() as cursor:
        move = f"workshops_enrolment:{asked.enrolment_id}:done>absent"
        cursor.execute("SELECT set_config('renfort.move', %s, true)", [move])
        Enrolment.objects.filter(pk=asked.enrolment_id).update(**changes)
    kept = Enrolment.objects.get(pk=asked.enrolment_id)
    assert (kept.state, kept.standing, kept.seat) == ("done", "paid", "lead")


@pytest.mark.parametrize(("step", "answers"), [("miss", {}), ("change_standing", {"standing": "internal"})])
def test_a_facilitator_whose_fee_is_asked_is_locked_in_words_until_it_is_returned(step, answers):
    asked = fee()
    coordinator = acting(asked.assignment.coordinator, Role.COORDINATOR)

    with pytest.raises(Refused, match="Sa rétribution est demandée"):
        fire(ENROLMENT, asked.enrolment, step, actor=coordinator, answers=answers)
    fire(FEE, asked, "give_back", actor=chief(), answers={"reason": "Absente ce jour-là."})
    fire(ENROLMENT, asked.enrolment, step, actor=coordinator, answers=answers)


def test_one_request_a_month_is_sent_and_a_draft_uses_no_month_up():
    what = assignment("awarded")
    sent_round(what)
    Round.objects.create(assignment=what)

    with refused("once_a_month"):
        sent_round(what, "approved")
    with refused("one_draft"):
        Round.objects.create(assignment=what)
    assert sorted(Round.objects.values_list("state", flat=True)) == ["draft", "submitted"]


def close(what):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('renfort.move', %s, true)", [f"workshops_assignment:{what.pk}:awarded>closed"])
    Assignment.objects.filter(pk=what.pk).update(state="closed", closed_at=timezone.now())


def test_after_a_closing_what_was_asked_is_approved_and_paid_and_nothing_else():
    """W10: what goes on is approval and payment of fees already requested, and the coordinator's fee."""
    asked = fee()
    other = enrolment(asked.enrolment.session, state="done")
    lead = fee(kind="coordination", what=asked.assignment)
    close(asked.assignment)

    with refused("workshops_closed"):
        fee(of=other, within=asked.round)
    with refused("workshops_closed"):
        Round.objects.create(assignment=asked.assignment)
    with pytest.raises(Refused, match="redemandée"):
        fire(FEE, asked, "give_back", actor=chief(), answers={"reason": "Trop tard."})
    for step in ("approve", "invoice", "pay", "reject", "reissue", "pay", "settle"):
        move_fees([asked, lead], step, actor=chief() if step == "approve" else CLOCK)
    assert set(Fee.objects.values_list("state", flat=True)) == {"paid"}


# ── many at once ──────────────────────────────────────────────────────────────────────────────────
def test_many_fees_move_together_with_their_history_at_the_same_cost():
    first = [fee()]
    many = [fee() for _ in range(20)]
    actor = chief()

    costs = []
    for batch in (first, many):
        with CaptureQueriesContext(connection) as seen:
            move_fees(batch, "approve", actor=actor)
        costs.append(len(seen))

    assert costs[0] == costs[1]
    assert Entry.objects.filter(verb="workshops.fee.approve", before="requested", after="approved").count() == 21
    assert all(each.approved_by_id == actor.person_id for each in Fee.objects.all())
    assert run([each for each in registered() if each.name == "history.states"])[0].holds


def test_one_that_has_moved_meanwhile_stops_them_all():
    left, right = fee(), fee()
    fire(FEE, left, "approve", actor=chief())

    with pytest.raises(Stale):
        move_fees([left, right], "approve", actor=chief())
    right.refresh_from_db()
    assert right.state == "requested"


def test_announced_moves_open_so_many_rows_and_that_move_alone():
    ours = [fee() for _ in range(3)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('renfort.moves', 'workshops_fee:requested>approved:2', true)")

    with refused("by_transition"):
        Fee.objects.filter(pk=ours[0].pk).update(state="returned", returned_at=timezone.now(), reason="x")
    with refused("by_transition"):
        Fee.objects.filter(pk__in=[each.pk for each in ours]).update(state="approved", approved_at=timezone.now())
    assert Fee.objects.filter(pk__in=[each.pk for each in ours[:2]]).update(state="approved", approved_at=timezone.now()) == 2


def test_nobody_but_the_association_moves_a_fee_and_nobody_their_own():
    asked = fee()
    with pytest.raises(NotAllowed):
        move_fees([asked], "approve", actor=as_person(asked.assignment.coordinator))
    with pytest.raises(NotAllowed):
        move_fees([asked], "approve", actor=SERVICE)

    one = staff()
    from renfort.workshops.models import Facilitator

    both = Facilitator.objects.create(person=one, level="green", languages=["fr"], created_at=timezone.now())
    own = fee(of=enrolment(session(assignment("awarded"), day=-3), both, state="done"))
    with pytest.raises(Refused, match="votre rétribution"):
        move_fees([own], "approve", actor=acting(one, Role.ASSOCIATION_STAFF))
