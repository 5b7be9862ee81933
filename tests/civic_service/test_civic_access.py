"""S1: « connu, invité, connecté »: who of an establishment can come in, and the link by which one does so the first time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from tests.factories import account, client_of, grant, person
from tests.factories.civic_service import (
    acting,
    case_manager,
    establishment,
    federation,
    lead,
    service_tutor,
)

from renfort.audit.models import Entry
from renfort.civic_service.enums import Access, PostRole
from renfort.civic_service.models import AccessInvitation, Post
from renfort.civic_service.selectors.access import access_of
from renfort.civic_service.services.access import invite_person
from renfort.kernel.firing import NotAllowed, Refused
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Programme, Role
from renfort.people.models import Account

pytestmark = pytest.mark.django_db
PASSWORD = "quatre chevaux dans un pré"
RIGHT = {"password1": PASSWORD, "password2": PASSWORD}


def known(where, **facts):
    """Somebody whom the directory names as tutor: a person with a post and a right, without account."""
    someone = person(**facts)
    held = grant(someone, Programme.CIVIC_SERVICE, Role.SERVICE_TUTOR, where.organisation)
    Post.objects.create(
        establishment=where, person=someone, role=PostRole.TUTOR, grant=held, began_at=timezone.now(),
        source="directory", confirmed_at=timezone.now(),
    )  # fmt: skip
    return someone


@pytest.fixture
def where():
    return establishment()


@pytest.fixture
def boss(where):
    return acting(lead(where), Role.ESTABLISHMENT_LEAD)


def asked(boss, where, someone):
    """The address of the link that somebody was sent."""
    made, _sent = invite_person(actor=boss, person=someone, establishment=where)
    return f"/service-civique/acces/{made.token}/"


# ── how somebody stands ───────────────────────────────────────────────────────────────────────────
def test_from_known_to_invited_to_connected_at_the_first_sign_in(boss, where):
    someone = known(where)
    assert access_of([someone]) == {someone.pk: Access.KNOWN}

    link = asked(boss, where, someone)
    assert access_of([someone.pk]) == {someone.pk: Access.INVITED}

    answer = Client().post(link, RIGHT)
    assert (answer.status_code, access_of([someone])[someone.pk]) == (302, Access.CONNECTED)


def test_a_link_that_is_over_leaves_somebody_known(boss, where):
    someone = known(where)
    asked(boss, where, someone)
    AccessInvitation.objects.update(sent_at=timezone.now() - timedelta(days=30), expires_at=timezone.now() - timedelta(days=1))

    assert access_of([someone]) == {someone.pk: Access.KNOWN}


def test_an_account_that_never_came_in_or_is_closed_is_not_connected(where):
    waiting, gone = known(where), known(where)
    account(waiting)
    account(gone, is_active=False, last_login=timezone.now())

    assert set(access_of([waiting, gone]).values()) == {Access.KNOWN}


@pytest.mark.parametrize("many", [1, 20])
def test_asking_for_many_costs_one_query(where, many, django_assert_num_queries):
    people = [known(where) for _ in range(many)]
    with django_assert_num_queries(1):
        assert len(access_of(people)) == many
    with django_assert_num_queries(0):
        assert access_of([]) == {}


# ── who may ask, and of whom ──────────────────────────────────────────────────────────────────────
def test_the_lead_and_the_case_managers_of_the_territory_may_invite(boss, where):
    ours, all_over = case_manager(federation("33")), case_manager()
    actors = [boss, acting(ours, Role.CASE_MANAGER), acting(all_over, Role.CASE_MANAGER)]
    for actor in actors:
        assert invite_person(actor=actor, person=known(where), establishment=where)[1]


def test_nobody_else_may(where):
    federation("33")
    elsewhere = case_manager(federation("75", name="Udogec de Paris"))
    other = lead(establishment(name="Collège Sainte-Anne"))
    strangers = [
        acting(service_tutor(where), Role.SERVICE_TUTOR),
        acting(elsewhere, Role.CASE_MANAGER),
        acting(other, Role.ESTABLISHMENT_LEAD),
    ]
    someone = known(where)
    for actor in strangers:
        with pytest.raises(NotAllowed):
            invite_person(actor=actor, person=someone, establishment=where)
    assert not Outgoing.objects.exists() and access_of([someone])[someone.pk] == Access.KNOWN


def test_only_people_who_work_there_have_an_address_and_are_not_in_yet(boss, where):
    connected = known(where)
    account(connected, last_login=timezone.now())
    for someone, why in (
        (person(), "n'a pas de rôle dans cet établissement"),
        (known(where, email=""), "pas d'adresse e-mail"),
        (connected, "s'est déjà connecté"),
    ):
        with pytest.raises(Refused, match=why):
            invite_person(actor=boss, person=someone, establishment=where)
    assert not Outgoing.objects.exists()


# ── the e-mail ────────────────────────────────────────────────────────────────────────────────────
def test_asked_twice_at_once_is_one_email_and_later_another_link(boss, where):
    someone = known(where)
    first, sent = invite_person(actor=boss, person=someone, establishment=where)
    assert sent
    assert invite_person(actor=boss, person=someone, establishment=where)[1] is False
    assert Outgoing.objects.filter(address=someone.email).count() == 1

    AccessInvitation.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    second, sent = invite_person(actor=boss, person=someone, establishment=where)
    assert sent and Outgoing.objects.filter(address=someone.email).count() == 2
    assert Client().get(f"/service-civique/acces/{first.token}/").status_code == 404
    assert Client().get(f"/service-civique/acces/{second.token}/").status_code == 200


def test_nobody_is_written_to_without_end(boss, where):
    someone = known(where)
    for _ in range(5):
        invite_person(actor=boss, person=someone, establishment=where)
        AccessInvitation.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(Refused, match="vérifiez l'adresse"):
        invite_person(actor=boss, person=someone, establishment=where)


def test_the_table_and_the_history_keep_no_token(boss, where):
    someone = known(where)
    made, _sent = invite_person(actor=boss, person=someone, establishment=where)
    row = AccessInvitation.objects.values().get()
    entry = Entry.objects.get(verb="civic_service.accessinvitation.send")

    assert made.token and made.token not in str(row) and made.token not in str(entry.codes)


# ── the link ──────────────────────────────────────────────────────────────────────────────────────
def test_opening_it_changes_nothing_and_the_form_opens_the_account_of_that_person_once(boss, where):
    someone = known(where)
    link = asked(boss, where, someone)
    page = Client().get(link)
    assert (page.status_code, Account.objects.filter(person=someone).exists()) == (200, False)
    assert someone.full_name in page.content.decode() and where.organisation.name in page.content.decode()

    browser = Client()
    assert browser.post(link, RIGHT).status_code == 302
    made = Account.objects.get(person=someone)
    assert made.check_password(PASSWORD) and made.email == someone.email
    assert browser.get(f"/service-civique/etablissements/{where.pk}/").status_code == 200
    again = Client().post(link, {"password1": "une autre phrase de passe", "password2": "une autre phrase de passe"})
    made.refresh_from_db()
    assert (again.status_code, made.check_password(PASSWORD)) == (410, True)
    assert "a déjà servi" in again.content.decode()


@pytest.mark.parametrize(
    "said",
    [{}, {"password1": "court", "password2": "court"}, {"password1": PASSWORD, "password2": "autre chose ici"}],
)
def test_a_password_that_does_not_do_comes_back_with_a_sentence(boss, where, said):
    someone = known(where)
    link = asked(boss, where, someone)
    answer = Client().post(link, said)
    assert (answer.status_code, Account.objects.filter(person=someone).exists()) == (422, False)
    assert Client().get(link).status_code == 200


@pytest.mark.parametrize("token", ["rien", "x" * 300, signing.dumps(1)])
def test_a_token_that_nobody_was_sent_opens_nothing(token):
    answer = Client().get(f"/service-civique/acces/{token}/")
    assert answer.status_code == 404 and "plus récent" in answer.content.decode()


def test_a_link_too_old_or_of_somebody_who_has_left_opens_nothing(boss, where):
    late, gone = known(where), known(where)
    links = {each.pk: asked(boss, where, each) for each in (late, gone)}
    AccessInvitation.objects.filter(person=late).update(
        sent_at=timezone.now() - timedelta(days=30), expires_at=timezone.now() - timedelta(days=1)
    )
    Post.objects.filter(person=gone).update(ended_at=timezone.now())

    answers = [Client().post(links[each.pk], RIGHT) for each in (late, gone)]
    assert [answer.status_code for answer in answers] == [410, 410]
    assert not Account.objects.filter(person__in=[late, gone]).exists()


def test_an_address_that_signs_somebody_else_in_is_said_to_its_reader_alone(boss, where):
    theirs = account(person(email="partage@example.org"))
    someone = known(where, email="partage@example.org")
    answer = Client().post(asked(boss, where, someone), RIGHT)

    assert answer.status_code == 409 and "sert déjà à un autre compte" in answer.content.decode()
    assert Account.objects.get(email="partage@example.org") == theirs


def test_with_another_account_open_the_page_says_whose_link_it_is(boss, where):
    someone = known(where)
    link = asked(boss, where, someone)
    other = client_of(person())
    assert "connecté avec un autre compte" in other.get(link).content.decode()
    assert other.post(link, RIGHT).status_code == 409
    assert not Account.objects.filter(person=someone).exists()
