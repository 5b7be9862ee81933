"""An address in the form of a mission, as people give it, with and without scripts (R6, R11).

One that the service knows, one that only the communes know, one typed by hand, and a service that dies while one types.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.harness.address_service import stand_in
from tests.harness.browser import DESKTOP, KEYBOARD, PHONE, PHONE_NO_SCRIPT, Visitor
from tests.harness.live import fresh_database, served
from tests.journeys.steps import PASSWORD, confirm

from renfort.organisations.models import Organisation
from renfort.territories.adapters import _service

pytestmark = pytest.mark.browser
GO = "main form button.btn-primary"
FIELDS = ("address", "postcode", "city", "department", "latitude", "longitude")
HAMEL = {
    "address": "12bis Rue du Hamel",
    "postcode": "33800",
    "city": "Bordeaux",
    "department": "33",
    "latitude": "44.827112",
    "longitude": "-0.566435",
}


@pytest.fixture(scope="module")
def service():
    with stand_in() as running:
        yield running


@pytest.fixture(scope="module")
def addressed_site(database_server, database_template, django_db_blocker, service):
    """The demonstration with a national address service."""
    changes = {"DEMO": True, "ADDRESS_SERVICE_URL": service.url}
    with fresh_database(database_server, database_template, django_db_blocker), served(**changes) as running:
        from renfort.ops.demo import load

        load(missions=60, volunteers=80, seed=1)
        yield running


@pytest.fixture
def manager(addressed_site, service, arrive):
    """Somebody in charge, before the form of a new mission, whose place is emptied. The service is well, nobody was let down."""
    service.mood = "well"
    _service.cache_clear()

    def come(means) -> Visitor:
        visitor = arrive(addressed_site.url, means)
        visitor.open("/connexion/")
        visitor.press('button.person-card[value="responsable@demo.test"]', to="/espace/")
        visitor.open("/espace/missions/")
        visitor.open(visitor.path().rstrip("/") + "/nouvelle/")
        visitor.choose("domain", visitor.page.locator('[name="domain"]').first.get_attribute("value") or "")
        visitor.fill(title="Repas du soir")
        visitor.page.locator("details:has([name=latitude]) summary").click()
        for name in ("address", "postcode", "city", "latitude", "longitude"):
            visitor.page.locator(f'[name="{name}"]').fill("")
        visitor.choose("department", "")
        return visitor

    return come


def shown(visitor: Visitor) -> dict[str, str]:
    """What the fields of the place say."""
    return {name: visitor.page.locator(f'[name="{name}"]').input_value() for name in FIELDS}


def search(visitor: Visitor, text: str) -> None:
    """Type into the search box as people do, a key at a time."""
    box = visitor.page.locator('[name="place_search"]')
    box.fill("")
    box.press_sequentially(text, delay=5)


def save(visitor: Visitor) -> None:
    """Save the draft, and open it again to see what is stored."""
    visitor.press('button[name="then"][value="draft"]', to=r"/espace/\d+/missions/\d+/$")
    visitor.open(visitor.path() + "modifier/")


def offered(visitor: Visitor):
    return visitor.page.locator('.suggest-list [role="option"]')


@pytest.mark.parametrize("means", [DESKTOP, PHONE, KEYBOARD], ids=lambda means: means.name)
def test_an_address_that_the_service_knows_fills_the_fields(manager, means):
    visitor = manager(means)
    search(visitor, "12 bis rue du hamel bord")
    expect(offered(visitor)).to_have_count(1)
    visitor.look("suggestions")
    if means.keyboard:
        visitor.page.keyboard.press("ArrowDown")
        visitor.page.keyboard.press("Enter")
    else:
        offered(visitor).first.click()
    expect(visitor.page.locator(".suggest-list").first).to_be_hidden()
    visitor.says("Les champs du lieu sont remplis")
    assert shown(visitor) == HAMEL
    visitor.look("rempli")

    visitor.fill(address="12 bis rue du Hamel, bâtiment B")
    save(visitor)
    assert shown(visitor) == HAMEL | {"address": "12 bis rue du Hamel, bâtiment B"}


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_an_address_that_only_the_communes_know(manager, means):
    visitor = manager(means)
    search(visitor, "Rue de l'Église, st etienne")
    offered(visitor).filter(has_text="Rue de l'Église, 42000 Saint-Étienne").click()

    found = shown(visitor)
    assert (found["address"], found["postcode"], found["city"]) == ("Rue de l'Église", "42000", "Saint-Étienne")
    assert found["department"] == "42" and found["latitude"].startswith("45.4")
    save(visitor)
    assert shown(visitor) == found


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_an_address_typed_by_hand_and_a_department_that_does_not_fit(manager, means):
    visitor = manager(means)
    search(visitor, "xyzzyville")
    expect(visitor.page.locator(".suggest [role=status]").first).to_contain_text("Aucune adresse trouvée")
    visitor.fill(address="Place du Fono", postcode="98600", city="Mata-Utu")
    visitor.choose("department", "33")
    visitor.submit('button[name="then"][value="draft"]')
    visitor.says("Le code postal 98600 est dans le département 986 - Wallis et Futuna : corrigez l'un ou l'autre.")
    visitor.look("desaccord")
    assert shown(visitor)["address"] == "Place du Fono"

    visitor.choose("department", "986")
    save(visitor)
    assert (shown(visitor)["city"], shown(visitor)["latitude"]) == ("Mata-Utu", "-13.28")


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_a_service_that_dies_while_one_types_takes_nothing_away(manager, service, means):
    visitor = manager(means)
    search(visitor, "12 bis rue du hamel")
    expect(offered(visitor)).to_have_count(1)
    service.mood = "never"  # the national service dies: the communes answer, and nobody is told
    search(visitor, "12 bis rue du hamel 33800 bordeaux")
    offered(visitor).filter(has_text="12 bis rue du hamel, 33800 Bordeaux").wait_for()

    visitor.page.route("**/adresses/*", lambda route: route.fulfill(status=204))  # now ours: an answer without anything in it
    search(visitor, "12 bis rue du hamel 33800")
    visitor.says("Les suggestions ne répondent pas : écrivez l'adresse à la main.")
    expect(visitor.page.locator(".suggest-list").first).to_be_hidden()
    assert visitor.page.locator('[name="place_search"]').input_value() == "12 bis rue du hamel 33800"
    assert visitor.page.locator('[name="title"]').input_value() == "Repas du soir"
    visitor.look("silence")

    visitor.fill(address="12 bis rue du Hamel", postcode="33800", city="Bordeaux")
    save(visitor)
    found = shown(visitor)
    assert (found["address"], found["department"], found["latitude"][:4]) == ("12 bis rue du Hamel", "33", "44.8")


def test_without_scripts_a_button_searches_and_nothing_is_lost(manager):
    visitor = manager(PHONE_NO_SCRIPT)
    visitor.fill(place_search="12 bis rue du hamel bordeaux")
    visitor.submit('button[name="place_search_go"][value="search"]')
    assert visitor.page.locator('[name="title"]').input_value() == "Repas du soir"
    visitor.look("choix")
    visitor.page.locator('input[type="radio"][name="place_search_choice"]').first.check()
    visitor.submit('button[name="place_search_go"][value="use"]')
    assert shown(visitor) == HAMEL
    visitor.look("rempli")
    save(visitor)
    assert shown(visitor) == HAMEL


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_a_remote_mission_asks_for_the_department_only(manager, means):
    """R11."""
    visitor = manager(means)
    visitor.choose("presence", "remote")
    for name in ("place_search", "address", "postcode", "city", "latitude"):
        expect(visitor.page.locator(f'[name="{name}"]')).to_be_hidden()
    visitor.choose("department", "33")
    visitor.look("a-distance")
    visitor.press('button[name="then"][value="draft"]', to=r"/espace/\d+/missions/\d+/$")
    visitor.says("À distance")
    assert not re.search(r"\b33\d{3}\b", visitor.page.locator("main").inner_text())


# what is typed in « Lieu », where it was found, and what the organisation keeps; "": typed by hand, nobody knows it
PLACES = {
    "service": ("12 bis rue du hamel bord", "12bis Rue du Hamel", "33800", "Bordeaux", "33"),
    "communes": ("Rue de l'Église, st etienne", "Rue de l'Église", "42000", "Saint-Étienne", "42"),
    "main": ("", "au bout du quai", "", "Trifouilly-sur-Mer", "29"),
}
CALLED = {DESKTOP: "Vélos réparés", PHONE: "La clé de douze", PHONE_NO_SCRIPT: "Graines en vrac"}  # not alike


@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("means", [DESKTOP, PHONE, PHONE_NO_SCRIPT], ids=lambda means: means.name)
def test_an_organisation_comes_in_whoever_knows_its_address(addressed_site, service, arrive, means, kind):
    """R4 to R6, from the sign-up to the first mission."""
    service.mood = "well"
    _service.cache_clear()
    typed, address, postcode, city, department = PLACES[kind]
    visitor, email = arrive(addressed_site.url, means), f"awa.{kind}.{means.name}@example.org"
    visitor.open("/inscription/structure/")
    visitor.fill(first_name="Awa", last_name="Diallo", email=email, password1=PASSWORD, password2=PASSWORD)
    visitor.press(GO, to="/inscription/consultez-vos-e-mails/$")
    confirm(visitor, addressed_site, email, to="/etapes/vous/$")
    visitor.fill(mobile_phone="06 12 34 56 78")
    visitor.press(GO, to="/votre-structure/$")
    name = CALLED[means]
    visitor.fill(name=name, description="Des ateliers de réparation.")
    visitor.choose("legal_status", "association")
    visitor.press(GO, to="/lieu/$")

    if not typed:
        visitor.choose("department", department)
        visitor.fill(address=address, city=city)
    elif means.scripts:
        search(visitor, typed)
        offered(visitor).filter(has_text=city).first.click()
    else:
        visitor.fill(place_search=typed)
        visitor.submit('button[name="place_search_go"][value="search"]')
        visitor.page.locator("label:has(input[name=place_search_choice])").filter(has_text=city).first.click()
        visitor.submit('button[name="place_search_go"][value="use"]')
    visitor.look(f"lieu-{kind}")
    visitor.press(GO, to=r"/espace/\d+/missions/nouvelle/$")

    kept = Organisation.objects.get(name=name, city=city)
    assert (kept.address, kept.postcode, kept.city, kept.department_id) == (address, postcode, city, department)
