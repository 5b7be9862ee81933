"""Somebody looks for a way to help, tonight: on a computer, on a phone, without scripts, by keyboard (P2, P9, R30)."""

from __future__ import annotations

import re

import pytest
from tests.factories import days, domain, mission, organisation, today
from tests.harness.browser import DESKTOP, ENGLISH, KEYBOARD, PHONE, PHONE_NO_SCRIPT, Means, Visitor

from renfort.missions.services.search import learn

pytestmark = pytest.mark.browser
PLACES = {
    "Bordeaux": ("33063", 44.8378, -0.5792),
    "Bègles": ("33039", 44.8079, -0.5494),
    "Pessac": ("33318", 44.8058, -0.6306),
    "Talence": ("33522", 44.8002, -0.5917),
    "Mérignac": ("33281", 44.8386, -0.6437),
    "Libourne": ("33243", 44.9153, -0.2439),
}
TITLES = ["Distribution de colis alimentaires", "Lire des histoires à voix haute", "Maraude du jeudi soir", "Visites à domicile"]
NO_SCRIPT = Means("desktop-no-script", scripts=False)


@pytest.fixture(scope="module")
def offers(site):
    """Missions around Bordeaux, some remote, one in Lille; the lexicon knows their words."""
    where = organisation(name="Les Paniers du Sud", commune_id="33063")
    kinds = ["aide-alimentaire", "garde-enfants", "lien-personnes-isolees", "solidarite-proximite"]
    for number, (city, (code, latitude, longitude)) in enumerate(PLACES.items()):
        for turn in range(4):
            kind = (number + turn) % 4
            mission(
                where, title=TITLES[kind], domain=domain(kinds[kind]), city=city, commune_id=code, latitude=latitude,
                longitude=longitude, description="Venez comme vous êtes.", starts_on=today() + days(3 + turn),
                ends_on=today() + days(10 + turn),
            )  # fmt: skip
    for title in ("Appeler des personnes seules", "Traduire des affiches"):
        mission(where, title=title, presence="remote", city="", postcode="", address="", description="Depuis chez vous.")
    mission(title="Distribution de soupe", city="Lille", department="59", commune_id="59350", latitude=50.63, longitude=3.06)
    learn()
    return site


def results(visitor: Visitor) -> list[str]:
    return visitor.page.locator(".missions h3").all_inner_texts()


@pytest.mark.parametrize("means", [DESKTOP, PHONE, NO_SCRIPT, PHONE_NO_SCRIPT, KEYBOARD], ids=lambda means: means.name)
def test_a_mission_is_found_by_words_and_place_with_a_typing_error(offers, arrive, means):
    visitor = arrive(offers.url, means)
    visitor.open("/missions/")
    visitor.look("toutes")
    visitor.fill(q="distribusion alimentere", lieu="begles")
    visitor.press("[data-finder] .finder-bar button[type=submit]", to=r"/missions/\?")
    visitor.says("Résultats pour « distribution alimentaire »", "Bègles (33)")
    assert set(results(visitor)) == {"Distribution de colis alimentaires"}
    visitor.look("corrigee")
    visitor.press(visitor.page.locator(".missions h3 a").first, to=r"/missions/\d+-distribution-de-colis-alimentaires/$")
    visitor.says("Partager cette page")
    visitor.look("mission")


def test_address_that_is_shared_is_short_and_shows_the_same(offers, arrive):
    visitor = arrive(offers.url, DESKTOP)
    visitor.open("/missions/")
    visitor.fill(lieu="Bègles")
    visitor.choose("type", "presentiel")
    visitor.press("[data-finder] .finder-bar button[type=submit]", to=r"/missions/\?")

    assert visitor.path() == "/missions/?lieu=B%C3%A8gles&type=presentiel"
    friend = arrive(offers.url, PHONE, "ami")
    friend.open(visitor.path())
    assert results(friend) == results(visitor)


@pytest.mark.parametrize("means", [PHONE, PHONE_NO_SCRIPT], ids=lambda means: means.name)
def test_first_result_stands_on_the_first_screen_of_a_phone(offers, arrive, means):
    """ux.md: on a phone, tonight. Filters wait behind one button."""
    visitor = arrive(offers.url, means)
    visitor.open("/missions/?q=distribution&lieu=Bordeaux")

    title = visitor.page.locator(".missions h3").first.bounding_box()
    assert title["y"] + title["height"] < means.height, title
    assert not visitor.find('select[name="domaine"]').is_visible()
    visitor.press(".finder-more summary")
    visitor.choose("domaine", "aide-alimentaire")
    visitor.look("filtres")
    visitor.press(".finder-fields button", to="domaine=aide-alimentaire")
    assert set(results(visitor)) == {"Distribution de colis alimentaires"}


