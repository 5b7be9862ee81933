"""Fees are asked once a month, approved or returned, and read by those whom they pay (W8, W9, W12)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import client_of
from tests.factories.workshops import acting, assignment, document, enrolment, facilitator, fee, rate, sent_round, session, staff

from renfort.kernel.firing import NotAllowed, Refused, Stale, fire
from renfort.kernel.integrity import registered, run
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Role
from renfort.workshops.models import Fee, Rate, Round
from renfort.workshops.selectors.closing import blocker_of
from renfort.workshops.selectors.fees import Steps, approved_in, dues_of, own_sums, steps_of, tags_of
from renfort.workshops.services.fees import approve_round, request_fees, return_fees, save_draft
from renfort.workshops.services.rates import RateFacts, add_rate
from renfort.workshops.services.statements import issue_statement
from renfort.workshops.workflow import ASSIGNMENT

pytestmark = pytest.mark.django_db


def held(what, *, day=-7, seat="lead", standing="paid", state="done", who=None, **facts):
    """Somebody on a session of the past."""
    one = session(what, day=day, state="held", **facts)
    return enrolment(one, who, seat=seat, standing=standing, state=state)


@pytest.fixture
def what():
    """An assignment under way, with rates from long ago."""
    rate()
    rate("co_lead", amount=8_000)
    return assignment("awarded")


def coordinator(what):
    return acting(what.coordinator, Role.COORDINATOR)


def chief():
    return acting(staff(), Role.ASSOCIATION_STAFF)


def ask(what, *enrolments):
    return request_fees(actor=coordinator(what), assignment=what, chosen=[each.pk for each in enrolments])


def holds(*names):
    return all(found.holds for found in run([each for each in registered() if each.name in names]))


# ── what is due ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("facts", "reason"),
    [({}, ""), ({"seat": "co_lead"}, ""), ({"standing": "internal"}, "« Interne »"), ({"standing": "volunteer"}, "« Bénévole »"),
     ({"seat": "observer"}, "« Observation »"), ({"state": "absent"}, "Absent·e"),
     ({"state": "enrolled"}, "pas encore constatée"),
     ({"seat": "coach"}, "Aucun tarif pour « Atelier · Accompagnement · Enseignement »"), ({"kind": "training"}, "Aucun tarif")],
)  # fmt: skip
def test_what_is_due_is_done_paid_and_has_a_rate(what, facts, reason):
    """W8: once the session's end is past, only « Rémunéré·e » counts; whoever is left out has a reason."""
    one = held(what, **facts)

    dues = dues_of(what)

    assert [line.enrolment for line in dues.lines] == ([] if reason else [one])
    assert [reason in " ".join(reasons) for _each, reasons in dues.others] == ([True] if reason else [])


def test_before_its_end_a_session_is_not_due_and_is_warned_of():
    """C.12: with one request a month, sessions still to come this month would wait for the next one."""
    rate()
    what = assignment("awarded")
    one = session(what, day=0, hour=0, lasts=1)
    one.starts_at, one.ends_at = timezone.now() - timedelta(hours=3), timezone.now() + timedelta(minutes=5)
    one.save()
    enrolment(one)
    month = timezone.localdate().month
    ends_this_month = timezone.localtime(one.ends_at).month == month

    dues = dues_of(what)

    assert (dues.lines, dues.others, dues.ahead) == ([], [], int(ends_this_month))


def test_somebody_who_did_not_conform_on_the_day_is_left_out_with_each_reason():
    for role in ("lead", "co_lead"):
        rate(role, audience="company")
    what = assignment("awarded", audience="company")
    late = facilitator(compliant=False)
    one = held(what, who=late)

    reasons = dues_of(what).others[0][1]
    assert len(reasons) == 4
    for kind in ("framework", "company", "vigilance", "insurance"):
        document(late, kind, since=-30)

    assert [line.enrolment for line in dues_of(what).lines] == [one]


