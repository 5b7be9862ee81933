"""P1, P11: one sign-in for everybody, that gives nothing away."""

from __future__ import annotations

import pytest
from tests.factories.time import limits_wait
from tests.people.conftest import PASSWORD, can_sign_in

from renfort.people.models import Account

PAGE = "/connexion/"
RIGHT = {"email": "ana@exemple.fr", "password": PASSWORD}


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_somebody_signs_in_and_out(client, made):
    made()
    answer = client.post(PAGE, RIGHT)
    assert (answer.status_code, answer.url) == (302, "/espace/")
    assert signed_in(client)
    assert client.get("/deconnexion/").status_code == 405
    assert signed_in(client)
    assert client.post("/deconnexion/").url == "/"
    assert not signed_in(client)


def test_a_wrong_password_and_an_unknown_address_say_the_same(client, made):
    made()
    pages = [client.post(PAGE, {"email": address, "password": "faux"}) for address in ("ana@exemple.fr", "rien@exemple.fr")]
    assert [page.status_code for page in pages] == [422, 422]
    assert pages[0].context["form"].errors == pages[1].context["form"].errors
    assert "incorrect" in str(pages[0].context["form"].errors)


def test_after_five_failures_even_the_right_password_waits(client, made):
    made()
    for _ in range(5):
        client.post(PAGE, RIGHT | {"password": "faux"})
    answer = client.post(PAGE, RIGHT)
    assert answer.status_code == 429
    assert "Réessayez dans" in answer.content.decode()
    assert not signed_in(client)
    limits_wait(60)
    client.post(PAGE, RIGHT)
    assert signed_in(client)


def test_signing_in_with_the_right_password_is_never_too_often(client, made):
    made()
    for _ in range(8):
        client.post(PAGE, RIGHT)
        assert signed_in(client)
        client.post("/deconnexion/")


def test_a_closed_account_is_told_so_to_its_holder_alone(client, made):
    account = made()
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert client.post(PAGE, RIGHT).url == PAGE
    assert "est fermé" in client.get(PAGE).content.decode()
    assert not signed_in(client)


@pytest.mark.parametrize("way", ["query", "form"])
def test_the_page_asked_for_follows(client, made, way):
    made()
    url = f"{PAGE}?next=/espace/profil/" if way == "query" else PAGE
    answer = client.post(url, RIGHT | ({"next": "/espace/profil/"} if way == "form" else {}))
    assert answer.url == "/espace/profil/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://pirate.example/",
        "//pirate.example/",
        "/\\pirate.example",
        "\\\\pirate.example",
        "javascript:alert(1)",
        "http:///x",
        "\t//x.fr",
        "/a\r\nX: y",
    ],
)
def test_no_other_site_is_ever_the_next_page(client, made, elsewhere):
    made()
    assert client.post(PAGE, RIGHT | {"next": elsewhere}).url == "/espace/"
    assert client.post("/langue/", {"language": "fr", "next": elsewhere}).url == "/"
    assert client.get(PAGE, {"next": elsewhere}).url == "/espace/"


def test_who_is_signed_in_already_is_led_on(client, made):
    client.force_login(made())
    assert client.get(f"{PAGE}?next=/espace/profil/").url == "/espace/profil/"


@pytest.mark.parametrize("page", ["/espace/profil/", "/espace/compte/", "/inscription/structure/etapes/"])
def test_pages_of_ones_own_lead_to_sign_in_and_back(client, db, page):
    assert client.get(page).url == f"/connexion/?next={page}"


@pytest.mark.parametrize("page", [PAGE, "/inscription/benevole/", "/inscription/structure/", "/mot-de-passe/oublie/"])
def test_public_pages_cost_no_more_than_two_queries(client, db, django_assert_max_num_queries, page):
    with django_assert_max_num_queries(2):
        assert client.get(page).status_code == 200


# ── the demonstration ─────────────────────────────────────────────────────────────────────────────
def test_outside_the_demonstration_its_door_does_not_exist(client, made):
    made("benevole@demo.test")
    assert client.post("/demo/connexion/", {"email": "benevole@demo.test"}).status_code == 404
    assert "démonstration" not in client.get(PAGE).content.decode()
    assert not signed_in(client)


@pytest.mark.parametrize("address", ["ana@exemple.fr", "benevole@demo.test.exemple.fr", "benevole", "", "x@demo.test", "\x00"])
def test_in_the_demonstration_only_its_people_enter_by_one_click(client, made, settings, address):
    settings.DEMO = True
    made()
    answer = client.post("/demo/connexion/", {"email": address})
    assert answer.status_code == 404
    assert not signed_in(client)


def test_one_click_per_role(client, made, settings, django_assert_max_num_queries):
    settings.DEMO = True
    made("benevole@demo.test", first_name="Inès", last_name="Moreau")
    made("responsable@demo.test", first_name="Karim", last_name="Bel", joins="")
    made("personne-12@demo.test")
    with django_assert_max_num_queries(2):
        page = client.get(PAGE).content.decode()
    assert "Inès Moreau" in page
    assert "Karim Bel" in page
    assert "personne-12" not in page
    assert client.post("/demo/connexion/", {"email": "responsable@demo.test"}).url == "/espace/"
    assert signed_in(client)


def test_addresses_are_the_same_in_any_case(made):
    made("Ana@Exemple.FR")
    assert can_sign_in("aNA@exemple.fr", PASSWORD)
