"""Where one is signed in, another address, an organisation's page (R8, R9, R30, P11): as people meet them."""

from __future__ import annotations

import pytest
from tests.factories import manager, mission, organisation
from tests.harness.browser import DESKTOP, KEYBOARD, PHONE, PHONE_NO_SCRIPT, Visitor
from tests.journeys.steps import PASSWORD, sign_in
from tests.journeys.test_accounts import is_inside, known

from renfort.missions.models.mission import organisation_url

pytestmark = pytest.mark.browser
OTHERS = 'form[action="/espace/compte/appareils/deconnecter/"] button'
ADDRESS = 'form[action^="/espace/compte/adresse/#"] button[type="submit"]'
WIDTHS = pytest.mark.parametrize("means", [DESKTOP, PHONE_NO_SCRIPT], ids=lambda means: means.name)


def devices(visitor: Visitor) -> list[str]:
    """The list, as it reads."""
    return [" ".join(text.split()) for text in visitor.page.locator(".devices li").all_inner_texts()]


@WIDTHS
def test_a_browser_that_one_does_not_know_is_closed_from_another(site, arrive, means):
    address = known(f"nadia-{means.name}")
    mine, forgotten = arrive(site.url, means), arrive(site.url, PHONE, "oublie")
    sign_in(mine, address)
    sign_in(forgotten, address)
    mine.open("/espace/compte/")
    mine.says_in_french("Appareils connectés", "Cet appareil")
    assert len(devices(mine)) == 2
    assert all("sur" in each for each in devices(mine)), devices(mine)
    mine.look("deux-appareils")
    mine.submit('.devices form[action$="/deconnecter/"] button')
    mine.says("Cet appareil est déconnecté.")
    assert len(devices(mine)) == 1
    mine.look("un-appareil")
    assert not is_inside(forgotten), "at once"
    assert is_inside(mine)


def test_all_others_are_closed_by_keyboard(site, arrive):
    address = known("karim-clavier")
    mine, office, library = arrive(site.url, KEYBOARD), arrive(site.url, DESKTOP, "bureau"), arrive(site.url, PHONE, "biblio")
    for each in (mine, office, library):
        sign_in(each, address)
    mine.open("/espace/compte/")
    mine.press(OTHERS)
    mine.says("2 autres appareils sont déconnectés.")
    mine.look("tous-les-autres")
    assert (is_inside(mine), is_inside(office), is_inside(library)) == (True, False, False)


@WIDTHS
def test_another_address_is_proved_before_it_counts(site, arrive, means):
    old, new = known(f"chloe-{means.name}"), f"chloe.durand-{means.name}@example.org"
    visitor, elsewhere = arrive(site.url, means), arrive(site.url, PHONE, "telephone")
    sign_in(visitor, old)
    visitor.open("/espace/compte/")
    visitor.fill(email="chloe@", present_password="pas-celui-ci")
    visitor.submit(ADDRESS)
    visitor.look("adresse-a-corriger")
    visitor.fill(email=new, present_password=PASSWORD)
    visitor.submit(ADDRESS)
    visitor.says(new, "Un lien attend d’être ouvert")
    visitor.look("adresse-en-attente")
    assert "nouvelle adresse" in site.letter(old).subject.lower(), "the present address is told at once"

    elsewhere.open(site.letter(new).link)
    elsewhere.look("confirmer-la-nouvelle-adresse")
    elsewhere.press("main form button.btn-primary", to="/connexion/$")
    elsewhere.says("Votre adresse a changé")
    assert site.letter(old).subject == "L'adresse de votre compte a changé"
    assert site.letter(new).subject == "Votre adresse a changé"
    sign_in(elsewhere, new)
    assert is_inside(elsewhere)
    visitor.open("/espace/compte/")
    assert new in visitor.page.locator(".lead").inner_text()

    stranger = arrive(site.url, means, "lien-perime")
    stranger.open(site.letter(new).link.replace("/espace/compte/", "/nouvelle-adresse/rien/"))
    stranger.look("lien-mort")

    owner = arrive(site.url, means, "ancienne-adresse")
    owner.open(site.letter(old).link)
    owner.says(old)
    owner.look("reprendre-mon-compte")
    owner.press("main form button.btn-primary", to="/mot-de-passe/nouveau/")
    owner.says("Votre compte a retrouvé son adresse")
    assert not is_inside(visitor) and not is_inside(elsewhere), "whoever had changed it is out"
    owner.open(owner.page.url)


@WIDTHS
def test_too_many_guesses_say_when_to_come_back(site, arrive, means):
    visitor, address = arrive(site.url, means), known(f"omar-{means.name}")
    for _ in range(6):
        visitor.open("/connexion/")
        visitor.fill(email=address, password="ce-n-est-pas-le-bon")
        visitor.submit('main form:has([name="password"]) button.btn-primary')
    visitor.says("Trop de tentatives en peu de temps. Réessayez dans")
    assert visitor.page.locator('main [name="email"]').input_value() == address, "nothing typed is lost"
    visitor.look("trop-de-tentatives")


@WIDTHS
def test_a_mission_leads_to_its_organisation_and_back(site, arrive, means):
    where = organisation(name=f"Les Restos d’à côté {means.name}", description="Des repas chauds, chaque soir, pour tous.")
    manager(where)
    what = mission(where, title="Servir le repas du soir")
    visitor = arrive(site.url, means)
    visitor.open(what.get_absolute_url())
    visitor.press(f'.mission-text a[href="{organisation_url(where)}"]', to=r"/structures/\d+-")
    visitor.says("Des repas chauds", "1 mission ouverte")
    visitor.look("structure")
    visitor.press(".mission h3 a", to=what.get_absolute_url())
    visitor.open("/missions/")
    visitor.press(f'.mission-org a[href="{organisation_url(where)}"]', to=r"/structures/\d+-")
    quiet = organisation(name="Sans mission")
    visitor.open(organisation_url(quiet))
    assert visitor.page.locator(".empty").is_visible(), "a page without missions says what to do"
    visitor.look("structure-sans-mission")