def test_the_rate_of_the_day_is_that_of_the_sessions_own_zone(what):
    """W8: amounts come from a dated rate table; Réunion is three or four hours ahead of UTC."""
    Rate.objects.filter(role="lead").update(last_on=date(2026, 3, 1))
    rate(first_on=date(2026, 3, 2), amount=20_000)
    one = session(what, state="held", zone="Indian/Reunion", starts_at=datetime(2026, 3, 1, 21, tzinfo=UTC),
                  ends_at=datetime(2026, 3, 1, 23, tzinfo=UTC))  # fmt: skip
    enrolment(one, state="done")

    line = dues_of(what).lines[0]

    assert (line.day, line.amount) == (date(2026, 3, 2), 20_000)


# ── the coordinator asks ──────────────────────────────────────────────────────────────────────────
def test_asking_writes_one_fee_per_place_and_tells_those_concerned(what, django_capture_on_commit_callbacks):
    chief()
    lead, helper = held(what), held(what, day=-6, seat="co_lead")
    held(what, day=-5, standing="internal")

    sent = ask(what, lead, helper)

    assert (sent.state, sent.month) == ("submitted", timezone.localdate().replace(day=1))
    assert list(sent.fees.order_by("amount").values_list("payee", "amount")) == [
        (helper.facilitator_id, 8_000), (lead.facilitator_id, 15_000)
    ]  # fmt: skip
    told = {(row.message, row.person_id) for row in Outgoing.objects.all()}
    assert ("workshops.round.asked_for", lead.facilitator_id) in told
    assert ("workshops.round.asked_for", helper.facilitator_id) in told
    assert any(key == "workshops.round.asked" for key, _person in told)
    assert blocker_of(what, "fees") is None
    assert holds("workshops.fees.rounds", "workshops.fees.owed", "workshops.fees.rates", "history.states")


def test_one_request_a_month_and_the_next_month_in_paris_is_another(what, monkeypatch):
    """W8, C.16: the second of a month is refused in words; Paris decides when the month turns."""
    from renfort.workshops import effects
    from renfort.workshops.selectors import fees as selectors
    from renfort.workshops.services import fees as services

    first, second = held(what), held(what, day=-6)
    ask(what, first)
    with pytest.raises(Refused, match="déjà demandées"):
        ask(what, second)
    later = selectors.next_month(timezone.localdate())
    for module in (effects, selectors, services):
        monkeypatch.setattr(module, "today", lambda: later)

    assert ask(what, second).month == later


@pytest.mark.parametrize(
    ("moment", "month"),
    [(datetime(2026, 10, 31, 22, 59, tzinfo=UTC), date(2026, 10, 1)),
     (datetime(2026, 10, 31, 23, tzinfo=UTC), date(2026, 11, 1))],
)  # fmt: skip
def test_the_month_turns_at_midnight_in_paris(what, monkeypatch, moment, month):
    from renfort.workshops.effects import note_month

    class Event:
        obj = Round(assignment=what)

    monkeypatch.setattr(timezone, "now", lambda: moment)
    note_month(Event)

    assert Event.obj.month == month


def test_a_draft_uses_no_month_up_and_keeps_what_is_left_out(what):
    first, second = held(what), held(what, day=-6)
    draft = save_draft(actor=coordinator(what), assignment=what, left_out=[second.pk, 999_999])

    assert (draft.month, draft.left_out) == (None, [second.pk])
    assert save_draft(actor=coordinator(what), assignment=what, left_out=[]) == draft
    assert ask(what, first).pk == draft.pk


def test_what_is_not_due_is_refused_and_nothing_is_written(what):
    """A rate that is missing is a sentence on the line; asking for it all the same writes nothing."""
    good, without_rate = held(what), held(what, day=-6, kind="training")

    with pytest.raises(Refused, match="n'est plus à demander"):
        ask(what, good, without_rate)
    with pytest.raises(Refused, match="vide"):
        ask(what)

    assert (Fee.objects.count(), Round.objects.count()) == (0, 0)


