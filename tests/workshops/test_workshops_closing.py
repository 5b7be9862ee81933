"""« Clôturer la mission »: what blocks, what is sealed, and that nothing of it changes by any way in (W10)."""

from __future__ import annotations

import hashlib

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests.factories import client_of, days
from tests.factories.workshops import (
    acting,
    assignment,
    contact,
    document,
    enrolment,
    facilitator,
    fee,
    registration,
    session,
    staff,
)

from renfort.documents.models import Paper
from renfort.kernel.firing import NotAllowed, Refused, fire
from renfort.organisations.enums import Role
from renfort.workshops.models import (
    Assignment,
    Candidacy,
    Enrolment,
    Invitee,
    Order,
    OrderLine,
    Registration,
    Round,
    Session,
)
from renfort.workshops.selectors.closing import blockers_of, undelivered_of
from renfort.workshops.services.closing import CorrectionFacts, correct, sealed
from renfort.workshops.workflow import ASSIGNMENT

pytestmark = pytest.mark.django_db
LONG_AGO = -12  # days: the window in which attendance is taken is over


def done(by=None, standing="internal", day=LONG_AGO, **lines):
    """A mission whose one workshop took place."""
    what = assignment("awarded", by=by or facilitator(), **(lines or {"workshop": 1}))
    enrolment(session(what, day=day, state="held"), state="done", standing=standing)
    return what


def closed(by=None):
    able = by or facilitator()
    what = done(able)
    registration(what.sessions.get(), "present", email="awa@example.org", first_name="Awa", last_name="Diallo")
    Invitee.objects.create(session=what.sessions.get(), email="lea@example.org", invited_at=timezone.now())
    return fire(ASSIGNMENT, what, "close", actor=acting(able, Role.COORDINATOR))


def keys(what):
    return {each.key: each.count for each in blockers_of(what)}


# ── what blocks ───────────────────────────────────────────────────────────────────────────────────
def test_nothing_blocks_a_mission_whose_sessions_are_settled():
    assert blockers_of(done()) == []


def test_each_session_ahead_blocks_and_is_a_link():
    what = done()
    ahead = [session(what, day=day) for day in (1, 2)]

    (found,) = blockers_of(what)

    assert (found.key, found.count) == ("sessions", 2)
    assert "2 sessions ne sont pas encore passées" in found.sentence
    assert [url for _title, url in found.links] == [f"/ateliers/missions/{what.pk}/sessions/{each.pk}/" for each in ahead]


def test_a_cancelled_session_blocks_nothing():
    what = done()
    session(what, day=3, state="cancelled", cancelled_at=timezone.now())

    assert blockers_of(what) == []


def test_attendance_within_its_window_blocks_until_it_is_declared_complete():
    from renfort.workshops.models import RollCall

    what = done(day=-2)
    assert keys(what) == {"attendance": 1}

    RollCall.objects.create(session=what.sessions.get(), declared_at=timezone.now())

    assert keys(what) == {}


def test_a_paid_part_blocks_until_its_fee_is_asked():
    what = done(standing="paid")
    assert keys(what) == {"fees": 1}

    fee(of=Enrolment.objects.get(session__assignment=what))

    assert keys(what) == {}


def test_a_draft_of_a_request_blocks():
    what = done()
    Round.objects.create(assignment=what)

    assert keys(what) == {"rounds": 1}


def test_the_refusal_says_every_blocker_with_its_number():
    able = facilitator()
    what = done(able, standing="paid", day=-2)
    session(what, day=4)

    with pytest.raises(Refused) as refused:
        fire(ASSIGNMENT, what, "close", actor=acting(able, Role.COORDINATOR))

    said = " ".join(refused.value.sentences)
    assert len(refused.value.sentences) == 3
    assert "1 session n'est pas encore passée" in said
    assert "Les présences de 1 session" in said
    assert "1 rétribution reste à demander" in said


def test_lines_not_reached_are_named_and_do_not_block():
    what = done(workshop=2, training=1)

    assert blockers_of(what) == []
    assert undelivered_of(what) == ["Atelier : 1 sur 2 commandés.", "Formation : 0 sur 1 commandés."]


def test_the_page_lists_what_blocks_and_closes_once_nothing_does():
    able = facilitator()
    what = done(able)
    ahead = session(what, day=5)
    browser, url = client_of(able.person), f"/ateliers/missions/{what.pk}/cloturer/"

    page = browser.get(url)
    assert page.status_code == 409
    assert f"/ateliers/missions/{what.pk}/sessions/{ahead.pk}/" in page.content.decode()
    assert browser.post(url).status_code == 409
    assert "1 session n" in browser.get(f"/ateliers/missions/{what.pk}/").content.decode()

    fire_cancel(ahead, able)

    assert browser.get(url).status_code == 200
    assert browser.post(url).status_code == 302
    assert Assignment.objects.get(pk=what.pk).state == "closed"
    assert browser.post(url).status_code == 409  # the second of two who close


