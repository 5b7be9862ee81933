"""R2: an association inscribes itself and is at its first mission in minutes."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client
from tests.people.conftest import PASSWORD, can_sign_in

from renfort.organisations.models import Grant, Organisation
from renfort.people.models import Account

SIGN_UP = "/inscription/structure/"
OPEN = "/inscription/structure/votre-structure/"


@pytest.fixture
def organisation_form() -> dict[str, str]:
    return {
        "name": "Secours Bordeaux",
        "legal_status": "association",
        "place": "33000",
        "address": "12 bis rue Sainte-Catherine",
        "description": "Nous distribuons des repas.",
        "form_token": "0a0e0d4e-7f8a-4a39-9b4e-0d7c5f7a1c11",
    }


def test_from_the_account_to_the_first_mission(client, mailbox, manager_form, organisation_form):
    page = unescape(client.get(SIGN_UP).content.decode())
    for words in (
        "Prénom",
        "Nom",
        "E-mail",
        "Mot de passe",
        "Confirmation du mot de passe",
        "J'inscris ma structure",
        "Cet engagement nécessite un respect strict des règles sanitaires applicables",
        'href="/regles-sanitaires/"',
    ):
        assert words in page
    assert client.post(SIGN_UP, manager_form).url == "/inscription/consultez-vos-e-mails/"
    assert mailbox.keys() == ["people.confirm"]
    assert client.post(mailbox.last.link).url == OPEN
    assert not Grant.objects.exists()  # a manager of nothing has no role

    page = client.get(OPEN).content.decode()
    assert "Sans sigle si possible" in page
    assert "Valider" in page
    answer = client.post(OPEN, organisation_form)
    organisation = Organisation.objects.get()
    assert answer.url == f"/espace/{organisation.pk}/missions/nouvelle/"
    assert (organisation.city, organisation.postcode, organisation.department_id, organisation.commune_id) == (
        "Bordeaux",
        "33000",
        "33",
        "33063",
    )
    assert [(grant.role, grant.organisation_id) for grant in Grant.objects.all()] == [("manager", organisation.pk)]
    assert "Bravo" in client.get("/espace/profil/").content.decode()
    assert Account.objects.get().joins == ""
    other = Client()
    assert other.post("/connexion/", {"email": "zoe@exemple.fr", "password": PASSWORD}).url == "/espace/"


def test_who_left_before_the_organisation_is_led_there_at_the_next_sign_in(client, mailbox, manager_form):
    client.post(SIGN_UP, manager_form)
    client.post(mailbox.last.link)
    client.post("/deconnexion/")
    assert client.post("/connexion/", {"email": "zoe@exemple.fr", "password": PASSWORD}).url == OPEN


def test_a_volunteer_may_register_an_organisation_too(client, mailbox, made, organisation_form):
    client.force_login(made())
    assert client.get(SIGN_UP).url == OPEN
    client.post(OPEN, organisation_form)
    assert set(Grant.objects.values_list("role", flat=True)) == {"volunteer", "manager"}


def test_a_double_click_makes_one_organisation(client, mailbox, made, organisation_form):
    client.force_login(made())
    urls = {client.post(OPEN, organisation_form).url for _ in range(2)}
    assert len(urls) == 1
    assert Organisation.objects.count() == 1


def test_an_ambiguous_place_asks_and_loses_nothing(client, mailbox, made, organisation_form):
    client.force_login(made())
    answer = client.post(OPEN, organisation_form | {"place": "Saint-Denis"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Secours Bordeaux" in page
    assert "Nous distribuons des repas." in page
    assert "Saint-Denis – La Réunion (974)" in page
    client.post(OPEN, organisation_form | {"place": "Saint-Denis", "place_commune": "97411"})
    assert Organisation.objects.get().department_id == "974"


@pytest.mark.parametrize(
    "wrong",
    [
        ("name", ""),
        ("name", "n" * 10_000),
        ("legal_status", "royaume"),
        ("description", ""),
        ("description", "d" * 1001),
        ("name", "\x00"),
    ],
)
def test_what_is_wrong_is_said(client, made, organisation_form, wrong):
    client.force_login(made())
    answer = client.post(OPEN, organisation_form | dict([wrong]))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [wrong[0]]
    assert not Organisation.objects.exists()


def test_a_known_address_that_signs_up_as_manager_is_led_to_its_organisation(client, mailbox, made, manager_form):
    made("zoe@exemple.fr")
    client.post(SIGN_UP, manager_form)
    assert mailbox.keys() == ["people.known"]
    client.get(mailbox.last.link)
    assert client.post(mailbox.last.link, {"email": "zoe@exemple.fr", "password": PASSWORD}).url == OPEN


def test_the_manager_sign_up_asks_no_age_and_gives_no_volunteer_role(client, mailbox, manager_form):
    client.post(SIGN_UP, manager_form)
    client.post(mailbox.last.link)
    assert can_sign_in("zoe@exemple.fr", PASSWORD)
    assert not Grant.objects.exists()