def test_nobody_but_its_coordinator_asks(what):
    one = held(what)
    other = assignment("awarded")
    for actor in (coordinator(other), chief(), acting(one.facilitator, Role.FACILITATOR)):
        with pytest.raises(NotAllowed):
            request_fees(actor=actor, assignment=what, chosen=[one.pk])


def test_the_rate_of_the_day_holds_when_it_changes_between_request_and_approval(what):
    one = held(what)
    sent = ask(what, one)
    staff_actor = chief()
    add_rate(
        actor=staff_actor,
        facts=RateFacts(audience="education", role="lead", kind="workshop", amount=99_000, first_on=timezone.localdate()),
    )

    approve_round(actor=staff_actor, request=sent)

    assert sent.fees.get().amount == 15_000
    assert holds("workshops.fees.rates")


# ── the association ───────────────────────────────────────────────────────────────────────────────
def test_approving_approves_each_fee_and_tells_those_it_pays(what):
    one = held(what)
    sent = ask(what, one)

    approve_round(actor=chief(), request=sent)

    assert (Round.objects.get().state, Fee.objects.get().state) == ("approved", "approved")
    assert Outgoing.objects.filter(message="workshops.round.approved", person_id=one.facilitator_id).count() == 1
    assert holds("workshops.fees.rounds", "history.states")


def test_a_line_that_is_returned_is_free_and_may_go_into_the_same_request(what):
    kept, back = held(what), held(what, day=-6)
    sent = ask(what, kept, back)
    wrong = sent.fees.get(enrolment=back)

    return_fees(actor=chief(), request=sent, reasons={wrong.pk: "La session a été raccourcie."})

    sent.refresh_from_db()
    assert (sent.state, sent.fees.get(pk=wrong.pk).reason) == ("submitted", "La session a été raccourcie.")
    assert [line.enrolment for line in dues_of(what).lines] == [back]
    assert "raccourcie" in Outgoing.objects.get(message="workshops.round.returned").text
    assert ask(what, back).pk == sent.pk
    approve_round(actor=chief(), request=sent)
    assert sorted(sent.fees.values_list("state", flat=True)) == ["approved", "approved", "returned"]


def test_a_request_returned_whole_leaves_its_month_free(what):
    one = held(what)
    sent = ask(what, one)
    return_fees(actor=chief(), request=sent, reasons={sent.fees.get().pk: "Pas ce mois-ci."})

    again = ask(what, one)

    sent.refresh_from_db()
    assert (sent.state, again.state, again.month) == ("returned", "submitted", sent.month)
    assert holds("workshops.fees.rounds", "history.states")


def test_a_line_needs_its_reason_and_a_page_that_is_fresh(what):
    one, other = held(what), held(what, day=-6)
    sent = ask(what, one, other)
    line = sent.fees.get(enrolment=one)
    with pytest.raises(Refused, match="motif"):
        return_fees(actor=chief(), request=sent, reasons={line.pk: "  "})
    with pytest.raises(Refused, match="motif"):
        return_fees(actor=chief(), request=sent, reasons={})
    return_fees(actor=chief(), request=sent, reasons={line.pk: "Non."})
    with pytest.raises(Stale):
        return_fees(actor=chief(), request=sent, reasons={line.pk: "Encore."})
    with pytest.raises(Stale):
        approve_round(actor=chief(), request=sent, seen=sent.version)  # the page that showed both lines


def test_nobody_approves_what_pays_them(what):
    from renfort.workshops.models import Facilitator

    one = staff()
    both = Facilitator.objects.create(person=one, level="green", languages=["fr"], created_at=timezone.now())
    sent = ask(what, held(what, who=both))

    with pytest.raises(Refused, match="Vous êtes payé·e"):
        approve_round(actor=acting(one, Role.ASSOCIATION_STAFF), request=sent)


