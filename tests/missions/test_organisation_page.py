"""R9, R30: the public page of an organisation, and what search engines find."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from tests.factories import as_manager, client_of, manager, mission, organisation, volunteer
from tests.factories.time import days, today

from renfort.missions.components.organisation import place_map, website_link
from renfort.missions.components.share import share_of
from renfort.missions.models.mission import organisation_url

pytestmark = pytest.mark.django_db


def text_of(where, client=None, query="") -> str:
    answer = (client or Client()).get(organisation_url(where) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_who_it_is_where_and_what_it_looks_for():
    where = organisation(name="Secours Bordeaux", description="Des repas chauds.\n\nChaque soir.")
    mission(where, title="Distribution du soir")
    assert organisation_url(where) == f"/structures/{where.pk}-secours-bordeaux/"
    page = text_of(where)
    for words in (
        "Secours Bordeaux",
        "Des repas chauds.",
        "Association",
        "33 – Gironde",
        "3 rue Sainte-Catherine, 33000 Bordeaux",
    ):
        assert words in page
    assert "1 mission ouverte" in page and "Distribution du soir" in page
    assert 'class="here"' in page, "its department on the map"


@pytest.mark.parametrize("state", ["draft", "submitted", "to_correct", "refused", "ended", "cancelled"])
def test_only_open_missions_are_shown(state):
    where = organisation()
    mission(where, title="Pas pour vous", state=state)
    mission(organisation(), title="Une autre structure")
    page = text_of(where)
    assert "Pas pour vous" not in page and "Une autre structure" not in page
    assert "Pas de mission ouverte en ce moment" in page


def test_a_mission_that_is_over_is_no_longer_shown():
    where = organisation()
    mission(where, title="Hier encore", starts_on=today() - days(5), ends_on=today() - days(2))
    assert "Hier encore" not in text_of(where)


def test_an_unknown_organisation_has_no_page(client):
    assert client.get("/structures/999999-rien/").status_code == 404
    assert client.get(f"/structures/{'9' * 30}-rien/").status_code == 404


@pytest.mark.parametrize("slug", ["autre", "x" * 300, "é"])
def test_an_old_address_leads_to_the_present_one(client, slug):
    where = organisation(name="Nouveau nom")
    answer = client.get(f"/structures/{where.pk}-{slug}/")
    assert (answer.status_code, answer.url) == (301, organisation_url(where))


@pytest.mark.parametrize("name", ["日本の会", "!!!", "L’Œuvre & Cie", "<b>gras</b>"])
def test_any_name_has_an_address_and_is_shown_as_it_is(name):
    where = organisation(name=name)
    page = text_of(where)
    assert "<b>gras" not in page
    assert organisation_url(where).isascii()


def test_no_contact_data_of_people_is_on_the_page():
    """R37: people write through a mission."""
    where = organisation()
    host = manager(where, mobile_phone="+33698765432", email="secret.maryse@exemple.fr")
    mission(where, responsible=host)
    page = text_of(where)
    for secret in ("98 76 54 32", "98765432", "secret.maryse", "contact@secret.example", "Maryse"):
        assert secret not in page


def test_twenty_missions_a_page_cost_what_one_costs():
    where = organisation()
    counts = []
    for many in (1, 24):
        for _ in range(many):
            mission(where)
        queries = []
        with connection.execute_wrapper(lambda run, sql, *rest: queries.append(sql) or run(sql, *rest)):  # noqa: B023 -- run within the turn
            page = text_of(where)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5
    assert page.count('<article class="card') == 20
    assert "Affiche 1 à 20 sur 25 résultats" in page
    assert text_of(where, query="?page=2").count('<article class="card') == 5


@pytest.mark.parametrize("number", ["0", "abc", "9" * 50, "-1"])
def test_a_page_that_does_not_exist_is_the_nearest_one(number):
    assert "Secours" in text_of(organisation(), query=f"?page={number}")


def test_search_engines_are_given_one_address_and_words(settings):
    settings.BASE_URL = "https://benevoles.example"
    where = organisation(name="Secours Bordeaux")
    for _ in range(21):
        mission(where)
    page = text_of(where, query="?utm=x")
    assert f'<link rel="canonical" href="https://benevoles.example{organisation_url(where)}">' in page
    assert "<title>Secours Bordeaux" in page
    assert re.search(r'<meta name="description" content="Secours Bordeaux, Bordeaux \(33\)\. Nous aidons', page)
    assert f'href="https://benevoles.example{organisation_url(where)}?page=2">' in text_of(where, query="?page=2")


def test_missions_lead_to_their_organisation(client):
    what = mission()
    where = organisation_url(what.organisation)
    assert f'href="{where}"' in client.get(what.get_absolute_url()).content.decode()
    assert f'href="{where}"' in client.get("/missions/").content.decode()


def test_its_own_managers_see_that_it_is_the_public_page():
    where = organisation()
    host = as_manager(where)
    from renfort.people.models import Person

    assert "Vous voyez la page comme les bénévoles" in text_of(where, client_of(Person.objects.get(pk=host.person_id)))
    for someone in (None, manager(), volunteer()):
        assert "Vous voyez la page" not in text_of(where, client_of(someone))


def test_sharing_carries_name_and_address(settings):
    settings.BASE_URL = "https://benevoles.example"
    share = share_of(title="L’Œuvre & Cie", subject="L’Œuvre & Cie", path="/structures/1-l-oeuvre/")
    assert share.mail_url.startswith("mailto:?subject=L%E2%80%99%C5%92uvre%20%26%20Cie&body=https%3A%2F%2Fbenevoles.example%2F")
    assert share.url == "https://benevoles.example/structures/1-l-oeuvre/"


@pytest.mark.parametrize(
    ("address", "shown"),
    [("https://www.secours.example/a", "secours.example</a>"), ("secours.example", "https://secours.example"), ("", "")],
)
def test_a_website_is_a_link(address, shown):
    assert shown in website_link(address)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "javascript://x%0aalert(1)",
        "ftp://x.example",
        "//",
        "https://",
        "rien du tout",
        "http://[x",
        "a.fr:9x",
    ],
)
def test_what_is_no_website_is_no_dangerous_link(address):
    assert "javascript:" not in website_link(address) and "ftp:" not in website_link(address)


def test_every_department_is_on_the_map(client):
    from renfort.territories.models import Department

    assert all(place_map(code) for code in Department.objects.values_list("code", flat=True))
    assert place_map("99") is None


# ── robots and sitemap ────────────────────────────────────────────────────────────────────────────
def addresses(client, path) -> list[str]:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/xml; charset=utf-8")
    return [each.text for each in ElementTree.fromstring(answer.content).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


def test_the_sitemap_holds_what_is_public_and_nothing_else(client):
    what = mission(title="Ouverte")
    hidden = mission(state="draft", title="Brouillon")
    quiet = organisation(name="Sans mission")
    parts = addresses(client, "/sitemap.xml")
    assert parts == ["http://testserver/sitemap-0.xml", "http://testserver/sitemap-1.xml"]
    found = [address for part in parts for address in addresses(client, part.removeprefix("http://testserver"))]
    paths = {address.removeprefix("http://testserver") for address in found}
    assert {"/", "/missions/", what.get_absolute_url(), organisation_url(what.organisation)} <= paths
    assert not {hidden.get_absolute_url(), organisation_url(quiet), organisation_url(hidden.organisation)} & paths
    assert {client.get(path).status_code for path in paths} == {200}


@pytest.mark.parametrize("part", ["2", "10001", "9" * 30])
def test_a_part_that_does_not_exist_is_404(client, part):
    mission()
    assert client.get(f"/sitemap-{part}.xml").status_code == 404


def test_robots_are_kept_from_what_is_behind_a_sign_in_and_from_demonstrations(client, settings):
    said = client.get("/robots.txt").content.decode()
    assert "Disallow: /espace/" in said and "Sitemap: http://testserver/sitemap.xml" in said
    settings.DEMO = True
    said = client.get("/robots.txt").content.decode()
    assert "Disallow: /\n" in said and "Sitemap" not in said
