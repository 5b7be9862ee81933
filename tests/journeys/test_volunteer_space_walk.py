"""A volunteer comes back: what is next, the calendar, favourites, a picture, who has looked (R7, R34, R35, R37, R62)."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from PIL import Image
from tests.factories import actor, as_manager, days, manager, mission, organisation, participation, today, volunteer
from tests.harness.browser import DESKTOP, PHONE, PHONE_NO_SCRIPT, Means, Visitor
from tests.journeys.steps import come_in

from renfort.audit.services import contact_seen
from renfort.kernel.firing import fire
from renfort.missions.workflow import PARTICIPATION

pytestmark = pytest.mark.browser
SPACE = "/espace/benevole/"
MEANS = [PHONE, DESKTOP, PHONE_NO_SCRIPT]
PLACE = {"latitude": 44.8412, "longitude": -0.5736}


@pytest.fixture
def me(site):
    """Léo, with something in every state, and a mission that looks like the refused one."""
    leo = volunteer(first_name="Léo", last_name="N'Diaye-Brückner", landline_phone="+33556010203")
    bank, meals = organisation(name="Banque alimentaire de Bordeaux"), organisation(name="Les repas du cœur de ville")
    for where in (bank, meals):
        host = manager(where, first_name="Camille", last_name="Martin")
        for number in range(4):
            participation(
                mission(where, title=f"Ancienne collecte {number}"),
                state="accepted",
                created_at=timezone.now() - days(20),
                decided_at=timezone.now() - days(18),
            )
    saturday = today() + days(7)
    participation(
        mission(bank, title="Tri des dons du samedi", starts_on=saturday, ends_on=saturday, **PLACE), leo, state="accepted"
    )
    participation(
        mission(
            meals, title="Maraude du soir", starts_on=today() + days(20), ends_on=today() + days(40), format="recurring", **PLACE
        ),
        leo,
        state="accepted",
    )
    participation(
        mission(meals, title="Appels aux personnes isolées", presence="remote"), leo, created_at=timezone.now() - days(1)
    )
    participation(mission(bank, title="Collecte au supermarché", **PLACE), leo, created_at=timezone.now() - days(12))
    participation(
        mission(bank, title="Inventaire de printemps", starts_on=today() - days(50), ends_on=today() - days(50), **PLACE),
        leo, state="done",
    )  # fmt: skip
    mission(bank, title="Distribution du mercredi", starts_on=today() + days(3), ends_on=today() + days(3), **PLACE)
    mission(meals, title="Soupe de nuit", starts_on=today() + days(5), ends_on=today() + days(5), **PLACE)
    declined = participation(mission(bank, title="Cuisine du jeudi", **PLACE), leo)
    fire(PARTICIPATION, declined, "refuse", actor=as_manager(bank), answers={"reason": "enough_people", "message": "À bientôt !"})
    contact_seen(viewer=actor(host), people=[leo.pk], organisation=meals.pk, way="list")
    contact_seen(viewer=as_manager(bank), people=[leo.pk], organisation=bank.pk, way="page")
    return leo


@pytest.mark.parametrize("means", MEANS, ids=lambda means: means.name)
def test_what_is_next_stands_first_with_all_that_one_needs_to_be_there(site, arrive, me, means):
    visitor = arrive(site.url, means, "leo")
    come_in(visitor, me)

    visitor.open(SPACE)
    visitor.says("Bonjour Léo", "Votre prochaine mission", "Tri des dons du samedi", "Maryse Contact", "à ", "2 missions à venir")
    visitor.says("d'ordinaire en 2 jours")
    visitor.look("mes-participations")
    assert (visitor.page.locator(".next-turn .next-does a").first.get_attribute("href") or "").startswith("geo:44.84")

    visitor.press('.next-turn h3 a[href^="/espace/benevole/"]', to=r"/espace/benevole/\d+/$")
    visitor.look("acceptee")
    event = downloaded(visitor, 'a[href$="/mission.ics"]')
    assert event["status"] == "CONFIRMED" and event["summary"].startswith("Tri des dons du samedi")
    assert event.decoded("dtstart") == today() + days(7) and event.decoded("dtend") == today() + days(8)

    visitor.press('a[href$="/abandonner/"]', to="/abandonner/$")
    visitor.look("se-desister")
    visitor.choose("reason", "not_available")
    visitor.press('main form:has([name="seen"]) button[type="submit"]', to=r"/espace/benevole/\d+/$")
    visitor.says("Vous vous êtes désisté·e")
    visitor.look("desistee")
    after = downloaded(visitor, 'a[href$="/mission.ics"]')
    assert (after["status"], after["uid"]) == ("CANCELLED", event["uid"]) and after["sequence"] > event["sequence"]


def downloaded(visitor: Visitor, link: str):
    """The one event of the file behind a button, read as a calendar program reads it."""
    with visitor.page.expect_download() as waiting:
        visitor.page.locator(link).first.click()
    (event,) = Calendar.from_ical(Path(waiting.value.path()).read_bytes()).walk("VEVENT")
    return event


@pytest.mark.parametrize("means", MEANS, ids=lambda means: means.name)
def test_waiting_and_refused_say_who_must_act_and_what_else_one_could_do(site, arrive, me, means):
    visitor = arrive(site.url, means, "leo")
    come_in(visitor, me)

    visitor.open(SPACE)
    visitor.press(visitor.page.get_by_role("link", name="Collecte au supermarché"), to=r"/espace/benevole/\d+/$")
    visitor.says("doit vous répondre, d'ordinaire en 2 jours", "C'est long")
    visitor.look("en-attente")

    visitor.open(SPACE)
    visitor.press(visitor.page.get_by_role("link", name="Cuisine du jeudi"), to=r"/espace/benevole/\d+/$")
    visitor.says("Raison donnée : Nous avons déjà assez de monde", "À bientôt !", "D’autres missions qui vous ressemblent")
    visitor.look("refusee")
    offered = visitor.page.locator(".missions h3 a").all_inner_texts()
    assert 1 <= len(offered) <= 3 and not {"Tri des dons du samedi", "Collecte au supermarché"} & set(offered)
    visitor.press(visitor.page.locator(".missions h3 a").first, to=r"/missions/\d+-")


@pytest.mark.parametrize("means", MEANS, ids=lambda means: means.name)
def test_the_calendar_is_subscribed_to_changed_and_closed(site, arrive, me, means):
    visitor = arrive(site.url, means, "leo")
    come_in(visitor, me)

    visitor.open(f"{SPACE}agenda/")
    visitor.look("agenda-sans-adresse")
    visitor.submit("main form button.btn-primary")
    visitor.look("agenda")
    url = visitor.page.locator("#agenda").input_value()
    assert (visitor.page.locator("a.btn-primary").get_attribute("href") or "") == url.replace("http://", "webcal://")

    with urlopen(Request(url, headers={"Accept-Encoding": "identity"})) as answer:  # a program without any cookie
        assert "Set-Cookie" not in answer.headers
        titles = {str(event["summary"]).partition(" · ")[0] for event in Calendar.from_ical(answer.read()).walk("VEVENT")}
    assert titles == {"Tri des dons du samedi", "Maraude du soir"}

    visitor.submit('button[value="ouvrir"]')
    assert visitor.page.locator("#agenda").input_value() != url and Client().get(url).status_code == 404
    visitor.submit('button[value="fermer"]')
    visitor.says("Créer mon adresse d’agenda")


@pytest.mark.parametrize("means", MEANS, ids=lambda means: means.name)
def test_a_heart_is_kept_and_found_again(site, arrive, me, means):
    stranger, visitor = arrive(site.url, means, "inconnue"), arrive(site.url, means, "leo")
    stranger.open("/missions/?lieu=33000")
    stranger.look("liste-avec-coeurs")
    stranger.press(stranger.page.locator("[data-heart]").first, to="/inscription/benevole/$")
    stranger.says("Pour retrouver vos favoris partout")
    stranger.look("creer-un-compte")

    come_in(visitor, me)
    visitor.open("/missions/?lieu=33000")
    hearts = visitor.page.locator("[data-heart]")
    one = hearts.first.get_attribute("value")
    press_heart(visitor, means, one)
    visitor.look("liste-un-coeur-garde")
    visitor.open(visitor.page.locator(f"#mission-{one} h3 a").get_attribute("href") or "")
    visitor.look("mission-gardee")
    visitor.open(f"{SPACE}favoris/")
    visitor.look("mes-favoris")
    press_heart(visitor, means, one, name="retirer")
    visitor.open(f"{SPACE}favoris/")
    visitor.says("Gardez les missions qui vous tentent")
    assert not visitor.page.locator("[data-heart]").count()
    visitor.look("sans-favori")


def press_heart(visitor: Visitor, means: Means, number: str, *, name: str = "garder") -> None:
    """At once with scripts, by sending the form without."""
    from playwright.sync_api import expect

    heart = visitor.page.locator(f'[data-heart][name="{name}"][value="{number}"]')
    if not means.scripts:
        visitor.submit(heart)
        return
    with visitor.page.expect_response("**/favoris/") as answer:
        heart.click()
    assert answer.value.status == 200
    expect(visitor.page.locator(f'[data-heart][value="{number}"]')).to_have_attribute(
        "aria-pressed", str(name == "garder").lower()
    )


@pytest.mark.parametrize("means", MEANS, ids=lambda means: means.name)
def test_a_heart_that_could_not_be_kept_says_so(site, arrive, me, means):
    if not means.scripts:
        means = DESKTOP  # the form's own way is in the tests of the pages
    visitor = arrive(site.url, means, "leo")
    come_in(visitor, me)
    visitor.open("/missions/?lieu=33000")
    visitor.page.route("**/favoris/", lambda route: route.abort())
    visitor.page.locator("[data-heart]").first.click()
    visitor.says("Ce n’est pas enregistré")
    assert visitor.page.locator("[data-heart]").first.get_attribute("aria-pressed") == "false"
    visitor.troubles.clear()  # the network was cut on purpose


@pytest.mark.parametrize("means", MEANS, ids=lambda means: means.name)
def test_who_sees_what_and_who_has_looked(site, arrive, me, means):
    visitor = arrive(site.url, means, "leo")
    come_in(visitor, me)
    visitor.open(f"{SPACE}donnees-vues/")
    visitor.says("Banque alimentaire de Bordeaux", "Responsable", "Dans une liste", "Sur une page")
    visitor.look("mes-donnees-vues")

    visitor.press(visitor.page.get_by_role("link", name="Modifier mon profil"), to="/espace/profil/$")
    visitor.look("profil")
    photo = BytesIO()
    Image.linear_gradient("L").resize((800, 600)).save(photo, "JPEG")
    visitor.page.locator('input[type="file"]').set_input_files(
        {"name": "moi.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    )
    visitor.submit(visitor.page.get_by_role("button", name="Enregistrer la photo"))
    assert visitor.page.locator("img.avatar-portrait").evaluate("image => image.decode().then(() => image.naturalWidth)") == 256
    visitor.look("profil-avec-photo")
    visitor.page.locator('input[type="file"]').set_input_files(
        {"name": "x.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    )
    visitor.submit(visitor.page.get_by_role("button", name="Enregistrer la photo"))
    visitor.says("n'est pas une image que nous savons lire")
    visitor.look("photo-refusee")
    visitor.submit(visitor.page.get_by_role("button", name="Retirer la photo"))
    assert not visitor.page.locator("img.avatar-portrait").count()


@pytest.mark.parametrize("means", [PHONE, DESKTOP], ids=lambda means: means.name)
def test_whoever_begins_is_told_what_to_do(site, arrive, means):
    visitor = arrive(site.url, means, "nouvelle")
    come_in(visitor, volunteer(first_name="Inès"))
    visitor.open(SPACE)
    assert visitor.page.locator(".empty a.btn-primary").get_attribute("href") == "/missions/"
    visitor.look("sans-participation")
    visitor.open(f"{SPACE}donnees-vues/")
    visitor.look("sans-lecture")


@pytest.mark.parametrize("means", [PHONE, DESKTOP], ids=lambda means: means.name)
def test_an_organisation_reads_the_name_alone_afterwards(site, arrive, me, means):
    where = organisation(name="Secours discret")
    host = manager(where)
    shown = participation(mission(where, title="Ouverte"), me, state="accepted")
    hidden = participation(mission(where, title="Close"), me, state="withdrawn", closed_at=timezone.now() - timedelta(days=40))
    visitor = arrive(site.url, means, "structure")
    come_in(visitor, host)
    visitor.open(f"/espace/{where.pk}/participations/")
    visitor.says("Coordonnées masquées depuis le")
    visitor.look("liste-de-la-structure")
    for made, name in ((shown, "page-ouverte"), (hidden, "page-close")):
        visitor.open(f"/espace/{where.pk}/participations/{made.pk}/")
        assert (me.email in visitor.page.inner_text("main")) == (made == shown)
        visitor.look(name)
