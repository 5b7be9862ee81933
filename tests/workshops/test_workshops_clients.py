"""Clients with several contacts, the public directory, and what a contact follows (W11)."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.factories import account, client_of, person
from tests.factories.workshops import acting, assignment, client, contact, enrolment, facilitator, registration, session, staff

from renfort.kernel.firing import NotAllowed, Refused, Stale
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Role
from renfort.organisations.models import Grant
from renfort.organisations.rules import is_siret
from renfort.organisations.selectors import actor_of
from renfort.organisations.selectors.directory import Listed, SilentError
from renfort.workshops.models import Client, ClientContact
from renfort.workshops.selectors.clients import contact_link, contact_of_token
from renfort.workshops.services.clients import (
    ContactFacts,
    accept_contact,
    add_contact,
    change_contact,
    end_access,
    invite_contact,
    remove_contact,
)

pytestmark = pytest.mark.django_db


def chief():
    return acting(staff(), Role.ASSOCIATION_STAFF)


# ── contacts ──────────────────────────────────────────────────────────────────────────────────────
def test_a_client_has_one_main_contact_whoever_becomes_it():
    of = client()
    second = add_contact(actor=chief(), client=of, facts=ContactFacts(name="Inès Roche", email="ines@example.org"))
    assert not second.is_main

    change_contact(actor=chief(), contact=second, facts=ContactFacts(name="Inès Roche", email="ines@example.org", is_main=True))

    assert [each.name for each in ClientContact.objects.filter(client=of, is_main=True)] == ["Inès Roche"]
    assert Client.objects.get(pk=of.pk).contact_name == "Inès Roche"


def test_the_main_contact_is_neither_removed_nor_unmade():
    main = client().main_contact

    with pytest.raises(Refused, match="désignez-en"):
        remove_contact(actor=chief(), contact=main)
    with pytest.raises(Refused, match="Il faut un contact principal"):
        change_contact(actor=chief(), contact=main, facts=ContactFacts(name="Paul Martin", email="paul@example.org"))


def test_two_contacts_of_a_client_never_share_an_address():
    of = client()

    with pytest.raises(Refused, match="déjà cette adresse"):
        add_contact(actor=chief(), client=of, facts=ContactFacts(name="Autre", email="paul@example.org"))


def test_an_old_page_does_not_overwrite_a_contact():
    one = contact(client())
    change_contact(actor=chief(), contact=one, facts=ContactFacts(name="Inès R.", email="ines@example.org"), seen=1)

    with pytest.raises(Stale):
        change_contact(actor=chief(), contact=one, facts=ContactFacts(name="Autre"), seen=1)


def test_nobody_but_the_association_writes_contacts():
    of = client()

    with pytest.raises(NotAllowed):
        add_contact(actor=acting(facilitator(), Role.FACILITATOR), client=of, facts=ContactFacts(name="Moi"))


def test_a_contact_is_added_by_the_page_once_though_it_is_sent_twice():
    of, browser = client(), client_of(staff())
    said = {"name": "Inès Roche", "email": "INES@example.org", "form_token": "5f0c54f0-5f0e-4a39-9b6c-0f6f3f0f0f0a"}

    for _ in range(2):
        assert browser.post(f"/ateliers/association/clients/{of.pk}/contacts/nouveau/", said).status_code == 302

    assert of.contacts.filter(email="ines@example.org").count() == 1


# ── following the orders ──────────────────────────────────────────────────────────────────────────
def test_the_link_lets_one_person_follow_the_orders_once():
    of = client()
    invited = invite_contact(actor=chief(), contact=of.main_contact)
    letter = Outgoing.objects.get(message="workshops.clientcontact.invited")
    assert letter.address == "paul@example.org"
    link = contact_link(invited)
    assert link in letter.text
    someone = account(person()).person
    browser = client_of(someone)

    assert "Suivre les commandes de" in browser.get(link).content.decode()
    assert browser.post(link).url == f"/ateliers/client/{of.pk}/"
    assert browser.get(f"/ateliers/client/{of.pk}/").status_code == 200
    assert client_of(account(person()).person).get(link).status_code == 404  # used


def test_another_link_shuts_the_former():
    of = client()
    first = contact_link(invite_contact(actor=chief(), contact=of.main_contact))
    invite_contact(actor=chief(), contact=of.main_contact)

    assert client_of(staff()).get(first).status_code == 404


def test_another_address_shuts_the_link_sent_to_the_former():
    of = client()
    invited = invite_contact(actor=chief(), contact=of.main_contact)
    token = contact_link(invited).rstrip("/").rpartition("/")[2]
    assert contact_of_token(token) is not None

    change_contact(actor=chief(), contact=invited, facts=ContactFacts(name="Paul", email="autre@example.org", is_main=True))

    assert contact_of_token(token) is None


def test_taking_the_access_back_ends_the_role_at_once():
    what = assignment("awarded")
    someone = account(person()).person
    one = contact(what.order.client, person=someone)
    browser, url = client_of(someone), f"/ateliers/client/{what.order.client_id}/"
    assert browser.get(url).status_code == 200

    end_access(actor=chief(), contact=one)

    assert browser.get(url).status_code == 404
    assert not Grant.objects.filter(person=someone, role=Role.CLIENT_CONTACT, valid_until=None).exists()


def test_a_contact_without_address_is_not_invited():
    of = client()

    with pytest.raises(Refused, match="pas d'adresse"):
        invite_contact(actor=chief(), contact=contact(of, email=""))


def test_one_person_is_not_two_contacts_of_a_client():
    of, someone = client(), account(person()).person
    contact(of, person=someone)
    invited = invite_contact(actor=chief(), contact=of.main_contact)

    with pytest.raises(Refused, match="déjà les commandes"):
        accept_contact(actor=actor_of(someone.pk), contact=invited)


def test_a_contact_sees_the_own_client_s_orders_in_numbers_and_nobody_else_s():
    able = facilitator()
    mine, theirs, draft = assignment("awarded", by=able), assignment("awarded"), assignment("draft")
    one = session(mine)
    enrolment(one)
    registration(one, email="awa@example.org", first_name="Awa", last_name="Diallo")
    someone = account(person()).person
    contact(mine.order.client, person=someone)
    browser, base = client_of(someone), f"/ateliers/client/{mine.order.client_id}/"

    page = browser.get(f"{base}commandes/{mine.pk}/").content.decode()

    assert "1 inscrit·es, 0 présent·es" in page
    assert "Diallo" not in page
    assert "450" not in page  # no price
    assert browser.get(f"{base}commandes/{theirs.pk}/").status_code == 404
    assert browser.get(f"/ateliers/client/{theirs.order.client_id}/").status_code == 404
    assert browser.get(f"/ateliers/missions/{mine.pk}/").status_code == 404
    assert browser.get(f"{base}commandes/{draft.pk}/").status_code == 404


def test_a_contact_finds_the_link_to_hand_on_while_the_session_is_to_come():
    from renfort.workshops.models import JoinLink
    from renfort.workshops.selectors.join_links import JOIN, join_link_of, new_address

    what = assignment("awarded")
    to_come, past = session(what, day=4), session(what, day=-4, state="held")
    for one in (to_come, past):
        seed, digest = new_address(JOIN)
        JoinLink.objects.create(session=one, seed=seed, digest=digest, opened_at=timezone.now())
    someone = account(person()).person
    contact(what.order.client, person=someone)

    page = client_of(someone).get(f"/ateliers/client/{what.order.client_id}/commandes/{what.pk}/").content.decode()

    assert join_link_of(to_come) in page
    assert join_link_of(past) not in page


# ── the public directory ──────────────────────────────────────────────────────────────────────────
class Known:
    """What a directory recorded for one SIRET; silent for another."""

    is_on = True

    def look_up(self, number):
        if number == "35600000049837":
            raise SilentError("timed out")
        if number == "35600000000048":
            return Listed(name="LA POSTE", siret=number, address="9 RUE DU COLONEL PIERRE AVIA", postcode="75015", city="PARIS")
        return None


@pytest.fixture
def known(settings):
    settings.DIRECTORY_SERVICE = f"{__name__}.Known"


def test_offices_of_the_post_have_a_siret_too():
    """A.7: the sum of the digits, not Luhn's key."""
    assert is_siret("35600000049837")
    assert not is_siret("35600000049838")


def test_the_directory_fills_the_form_in_and_writes_nothing(known):
    browser = client_of(staff())

    page = browser.get("/ateliers/association/clients/annuaire/?siret=356 000 000 00048").content.decode()

    assert "LA POSTE" in page
    assert "name=LA%20POSTE" in page
    assert not Client.objects.exists()
    form = browser.get("/ateliers/association/clients/nouveau/?siret=35600000000048&name=LA%20POSTE&city=PARIS").content.decode()
    assert 'value="LA POSTE"' in form


@pytest.mark.parametrize(
    ("siret", "status", "words"),
    [("35600000049837", 409, "ne répond pas"), ("73282932000074", 200, "ne connaît pas ce SIRET"), ("123", 422, "pas exact")],
)
def test_a_silent_directory_and_a_wrong_number_are_said_in_words(known, siret, status, words):
    page = client_of(staff()).get(f"/ateliers/association/clients/annuaire/?siret={siret}")

    assert page.status_code == status
    assert words in page.content.decode()


def test_without_a_directory_the_form_is_filled_by_hand():
    page = client_of(staff()).get("/ateliers/association/clients/annuaire/?siret=35600000000048")

    assert page.status_code == 409
    assert "à la main" in page.content.decode()
