"""A coordinator with a lot to answer, on a laptop and on a phone: dashboard, lists, many at once (R17 to R41)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.factories import days, manager, mission, organisation, participation, today, volunteer
from tests.harness.browser import DESKTOP, PHONE, PHONE_NO_SCRIPT, Means, Visitor
from tests.journeys.steps import come_in

from renfort.missions.models import Participation, ReplyTemplate
from renfort.missions.services import batches

pytestmark = pytest.mark.browser
COMPLETE = "Bonjour {prénom}, l'équipe de « {mission} » est déjà au complet. À bientôt !"
DARK = Means("dark", theme="dark")


@pytest.fixture(autouse=True)
def _a_quiet_machine(monkeypatch):
    """The site runs in this process: what it does at once is done at once, however busy the machine."""
    monkeypatch.setattr(batches, "PATIENCE", 600.0)


@pytest.fixture
def team(site):
    """An organisation with thirty applications on three missions, one of them with two places left."""
    where = organisation(name="Secours Bordeaux Centre")
    someone = manager(where, first_name="Awa", last_name="Diallo")
    food = mission(where, title="Distribution de repas place de la Victoire", places=2)
    mission(where, title="Courses pour les voisins isolés", places=8, starts_on=today() + days(3), ends_on=today() + days(40))
    calls = mission(where, title="Appels aux personnes âgées", places=20, presence="remote", city="", address="", postcode="")
    mission(where, title="Collecte du samedi", state="draft")
    mission(where, title="Tri des vêtements", starts_on=today() - days(9), ends_on=today() - days(2))
    now = timezone.now()
    for number in range(24):
        what = food if number < 4 else calls
        participation(what, volunteer(), created_at=now - timedelta(days=number, hours=3))
    for state in ("accepted", "ongoing", "done", "refused", "withdrawn", "no_show"):
        participation(calls, volunteer(), state=state, created_at=now - timedelta(days=30))
    ReplyTemplate.objects.create(organisation=where, name="Complet", text=COMPLETE)
    return where, someone


def come(arrive, site, team, means) -> Visitor:
    visitor = arrive(site.url, means)
    come_in(visitor, team[1])
    visitor.open(f"/espace/{team[0].pk}/")
    return visitor


@pytest.mark.parametrize("means", [DESKTOP, PHONE, DARK], ids=lambda means: means.name)
def test_the_day_begins_on_the_dashboard(site, arrive, team, means):
    visitor = come(arrive, site, team, means)
    visitor.says_in_french("Tableau de bord", "À traiter d’abord", "En attente de mission", "À venir", "Places disponibles")
    visitor.look("tableau-de-bord")
    visitor.press(visitor.page.locator("details.fold summary"))
    visitor.look("tableau")
    figure = visitor.page.locator("a.stat", has_text="En attente de mission")
    assert figure.locator("b").inner_text() == "24"
    visitor.press(figure, to="statut=pending")
    expect(visitor.page.locator(".pages [role=status]")).to_contain_text("Affiche 1 à 20 sur 24 résultats")
    visitor.look("en-attente")


@pytest.mark.parametrize("means", [DESKTOP, PHONE, DARK], ids=lambda means: means.name)
def test_a_panel_opens_beside_the_list_and_gives_it_back(site, arrive, team, means):
    visitor = come(arrive, site, team, means)
    page = visitor.page
    visitor.open(f"/espace/{team[0].pk}/participations/?statut=pending")
    link = page.locator("[data-panel]").nth(12)
    link.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    link.click()
    expect(page.locator(".panel")).to_be_focused()
    visitor.at("volet=")
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_have_count(0)
    expect(link).to_be_focused()
    assert "volet" not in page.url
    assert abs(page.evaluate("scrollY") - before) < 80, "the list keeps its place"
    page.go_back()
    expect(page.locator(".panel")).to_be_visible()
    visitor.look("volet")
    page.go_back()
    expect(page.locator(".panel")).to_have_count(0)
    page.reload()
    visitor.open(f"/espace/{team[0].pk}/missions/")
    visitor.look("missions")
    visitor.press(page.locator("[data-panel]").first)
    expect(page.locator(".panel")).to_be_focused()
    visitor.look("volet-mission")
    visitor.press(".panel-head .icon-link")
    expect(page.locator(".panel")).to_have_count(0)
    visitor.press(page.locator(".drop-row summary").first)
    visitor.look("menu-de-ligne")


def test_the_keyboard_alone_answers_one_after_the_other(site, arrive, team):
    visitor = come(arrive, site, team, DESKTOP)
    page = visitor.page
    visitor.open(f"/espace/{team[0].pk}/participations/?statut=pending&tri=cree")
    page.keyboard.press("?")
    expect(page.locator("#touches")).to_be_visible()
    visitor.look("raccourcis")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-panel]").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("[data-panel]").nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".panel")).to_be_focused()
    first = int(page.locator(".panel").get_attribute("data-row"))
    page.locator('.panel [value="accept"]').check()
    page.locator('.panel button[type="submit"]').click()
    expect(page.locator("[data-live]")).to_contain_text("Mission validée")
    expect(page.locator(f'tr[data-row="{first}"]')).to_contain_text("Mission validée")
    assert Participation.objects.get(pk=first).state == "accepted"
    expect(page.locator(".panel")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(f'.panel[data-row="{first}"]')).to_have_count(0)
    expect(page.locator(".panel")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator('[name="q"]')).to_be_focused()
    page.keyboard.type("j?")
    assert page.locator('[name="q"]').input_value() == "j?", "what is typed is no command"


@pytest.mark.parametrize("means", [DESKTOP, PHONE, PHONE_NO_SCRIPT], ids=lambda means: means.name)
def test_many_are_looked_at_then_answered_and_taken_back(site, arrive, team, means):
    visitor = come(arrive, site, team, means)
    page = visitor.page
    visitor.open(f"/espace/{team[0].pk}/participations/?statut=pending&q=repas")
    for tick in page.locator('[name="ligne"]').all():
        tick.check()
    visitor.look("cochees")
    visitor.press("#choix button", to=r"/plusieurs/\d+/$")
    visitor.says_in_french("2 seront acceptées, 2 ne peuvent pas l’être.", "Toutes les places sont prises.", "Un e-mail part à")
    visitor.look("apercu")
    visitor.press("main form button.btn-primary", to=r"/plusieurs/\d+/$")
    visitor.says_in_french("2 faites, 2 impossibles", "peuvent encore être remises en attente")
    visitor.look("resultat")
    assert Participation.objects.filter(organisation=team[0], state="accepted", mission__places=2).count() == 2
    visitor.press(".undo button", to=r"/plusieurs/\d+/$")
    visitor.says_in_french("2 seront remises en attente")
    visitor.press("main form button.btn-primary", to=r"/plusieurs/\d+/$")
    assert not Participation.objects.filter(organisation=team[0], state="accepted", mission__places=2).exists()


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_a_refusal_in_the_teams_words(site, arrive, team, means):
    visitor = come(arrive, site, team, means)
    page = visitor.page
    visitor.open(f"/espace/{team[0].pk}/participations/?statut=pending")
    page.locator('[name="tout"]').check()
    page.locator('#choix [name="geste"]').select_option("refuse")
    visitor.press("#choix button", to=r"/plusieurs/\d+/$")
    page.locator('[name="modele"]').select_option(label="Complet")
    expect(page.locator('[name="message"]')).to_have_value(COMPLETE)
    page.locator('[name="message"]').fill("Bonjour {prenom}")
    visitor.submit("main form button.btn-primary")
    visitor.says_in_french("« {prenom} » n’est pas connu")
    visitor.look("variable-inconnue")
    page.locator('[name="message"]').fill("Bonjour {prénom}, c'est complet.")
    page.set_default_timeout(90_000)  # two dozen refusals on a busy machine
    visitor.press("main form button.btn-primary", to=r"/plusieurs/\d+/$")
    visitor.says_in_french("24 faites")
    visitor.look("refusees")
    visitor.open(f"/espace/{team[0].pk}/participations/modeles/")
    visitor.look("modeles")
    visitor.press(page.locator(".reply a.btn").first, to=r"/modeles/\d+/$")
    visitor.look("modele")


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_a_search_becomes_a_tab(site, arrive, team, means):
    visitor = come(arrive, site, team, means)
    page = visitor.page
    visitor.open(f"/espace/{team[0].pk}/participations/")
    visitor.press(".more-filters summary")
    visitor.choose("statut", "pending")
    visitor.choose("attente", "7")
    visitor.look("filtres")
    visitor.press(".filter-go button", to="attente=7")
    expect(page.locator(".chips")).to_contain_text("Attend depuis plus de 7 jours")
    visitor.press(page.locator(".tool-row .drop summary").first)
    visitor.fill(name="Les oubliées")
    visitor.look("enregistrer-la-vue")
    page.locator(".drop[open] [name=premiere]").check()
    visitor.press(".drop[open] button.btn-primary", to="vue=")
    visitor.look("vue-enregistree")
    visitor.open(f"/espace/{team[0].pk}/participations/")
    visitor.at("attente=7.*vue=")
    visitor.press(page.locator(".tabs a").first, to="vue=toutes")
    visitor.press(page.locator(".tool-row .drop summary").last)
    visitor.look("colonnes")
    page.locator(".drop[open] [value=ville]").check()
    visitor.press(".drop[open] button.btn-primary", to="vue=toutes")
    expect(page.locator("thead")).to_contain_text("Ville")