def fire_cancel(one, able):
    from renfort.workshops.workflow import SESSION

    fire(SESSION, one, "cancel", actor=acting(able, Role.COORDINATOR), answers={"reason": "Plus de salle"})


def test_the_page_asks_for_a_reason_when_not_everything_was_delivered():
    able = facilitator()
    what = done(able, workshop=2)
    browser, url = client_of(able.person), f"/ateliers/missions/{what.pk}/cloturer/"

    assert "1 sur 2 commandés" in browser.get(url).content.decode()
    assert browser.post(url).status_code == 422
    assert browser.post(url, {"reason": "Le client renonce à la seconde."}).status_code == 302


def test_another_coordinator_finds_no_page():
    what = done()

    assert client_of(facilitator().person).get(f"/ateliers/missions/{what.pk}/cloturer/").status_code == 404


def test_the_pages_cost_the_same_for_one_and_twenty_sessions():
    able = facilitator()
    what = assignment("awarded", by=able, workshop=40)
    browser = client_of(able.person)

    def fill(start, count):
        for number in range(start, start + count):
            enrolment(session(what, day=-number - 1, state="held"), state="done", standing="paid")
            session(what, day=number + 1)

    fill(0, 1)
    urls = [f"/ateliers/missions/{what.pk}/", f"/ateliers/missions/{what.pk}/cloturer/"]
    before = [count(browser, url) for url in urls]
    fill(1, 19)

    assert [count(browser, url) for url in urls] == before


def count(browser, url):
    from django.test.utils import CaptureQueriesContext

    from renfort.kernel.recent import forget_all
    from renfort.parameters.selectors import is_open

    browser.get(url)
    forget_all()
    is_open("workshops")
    with CaptureQueriesContext(connection) as seen:
        browser.get(url)
    return len(seen)


# ── what is sealed ────────────────────────────────────────────────────────────────────────────────
def test_the_closing_seals_what_was_done_without_any_participant_s_name():
    what = closed()

    paper = sealed(what)

    with paper.file.open("rb") as file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest() == paper.digest
    (row,) = paper.facts["rows"]
    assert (row["expected"], row["present"]) == (1, 1)
    assert row["who"]
    assert paper.facts["figures"] == [{"kind": "workshop", "ordered": 1, "done": 1}]
    assert "Diallo" not in str(paper.facts)
    assert "awa@" not in str(paper.facts)


def test_the_reason_of_an_order_not_delivered_is_in_what_is_sealed():
    able = facilitator()
    what = done(able, workshop=2)
    fire(ASSIGNMENT, what, "close", actor=acting(able, Role.COORDINATOR), answers={"reason": "Le client renonce."})

    assert sealed(what).facts["reason"] == "Le client renonce."


def test_coordinator_association_and_client_s_contact_download_the_same_file():
    from tests.factories import account, person

    able = facilitator()
    what = closed(able)
    follower = account(person()).person
    contact(what.order.client, person=follower)
    ours = f"/ateliers/missions/{what.pk}/bilan/"

    files = [
        b"".join(client_of(who).get(url).streaming_content)
        for who, url in [
            (able.person, ours), (staff(), ours),
            (follower, f"/ateliers/client/{what.order.client_id}/commandes/{what.pk}/bilan/"),
        ]
    ]  # fmt: skip

    assert files[0].startswith(b"%PDF")
    assert len(set(files)) == 1
    assert client_of(facilitator().person).get(ours).status_code == 404


def test_a_closing_that_fails_seals_nothing():
    able = facilitator()
    what = done(able)
    session(what, day=2)

    with pytest.raises(Refused):
        fire(ASSIGNMENT, what, "close", actor=acting(able, Role.COORDINATOR))

    assert not Paper.objects.filter(kind="workshops.closing").exists()


# ── a mistake ─────────────────────────────────────────────────────────────────────────────────────
def test_a_mistake_is_a_new_order_that_follows_the_closed_one():
    what, chief = closed(), acting(staff(), Role.ASSOCIATION_STAFF)
    facts = CorrectionFacts(title="Correction", why="Un atelier oublié")

    made = correct(actor=chief, assignment=what, facts=facts)

    assert (made.follows, made.state, made.order.client) == (what, "draft", what.order.client)
    assert made.order_id != what.order_id
    assert Assignment.objects.get(pk=what.pk).state == "closed"
    with pytest.raises(Refused, match="déjà en cours"):
        correct(actor=chief, assignment=what, facts=facts)


