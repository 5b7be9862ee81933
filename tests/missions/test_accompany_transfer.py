"""R55: a mission goes to another organisation, when that one accepts; all that hangs on it follows, and everybody knows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from tests.factories import (
    actor,
    as_manager,
    at,
    book,
    client_of,
    grant,
    manager,
    mission,
    organisation,
    participation,
    referent,
    slot,
    turn,
    volunteer,
)

from renfort.kernel.firing import NotAllowed, Refused, fire, fire_due
from renfort.missions.enums import MissionState as M
from renfort.missions.enums import ParticipationState as P
from renfort.missions.enums import TransferState as T
from renfort.missions.models import Favourite, Mission, Participation, Transfer, Unfinished
from renfort.missions.rules import contact_is_open
from renfort.missions.selectors.contacts import contact_open
from renfort.missions.selectors.participation import participations_visible
from renfort.missions.services.participation import apply
from renfort.missions.services.transfers import propose_transfer
from renfort.missions.workflow import MISSION, PARTICIPATION, TRANSFER
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import OrganisationState, Programme, Role
from renfort.organisations.models import Grant

pytestmark = pytest.mark.django_db
OFFICER = "reserve:referent:department:"


def acting(someone):
    return actor(someone).in_role(OFFICER)


@pytest.fixture
def sides():
    """A mission of one organisation, another one that could take it, and the referent of both."""
    giver, receiver = organisation(name="Les Voisins"), organisation(name="Entraide Gironde")
    hosts = manager(giver, first_name="Awa", last_name="Diallo"), manager(receiver, first_name="Léo", last_name="Repreneur")
    return mission(giver, places=5), *hosts, receiver, referent("33", first_name="Tao", last_name="Nguyen")


def proposed(sides, **more) -> Transfer:
    what, _giver, _taker, receiver, officer = sides
    return propose_transfer(actor=acting(officer), mission=what, receiver=receiver, **more)


def accept(made, someone, contacts="mine"):
    who = actor(someone).in_role(f"reserve:manager:organisation:{made.receiver_id}")
    return fire(TRANSFER, made, "accept", actor=who, answers={"contacts": contacts})


# ── the proposal ──────────────────────────────────────────────────────────────────────────────────
def test_both_organisations_are_told_and_nothing_has_moved(sides):
    what, giver, taker, _receiver, _officer = sides
    proposed(sides, words="Vos salles sont plus grandes.")

    letters = {letter.address: letter for letter in Outgoing.objects.all()}
    assert set(letters) == {giver.account.email, taker.account.email}
    assert all("Vos salles sont plus grandes." in letter.text for letter in letters.values())
    assert Mission.objects.get(pk=what.pk).organisation_id == what.organisation_id


def test_the_page_looks_for_the_organisation_and_says_first_what_happens(sides):
    what, _giver, _taker, receiver, officer = sides
    participation(what)
    elsewhere = organisation(name="Entraide Paris", department_id="75")
    unread = organisation(name="Entraide Nouvelle", state=OrganisationState.WAITING)
    browser, url = client_of(officer), reverse("missions:referent-transfer", args=[what.pk])

    page = browser.get(url).content.decode()
    assert "1 proposition en attente" in page and receiver.name not in page
    page = browser.get(f"{url}?q=entraide").content.decode()
    assert [name in page for name in (receiver.name, elsewhere.name, unread.name)] == [True, False, False]
    assert browser.post(f"{url}?q=entraide", {"receiver": elsewhere.pk}).status_code == 422
    answer = browser.post(f"{url}?q=entraide", {"receiver": receiver.pk, "message": "Pourquoi pas ?"})
    assert (answer.status_code, Transfer.objects.get().receiver_id) == (302, receiver.pk)
    assert receiver.name in browser.get(answer["Location"]).content.decode()
    assert browser.post(f"{url}?q=entraide", {"receiver": receiver.pk}).status_code == 409


@pytest.mark.parametrize("state", [M.DRAFT, M.REFUSED, M.ENDED, M.CANCELLED])
def test_only_an_open_mission_moves(state):
    what, officer = mission(state=state), referent("33")

    with pytest.raises((Refused, NotAllowed)):
        propose_transfer(actor=acting(officer), mission=what, receiver=manager_of_new())


def manager_of_new(**facts):
    where = organisation(**facts)
    manager(where)
    return where


@pytest.mark.parametrize(
    "facts", [{"state": OrganisationState.WAITING}, {"state": OrganisationState.FLAGGED}, {"department_id": "75"}]
)
def test_only_to_a_valid_organisation_of_the_territory(facts):
    what, officer = mission(), referent("33")

    with pytest.raises(Refused):
        propose_transfer(actor=acting(officer), mission=what, receiver=manager_of_new(**facts))


def test_not_to_an_organisation_that_nobody_looks_after():
    with pytest.raises(Refused, match="plus de responsable"):
        propose_transfer(actor=acting(referent("33")), mission=mission(), receiver=organisation())


def test_nobody_proposes_on_either_side_of_their_own(sides):
    """R52: a referent who is of one of the two teams leaves it to another."""
    what, _giver, _taker, receiver, officer = sides
    grant(officer, Programme.RESERVE, Role.MISSION_TUTOR, receiver)

    with pytest.raises(NotAllowed):
        proposed(sides)
    with pytest.raises(NotAllowed):
        propose_transfer(actor=as_manager(what.organisation), mission=what, receiver=receiver)
    with pytest.raises(NotAllowed):
        propose_transfer(actor=acting(referent("75")), mission=what, receiver=receiver)


def test_one_open_proposal_for_a_mission_whoever_writes(sides):
    made = proposed(sides)

    with pytest.raises(Refused, match="déjà proposé"):
        proposed(sides)
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.create(
            mission=made.mission, giver=made.giver, receiver=made.receiver, proposed_by=made.proposed_by,
            created_at=timezone.now(), expires_at=timezone.now(),
        )  # fmt: skip


# ── the answer ────────────────────────────────────────────────────────────────────────────────────
def test_all_that_hangs_on_the_mission_follows(sides):
    what, giver, taker, receiver, _officer = sides
    waiting, expected = participation(what), participation(what, state=P.ACCEPTED)
    in_line = turn(what)
    Favourite.objects.create(person=volunteer(), mission=what, created_at=timezone.now())
    Unfinished.objects.create(
        token="5f0c54f0-5f0e-4a39-9b6c-0f6f3f0f0f0f", person=giver, organisation=what.organisation, mission=what, said={},
        created_at=timezone.now(), saved_at=timezone.now(),
    )  # fmt: skip

    made = accept(proposed(sides), taker)

    after = Mission.objects.get(pk=what.pk)
    assert (made.state, after.organisation_id, after.responsible_id, after.state) == (
        T.ACCEPTED,
        receiver.pk,
        taker.pk,
        M.PUBLISHED,
    )
    assert after.version == what.version + 1, "a form that is open elsewhere is told"
    assert set(Participation.objects.values_list("organisation_id", "state")) == {
        (receiver.pk, P.PENDING),
        (receiver.pk, P.ACCEPTED),
    }
    assert list(participations_visible(as_manager(receiver)).order_by("pk")) == [waiting, expected]
    assert not participations_visible(actor(giver)).exists()
    assert Favourite.objects.filter(mission=after).exists() and after.line.get() == in_line
    assert [contact.name for contact in after.contacts.all()] == ["Léo Repreneur"]
    assert not Unfinished.objects.exists()
    assert client_of(giver).get(reverse("missions:host-mission", args=[what.organisation_id, what.pk])).status_code == 404
    page = client_of(taker).get(reverse("missions:host-mission", args=[receiver.pk, what.pk])).content.decode()
    assert "Mission passée à une autre structure" in page and "Les Voisins → Entraide Gironde" in page


def test_slots_follow_with_who_holds_them(sides):
    """R61."""
    what, _giver, taker, receiver, _officer = sides
    morning = slot(what)
    held = book(participation(what, state=P.ACCEPTED), morning)

    accept(proposed(sides), taker)

    held.refresh_from_db()
    assert (held.organisation_id, held.bookings.get().slot) == (receiver.pk, morning)


def test_contacts_are_kept_when_the_receiver_says_so(sides):
    what, _giver, taker, _receiver, _officer = sides

    accept(proposed(sides), taker, "kept")
    assert [contact.name for contact in Mission.objects.get(pk=what.pk).contacts.all()] == ["Maryse Contact"]


def test_every_volunteer_concerned_is_told_with_the_way_out(sides):
    """R37: they applied to another organisation; they know who reads their data now, and may leave in one click."""
    what, giver, taker, _receiver, officer = sides
    waiting, in_line = participation(what), turn(what)
    gone = participation(what, state=P.WITHDRAWN)
    made = proposed(sides)
    Outgoing.objects.all().delete()

    accept(made, taker)

    letters = {letter.address: letter.text for letter in Outgoing.objects.all()}
    told = {someone.account.email for someone in (waiting.person, in_line.person, giver, officer)}
    assert set(letters) == told and gone.person.account.email not in letters
    own = letters[waiting.person.account.email]
    assert "Entraide Gironde" in own and reverse("missions:volunteer-participation-act", args=[waiting.pk, "abandonner"]) in own


@pytest.mark.parametrize("state", [P.REFUSED, P.WITHDRAWN])
def test_what_was_closed_before_shows_no_contact_data_to_the_new_organisation(sides, state):
    """R37, P10: thirty days are for the organisation applied to."""
    what, _giver, taker, _receiver, _officer = sides
    closed = participation(what, state=state)
    assert contact_is_open(closed)

    accept(proposed(sides), taker)

    closed = Participation.objects.annotate(shown=contact_open(timezone.now())).get(pk=closed.pk)
    assert (contact_is_open(closed), closed.shown) == (False, False)


def test_whoever_leaves_after_the_move_is_hidden_at_once(sides):
    what, _giver, taker, _receiver, _officer = sides
    waiting = participation(what)
    accept(proposed(sides), taker)
    waiting.refresh_from_db()
    assert contact_is_open(waiting)

    fire(PARTICIPATION, waiting, "withdraw", actor=actor(waiting.person), answers={"reason": "other"})

    waiting = Participation.objects.annotate(shown=contact_open(timezone.now())).get(pk=waiting.pk)
    assert (contact_is_open(waiting), waiting.shown) == (False, False)


@pytest.mark.parametrize(("side", "verb"), [("taker", "refuse"), ("giver", "object")])
def test_either_organisation_may_say_no(sides, side, verb):
    what, giver, taker, receiver, officer = sides
    someone, where = (taker, receiver) if side == "taker" else (giver, what.organisation)
    made = proposed(sides)
    Outgoing.objects.all().delete()
    browser, url = client_of(someone), reverse("missions:host-transfer", args=[where.pk, made.pk])

    page = browser.get(url).content.decode()
    path = TRANSFER[verb].path
    assert f"{url}{path}/" in page
    assert browser.post(f"{url}{path}/", {"message": "Nous gardons l'équipe."}).status_code == 302

    made.refresh_from_db()
    assert (made.state, Mission.objects.get(pk=what.pk).organisation_id) == (T.REFUSED, what.organisation_id)
    others = {person.account.email for person in (giver, taker, officer)} - {someone.account.email}
    assert set(Outgoing.objects.values_list("address", flat=True)) == others


def test_the_giver_cannot_accept_and_a_third_one_sees_nothing(sides):
    _what, giver, _taker, receiver, _officer = sides
    made = proposed(sides)

    with pytest.raises(NotAllowed):
        fire(TRANSFER, made, "accept", actor=actor(giver), answers={"contacts": "mine"})
    third = manager()
    where = Grant.objects.get(person=third).organisation_id
    assert client_of(third).get(reverse("missions:host-transfer", args=[where, made.pk])).status_code == 404
    assert client_of(third).get(reverse("missions:host-transfer", args=[receiver.pk, made.pk])).status_code == 404


def test_the_page_names_no_volunteer_before_the_mission_is_ones_own(sides):
    what, _giver, taker, receiver, _officer = sides
    helper = volunteer(last_name="Secrète")
    participation(what, helper)
    made = proposed(sides)
    url = reverse("missions:host-transfer", args=[receiver.pk, made.pk])
    browser = client_of(taker)

    shown = browser.get(url).content.decode() + browser.get(f"{url}accepter/").content.decode()
    assert "Secrète" not in shown and "1 proposition en attente" in shown


def test_the_referent_withdraws_the_proposal(sides):
    _what, _giver, _taker, _receiver, officer = sides
    made = proposed(sides)

    answer = client_of(officer).post(reverse("missions:referent-transfer-act", args=[made.pk, "retirer"]))
    made.refresh_from_db()
    assert (answer.status_code, made.state) == (302, T.WITHDRAWN)
    assert proposed(sides).state == T.PROPOSED, "another one may be proposed then"


@pytest.mark.parametrize("why", ["time", "cancelled", "flagged"])
def test_a_proposal_lapses_when_nobody_answers_or_nothing_is_left(sides, why):
    what, giver, _taker, receiver, _officer = sides
    made, now = proposed(sides), timezone.now()
    if why == "time":
        now += timedelta(days=15)
        Mission.objects.filter(pk=what.pk).update(ends_on=(now + timedelta(days=9)).date())
    elif why == "cancelled":
        fire(MISSION, what, "cancel", actor=actor(giver), answers={"reason": "other"})
    else:
        receiver.__class__.objects.filter(pk=receiver.pk).update(name=receiver.name)
        fire_flag(receiver)

    with at(now):
        fire_due(now, flows=[TRANSFER])
    made.refresh_from_db()
    assert made.state == T.EXPIRED


def fire_flag(where):
    from renfort.organisations.workflow import ORGANISATION

    fire(ORGANISATION, where, "flag", actor=actor(referent("33")), answers={"reasons": "Plainte."})


def test_a_proposal_that_is_too_old_cannot_be_accepted_though_the_clock_slept(sides):
    _what, _giver, taker, _receiver, _officer = sides
    made = proposed(sides)
    Transfer.objects.filter(pk=made.pk).update(expires_at=timezone.now() - timedelta(minutes=1))

    with pytest.raises(Refused, match="délai"):
        accept(made, taker)


def test_who_applies_from_a_page_of_before_is_told(sides):
    """R37: one applies to an organisation; a page of the former one proposes nothing to the new one."""
    what, _giver, taker, _receiver, _officer = sides
    stale = Mission.objects.get(pk=what.pk)
    accept(proposed(sides), taker)
    someone = volunteer()

    with pytest.raises(Refused, match="autre structure"):
        apply(actor=actor(someone), person=someone, mission=stale, ticked=what.rules)