def test_many_fees_are_asked_returned_and_approved_at_the_same_cost():
    """A month of many fees: what it costs does not depend on how many there are, but for one e-mail to each person paid."""
    rate()
    people, actor, costs = [facilitator() for _ in range(2)], chief(), []
    for count in (2, 2, 20):  # the first warms up what each process remembers
        what = assignment("awarded")
        rows = [held(what, day=-30 * len(costs) - 2 - number, who=people[number % 2]) for number in range(count)]
        spent = []
        for step in ("ask", "return", "approve"):
            with CaptureQueriesContext(connection) as seen:
                if step == "ask":
                    sent = ask(what, *rows)
                elif step == "return":
                    back = list(sent.fees.order_by("pk"))[: count // 2]
                    return_fees(actor=actor, request=sent, reasons={each.pk: "Non." for each in back})
                else:
                    approve_round(actor=actor, request=sent)
            spent.append(len(seen))
        costs.append(spent)

    assert costs[1][:2] == costs[2][:2]
    assert costs[2][2] - costs[1][2] <= 8  # the first request pays one person once its other line is back, the second one two


# ── tags, closing, coordination ───────────────────────────────────────────────────────────────────
def test_a_session_says_whether_its_fees_are_asked(what):
    """W8: « Rétributions demandées », « à demander », « en partie »."""
    one = session(what, day=-7, leads=2, state="held")
    left, right = (enrolment(one, state="done") for _ in range(2))
    unpaid = session(what, day=-4, state="held")
    enrolment(unpaid, standing="internal", state="done")
    assert tags_of([one, unpaid]) == {one.pk: "to_ask"}
    sent = ask(what, left)
    assert tags_of([one]) == {one.pk: "partly"}
    return_fees(actor=chief(), request=sent, reasons={sent.fees.get().pk: "Ensemble."})
    ask(what, left, right)
    assert tags_of([one]) == {one.pk: "asked"}


def test_the_closing_owes_the_coordination_the_services_delivered_once(what):
    """W9: services delivered times the coordination's rate of the day; after it, approval and payment go on (W10)."""
    rows = [held(what, day=-20 - number) for number in range(3)]  # attendance counts as taken a week later
    held(what, day=-29, seat="co_lead", standing="internal")
    held(what, day=-30, standing="internal")
    with pytest.raises(Refused, match="restent à demander"):
        fire(ASSIGNMENT, what, "close", actor=coordinator(what), answers={"reason": "Fini."})
    sent = ask(what, *rows)

    fire(ASSIGNMENT, what, "close", actor=coordinator(what), answers={"reason": "Fini."})

    lead = Fee.objects.get(kind="coordination")
    assert (lead.quantity, lead.unit_amount, lead.amount, lead.state) == (4, 10_000, 40_000, "requested")
    assert lead.payee_id == what.coordinator_id
    with pytest.raises(Refused, match="clôturée"):
        return_fees(actor=chief(), request=sent, reasons={sent.fees.first().pk: "Trop tard."})
    approve_round(actor=chief(), request=sent)
    page = client_of(staff()).post(f"/ateliers/association/retributions/coordination/{lead.pk}/approuver/")
    assert page.status_code == 302
    lead.refresh_from_db()
    assert lead.state == "approved"
    assert Outgoing.objects.filter(message="workshops.fee.approved", person_id=lead.payee_id).exists()
    assert holds("workshops.fees.coordination", "workshops.fees.closed", "workshops.fees.rounds", "history.states")


def test_a_closing_without_a_rate_for_the_coordination_is_refused_in_words(what):
    held(what, standing="internal")
    Rate.objects.filter(role="coordination").delete()

    with pytest.raises(Refused, match="Aucun tarif pour « Coordination · Enseignement »"):
        fire(ASSIGNMENT, what, "close", actor=coordinator(what), answers={"reason": "Fini."})
    assert not Fee.objects.exists()


# ── rates ─────────────────────────────────────────────────────────────────────────────────────────
def price(amount, first_on, **facts):
    given = {"audience": "education", "role": "lead", "kind": "workshop", **facts}
    return add_rate(actor=chief(), facts=RateFacts(**given, amount=amount, first_on=first_on))


def test_a_rate_ends_the_one_before_it_and_stops_before_the_one_after():
    first = price(10_000, date(2026, 1, 1))
    third = price(30_000, date(2026, 9, 1))
    second = price(20_000, date(2026, 5, 1))

    for each in (first, second, third):
        each.refresh_from_db()
    assert [each.last_on for each in (first, second, third)] == [date(2026, 4, 30), date(2026, 8, 31), None]
    with pytest.raises(Refused, match="commence déjà"):
        price(11_000, date(2026, 5, 1))


def test_a_rate_that_was_used_does_not_end_before_its_last_use():
    used = fee()
    with pytest.raises(Refused, match="a servi jusqu'au"):
        price(20_000, used.rate_on)
    price(20_000, used.rate_on + timedelta(days=1))


def test_only_the_association_sets_rates(what):
    facts = RateFacts(audience="education", role="coach", kind="workshop", amount=1, first_on=date(2026, 1, 1))
    with pytest.raises(NotAllowed):
        add_rate(actor=coordinator(what), facts=facts)


# ── one's own ─────────────────────────────────────────────────────────────────────────────────────
def test_a_facilitator_reads_own_sums_and_nobody_elses():
    """W12: requested, approved, paid."""
    me = facilitator()
    other = facilitator()
    for number, state in enumerate(("requested", "approved", "in_payment", "paid", "returned")):
        fee(state, of=held(assignment("awarded"), day=-3 - number, who=me))
    fee("paid", of=held(assignment("awarded"), day=-20, who=other))

    assert own_sums(acting(me, Role.FACILITATOR)) == {"requested": 15_000, "approved": 30_000, "paid": 15_000}
    page = client_of(me.person).get("/ateliers/animation/retributions/").content.decode()
    assert "300,00" in page
    assert page.count("150,00") >= 2


def test_a_statement_says_the_lines_of_its_month_and_their_total():
    me = facilitator()
    for number in range(3):
        fee("approved", of=held(assignment("awarded"), day=-3 - number, who=me))
    actor, month = acting(me, Role.FACILITATOR), timezone.localdate().replace(day=1)

    paper = issue_statement(actor=actor, month=month)

    assert (paper.facts["total"], len(paper.facts["rows"])) == (45_000, 3)
    assert issue_statement(actor=actor, month=month).pk == paper.pk  # the same again
    browser = client_of(me.person)
    page = browser.post(f"/ateliers/animation/retributions/{month.year}/{month.month}/releve/", follow=True)
    assert b"".join(page.streaming_content).startswith(b"%PDF")
    with pytest.raises(Refused, match="Rien n'a été approuvé"):
        issue_statement(actor=actor, month=date(2021, 1, 1))
    assert not approved_in(staff().pk, month).exists()


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────
def test_the_coordinators_page_asks_once_however_often_it_is_sent(what):
    one = held(what)
    left = held(what, day=-6, standing="internal")
    browser, url = client_of(what.coordinator.person), f"/ateliers/missions/{what.pk}/retributions/"
    page = browser.get(url)
    token = page.context["form"]["form_token"].value()
    assert "« Interne » : pas de rétribution." in page.content.decode()
    said = {"form_token": token, "lines": [one.pk], "lines-shown": "1", "faire": "demander"}

    assert browser.post(url, {**said, "lines": [one.pk, left.pk]}).status_code == 422
    assert [browser.post(url, said).status_code for _ in range(2)] == [302, 302]

    assert Fee.objects.count() == 1
    again = browser.post(url, {**said, "form_token": "", "lines": []})
    assert again.status_code == 409
    assert "déjà demandées" in again.content.decode()


def test_the_association_returns_one_line_then_approves_on_its_page(what):
    kept, back = held(what), held(what, day=-6)
    sent = ask(what, kept, back)
    browser, url = client_of(staff()), f"/ateliers/association/retributions/{sent.pk}/"
    wrong = sent.fees.get(enrolment=back)
    assert "retributions/" in browser.get("/ateliers/association/retributions/").content.decode()

    typed = browser.post(url, {f"motif-{wrong.pk}": "Annulée", "faire": "approuver", "seen": sent.version})
    assert typed.status_code == 409  # a reason stands there: it is not approved by mistake
    assert "Annulée" in typed.content.decode()
    assert browser.post(url, {f"motif-{wrong.pk}": "Annulée", "faire": "renvoyer", "seen": sent.version}).status_code == 302
    assert browser.post(url, {"faire": "approuver", "seen": sent.version}).status_code == 409
    sent.refresh_from_db()
    assert browser.post(url, {"faire": "approuver", "seen": sent.version}).status_code == 302
    assert sorted(Fee.objects.values_list("state", flat=True)) == ["approved", "returned"]


@pytest.mark.parametrize(
    "said",
    [{"price": "0"}, {"price": "-1"}, {"price": "abc"}, {"first_on": "31/02/2027"}, {"kind": ""}, {"role": "coordination"},
     {"role": "coach", "kind": "training"}, {"audience": "mars"}],
)  # fmt: skip
def test_a_wrong_rate_is_refused_and_nothing_is_written(said):
    good = {"audience": "education", "role": "lead", "kind": "workshop", "price": "150", "first_on": "2027-01-01"}
    browser = client_of(staff())

    assert browser.post("/ateliers/association/tarifs/", {**good, **said}).status_code == 422
    assert not Rate.objects.exists()
    assert browser.post("/ateliers/association/tarifs/", good).status_code == 302
    assert browser.post("/ateliers/association/tarifs/", good).status_code == 409
    assert Rate.objects.get().amount == 15_000


def test_pages_cost_the_same_for_one_and_twenty_fees():
    from tests.workshops.test_workshops_pages import cost

    rate()
    what, me, boss = assignment("awarded"), facilitator(), client_of(staff())
    able, mine = client_of(what.coordinator.person), client_of(me.person)
    fee(of=held(what, who=me))
    held(what, day=-40, who=me)
    sent = sent_round(what)
    pages = [
        (able, f"/ateliers/missions/{what.pk}/retributions/"), (boss, "/ateliers/association/retributions/"),
        (boss, f"/ateliers/association/retributions/{sent.pk}/"), (mine, "/ateliers/animation/retributions/"),
    ]  # fmt: skip
    before = [cost(*page) for page in pages]
    for number in range(19):
        fee(of=held(what, day=-8 - number, who=me), within=sent)
        held(what, day=-41 - number, who=me)
        fee()

    assert [cost(*page) for page in pages] == before
    assert not mail.outbox


def test_a_mission_says_how_far_its_fees_are():
    """W2: paid and invoiced, each figure with its rows; what was returned counts nowhere."""
    mission = assignment("awarded")
    for day, state in enumerate(("requested", "returned", "approved", "invoiced", "rejected", "paid"), 2):
        fee(state, of=held(mission, day=-day), within=sent_round(mission, "approved"))

    assert steps_of(mission) == Steps(asked=5, approved=4, invoiced=3, paid=1)
    browser = client_of(mission.coordinator.person)
    page = browser.get(f"/ateliers/missions/{mission.pk}/").content.decode()
    assert "Payé, facturé" in page and f'href="/ateliers/missions/{mission.pk}/retributions/#lignes"' in page
    rows = browser.get(f"/ateliers/missions/{mission.pk}/retributions/").content.decode()
    assert 'id="lignes"' in rows