def test_only_the_association_corrects_and_only_what_is_closed():
    able = facilitator()
    what = closed(able)
    facts = CorrectionFacts(title="Correction", why="Un atelier oublié")

    with pytest.raises(NotAllowed):
        correct(actor=acting(able, Role.COORDINATOR), assignment=what, facts=facts)
    with pytest.raises(Refused, match="Seule une mission clôturée"):
        correct(actor=acting(staff(), Role.ASSOCIATION_STAFF), assignment=done(), facts=facts)
    assert client_of(able.person).get(f"/ateliers/missions/{what.pk}/corriger/").status_code == 404


# ── closed means unchanged: by SQL ────────────────────────────────────────────────────────────────
WRITES = {
    "session added": lambda what: session(what, day=9),
    "session changed": lambda what: Session.objects.filter(assignment=what).update(participants=3),
    "session deleted": lambda what: Session.objects.filter(assignment=what)._raw_delete("default"),
    "enrolment added": lambda what: enrolment(what.sessions.get()),
    "enrolment changed": lambda what: Enrolment.objects.filter(session__assignment=what).update(standing="paid"),
    "enrolment deleted": lambda what: Enrolment.objects.filter(session__assignment=what)._raw_delete("default"),
    "participant added": lambda what: registration(what.sessions.get(), email="tom@example.org"),
    "participant changed": lambda what: Registration.objects.filter(session__assignment=what).update(language="en"),
    "participant renamed": lambda what: Registration.objects.filter(session__assignment=what).update(first_name="Zoé"),
    "participant deleted": lambda what: Registration.objects.filter(session__assignment=what)._raw_delete("default"),
    "invitee added": lambda what: Invitee.objects.create(
        session=what.sessions.get(), email="z@example.org", invited_at=timezone.now()
    ),
    "invitee changed": lambda what: Invitee.objects.filter(session__assignment=what).update(email="autre@example.org"),
    "invitee deleted": lambda what: Invitee.objects.filter(session__assignment=what)._raw_delete("default"),
    "line added": lambda what: OrderLine.objects.create(
        order=what.order, kind="workshop", presence="online", quantity=1, languages=["fr"], unit_price=1
    ),
    "line changed": lambda what: OrderLine.objects.filter(order=what.order).update(quantity=9),
    "line deleted": lambda what: OrderLine.objects.filter(order=what.order)._raw_delete("default"),
    "order changed": lambda what: Order.objects.filter(pk=what.order_id).update(title="Autre"),
    "order signed": lambda what: Order.objects.filter(pk=what.order_id).update(
        signed_on=timezone.localdate(), signed_by="Paul Martin"
    ),
    "order moved": lambda what: OrderLine.objects.filter(order=assignment("draft").order).update(order=what.order),
    "candidacy added": lambda what: Candidacy.objects.create(
        assignment=what, facilitator=facilitator(), created_at=timezone.now()
    ),
    "candidacy changed": lambda what: Candidacy.objects.filter(assignment=what).update(words="Autre"),
    "candidacy withdrawn": lambda what: Candidacy.objects.filter(assignment=what).update(withdrawn_at=timezone.now()),
    "candidacy deleted": lambda what: Candidacy.objects.filter(assignment=what)._raw_delete("default"),
    "round added": lambda what: Round.objects.create(assignment=what),
    "assignment given to another": lambda what: Assignment.objects.filter(pk=what.pk).update(coordinator=facilitator()),
    "assignment put on another order": lambda what: Assignment.objects.filter(pk=what.pk).update(order=done().order),
    "assignment reopened": lambda what: Assignment.objects.filter(pk=what.pk).update(state="awarded", closed_at=None),
    "assignment deleted": lambda what: Assignment.objects.filter(pk=what.pk)._raw_delete("default"),
}


@pytest.mark.parametrize("name", WRITES)
def test_the_database_refuses_every_write_on_a_closed_mission(name):
    what = closed()

    with pytest.raises(IntegrityError), transaction.atomic():
        WRITES[name](what)


BEYOND = ("round", "assignment", "order", "session deleted")  # other rules hold these, closed or not


@pytest.mark.parametrize("name", [name for name in WRITES if not name.startswith(BEYOND)])
def test_the_same_writes_go_through_while_it_is_under_way(name):
    """The control: the refusals above are the closing's doing."""
    what = done()
    registration(what.sessions.get(), "present", email="awa@example.org")
    Invitee.objects.create(session=what.sessions.get(), email="lea@example.org", invited_at=timezone.now())
    with transaction.atomic():
        assert WRITES[name](what)  # the row that was made, or how many were written