@pytest.mark.parametrize("means", [DESKTOP, PHONE, NO_SCRIPT, PHONE_NO_SCRIPT], ids=lambda means: means.name)
def test_map_shows_the_places_and_leads_to_the_missions(offers, arrive, means):
    visitor = arrive(offers.url, means)
    visitor.open("/missions/?lieu=Bordeaux")
    visitor.press(".finder-views a:not([aria-current])", to="vue=carte")
    if means.scripts:
        visitor.find(".map-live .leaflet-marker-icon").first.wait_for()
    visitor.look("carte")
    places = visitor.page.locator(".map-list .map-place")
    assert {re.sub(r"\s+\d+$", "", text) for text in places.all_inner_texts()} == {
        "Bordeaux (33)", "Bègles (33)", "Pessac (33)", "Talence (33)", "Mérignac (33)",
    }  # fmt: skip
    visitor.press(places.nth(0), to=r"rayon=0")
    assert len(results(visitor)) >= 4


def test_map_is_moved_by_keyboard_and_its_places_open(offers, arrive):
    visitor = arrive(offers.url, KEYBOARD)
    visitor.open("/missions/?lieu=Bordeaux&vue=carte")
    marker = visitor.find(".map-live .leaflet-marker-icon").first
    marker.wait_for()
    visitor.press(marker)
    visitor.find(".leaflet-popup-content a.map-place").wait_for()
    visitor.look("carte-ouverte")
    visitor.page.keyboard.press("Escape")
    visitor.find(".leaflet-popup-content").wait_for(state="detached")


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_country_is_shown_by_department(offers, arrive, means):
    visitor = arrive(offers.url, means)
    visitor.open("/missions/?vue=carte")
    visitor.find(".map-live .leaflet-marker-icon").first.wait_for()
    visitor.look("pays")
    visitor.press(visitor.page.locator(".map-place", has_text="Nord"), to="lieu=59")
    visitor.says("Lille (59)")


@pytest.mark.parametrize("means", [DESKTOP, PHONE_NO_SCRIPT], ids=lambda means: means.name)
def test_nothing_found_is_a_way_on(offers, arrive, means):
    visitor = arrive(offers.url, means)
    visitor.open("/missions/?q=soupe&lieu=Libourne&rayon=5")
    visitor.look("rien")
    visitor.press(visitor.page.locator(".finder-ways a").last, to="/missions/")
    assert results(visitor)


def test_rubbish_in_the_address_is_said(offers, arrive):
    visitor = arrive(offers.url, PHONE)
    visitor.open("/missions/?rayon=abc&debut=31/02&page=-1&lieu=Bordeaux")
    visitor.says("Le rayon « abc » n’est pas compris", "La date « 31/02 » n’existe pas")
    visitor.look("pas-compris")
    assert results(visitor), "what is understood is searched all the same"


def test_position_is_asked_when_it_is_wanted_and_stays_rough(offers, arrive):
    visitor = arrive(offers.url, PHONE)
    visitor.context.grant_permissions(["geolocation"])
    visitor.context.set_geolocation({"latitude": 44.80791, "longitude": -0.54943})
    visitor.open("/missions/")
    visitor.press("[data-here]", to="lat=")

    assert visitor.path() == "/missions/?lat=44.81&lon=-0.55"
    assert results(visitor)
    visitor.look("autour-de-moi")


def test_search_speaks_english_too(offers, arrive):
    visitor = arrive(offers.url, ENGLISH)
    visitor.open("/missions/?lieu=Bordeaux&vue=carte")
    visitor.submit('form.lang button[value="en"]')
    visitor.find(".map-live .leaflet-marker-icon").first.wait_for()
    visitor.look("english")


def test_link_of_a_mission_is_copied(offers, arrive):
    visitor = arrive(offers.url, DESKTOP)
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.open("/missions/?lieu=Lille")
    visitor.press(visitor.page.locator(".missions h3 a").first, to=r"/missions/\d+-")
    visitor.press("[data-copy]")
    visitor.says("Lien copié")
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert copied == visitor.page.url