# ── closed means unchanged: by every page ─────────────────────────────────────────────────────────
def everything_of(what):
    """All rows of a mission, as text."""
    tables = {
        "workshops_assignment": f"id = {what.pk}",
        "workshops_order": f"id = {what.order_id}",
        "workshops_orderline": f"order_id = {what.order_id}",
        "workshops_candidacy": f"assignment_id = {what.pk}",
        "workshops_round": f"assignment_id = {what.pk}",
        "workshops_session": f"assignment_id = {what.pk}",
    }
    of_sessions = ["workshops_enrolment", "workshops_registration", "workshops_invitee", "workshops_joinlink"]
    tables |= dict.fromkeys(of_sessions, f"session_id IN (SELECT id FROM workshops_session WHERE assignment_id = {what.pk})")
    found = {}
    with connection.cursor() as cursor:
        for table, where in tables.items():
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t WHERE {where} ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


def own_addresses(what, one, on, who, line):
    """Every address that takes a POST about this mission, with an answer that would do something if it could."""
    from django.urls import get_resolver
    from tests.test_permissions import patterns

    known = {"pk": what.pk, "session": one.pk, "enrolment": on.pk, "registration": who.pk, "line": line.pk, "half": 1}
    steps = {
        "session-act": ["annuler"],
        "enrolment-act": ["retirer", "statut", "absence", "presence"],
        "assignment-act": ["rendre", "reprendre", "annuler", "cloturer"],
        "order-act": ["annuler", "confier", "reprendre", "proposer"],
        "own-session-act": ["se-desinscrire"],
    }
    by_order = ("order", "line", "order-")
    for pattern, name in patterns(get_resolver()):
        short = name.removeprefix("workshops:")
        if not name.startswith("workshops:") or "token" in pattern:
            continue
        keys = dict(known)
        if short.startswith(by_order):
            keys["pk"] = what.order_id
        if short.startswith("own-session"):
            keys["pk"] = on.pk
        if "association/clients" in pattern or short in ("facilitator", "document-add", "opportunity"):
            continue
        for step in steps.get(short, ["annuler"]):
            url = "/" + pattern
            for key, value in {**keys, "path": step, "organisation": what.order.client_id, "number": one.pk}.items():
                for kind in ("int", "str", "slug"):
                    url = url.replace(f"<{kind}:{key}>", str(value))
            if "<" not in url:
                yield short, url


ANSWERS = {
    "kind": "workshop", "day": "2030-05-14", "starts": "14:00", "ends": "17:00", "zone": "Europe/Paris", "presence": "on_site",
    "city": "Lyon", "language": "fr", "participants": "9", "leads": "2", "addresses": "new@example.org", "standing": "volunteer",
    "reason": "Parce que", "title": "Autre titre", "audience": "education", "quantity": "7", "languages": ["fr"], "price": "12",
    "signed_on": "2026-01-05", "signed_by": "Paul Martin", "faire": "ouvrir", "email": "new@example.org", "first_name": "Zoé",
    "last_name": "Petit", "count": "12", "state": "present", "present": "1",
}  # fmt: skip


def test_no_page_changes_anything_of_a_closed_mission():
    """Every POST of the coordination, the association and who leads: whatever is answered, not one row differs (W10)."""
    able = facilitator()
    what = closed(able)
    one, on, who = what.sessions.get(), Enrolment.objects.get(session__assignment=what), Registration.objects.get()
    before = everything_of(what)
    browsers = [client_of(able.person), client_of(staff()), client_of(on.facilitator.person), client_of(None)]
    tried = 0

    for name, url in own_addresses(what, one, on, who, what.order.lines.get()):
        for browser in browsers:
            status = browser.post(url, ANSWERS).status_code
            tried += 1
            assert status < 500, (name, url, status)
            assert everything_of(what) == before, (name, url, status)

    assert tried > 80


# ── what goes on ──────────────────────────────────────────────────────────────────────────────────
def test_a_request_sent_before_the_closing_is_approved_after_it():
    from renfort.workshops.workflow import ROUND

    able = facilitator()
    what = done(able, standing="paid")
    sent = fee(of=Enrolment.objects.get(session__assignment=what)).round
    fire(ASSIGNMENT, what, "close", actor=acting(able, Role.COORDINATOR))

    assert fire(ROUND, sent, "approve", actor=acting(staff(), Role.ASSOCIATION_STAFF)).state == "approved"


def test_an_erasure_owed_by_law_goes_on():
    what = closed()

    Registration.objects.filter(session__assignment=what).update(email="", first_name="", last_name="")
    Invitee.objects.filter(session__assignment=what).update(email="")
    Candidacy.objects.filter(assignment=what).update(words="")

    assert not Invitee.objects.exclude(email="").exists()


def test_a_facilitator_s_documents_go_on_after_the_closing():
    able = facilitator()
    closed(able)

    assert document(able, "insurance", until=900).valid_until > timezone.localdate() + days(800)


def test_the_association_is_told_that_the_client_may_be_invoiced():
    from renfort.notifications.models import Outgoing

    chief = staff()
    closed()

    letter = Outgoing.objects.get(message="workshops.assignment.closed", address=chief.account.email)
    assert "le client peut être facturé" in letter.text
