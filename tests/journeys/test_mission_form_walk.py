"""The form of a mission as people use it: left half-way, shared by two, copied, started from a template (R10 to R15, R66)."""

from __future__ import annotations

import re

import pytest
from tests.factories import account, days, grant, manager, mission, operator, organisation, participation, person, today
from tests.harness.browser import DESKTOP, PHONE, PHONE_NO_SCRIPT
from tests.journeys.steps import come_in, describe_mission

from renfort.missions.enums import ParticipationState as P
from renfort.missions.models import Mission, Unfinished
from renfort.organisations.enums import Programme, Role

pytestmark = pytest.mark.browser
SAVE = ".save-buttons .btn-primary"


@pytest.fixture
def team(site):
    """An organisation of two."""
    where = organisation(name="Secours des Chartrons")
    people = [manager(where, first_name=name, last_name="Martin") for name in ("Awa", "Léa")]
    return where, people


def come(arrive, site, means, someone, name):
    visitor = arrive(site.url, means, name)
    come_in(visitor, someone)
    return visitor


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_the_browser_closes_half_way_and_the_form_is_there(site, arrive, team, means):
    where, (awa, lea) = team
    new = f"/espace/{where.pk}/missions/nouvelle/"
    first = come(arrive, site, means, awa, "formulaire-avant")
    first.open(new)
    first.look("nouvelle-mission-vide")
    first.choose("domain", "garde-enfants")
    assert first.page.locator(".domain-help:visible").count() == 1, "R13: the rules follow the domain"
    first.says("Je ne suis jamais seul·e avec un enfant")
    assert first.page.locator('[name="title"]').input_value() != "", "R10: the title is proposed"
    first.fill(title="Garde du mercredi", ends_on="2026-01-02", starts_on="2027-05-05", description="Nous cherchons")
    first.page.locator("[data-kept-said]:not(:empty)").wait_for()
    first.says("Brouillon enregistré à")
    first.look("nouvelle-mission-gardee")
    first.context.close()  # the browser closes

    colleague = come(arrive, site, means, lea, "formulaire-collegue")
    colleague.open(new)
    assert "Garde du mercredi" not in colleague.page.content(), "R12: never shown to another person"

    again = come(arrive, site, means, awa, "formulaire-apres")
    again.open(new)
    again.says("Une saisie n'a pas été enregistrée", "Garde du mercredi")
    again.look("reprendre-ou-repartir")
    again.press('a[href^="?reprendre="]', to="reprendre=")
    assert again.page.locator('[name="ends_on"]').input_value() == "2026-01-02", "an end before the start is kept as typed"
    assert again.page.locator('textarea[name="description"]').input_value() == "Nous cherchons"
    again.look("saisie-reprise")
    again.submit(SAVE)
    again.says("points sont à corriger", "précède la date de début")
    again.look("saisie-reprise-erreurs")
    again.press(".domain-more")  # the list is folded to the domain that was chosen
    describe_mission(again, title="Garde du mercredi")
    again.press('button[name="then"][value="propose"]', to=r"/missions/\d+/$")
    again.says("Bravo, votre mission a été publiée !")
    assert not Unfinished.objects.filter(person=awa).exists()


def test_without_a_script_a_template_a_search_and_the_team_lose_nothing(site, arrive, team):
    where, (awa, _lea) = team
    visitor = come(arrive, site, PHONE_NO_SCRIPT, awa, "sans-script")
    visitor.open(f"/espace/{where.pk}/missions/nouvelle/")
    visitor.press(visitor.page.get_by_role("link", name="Appels de convivialité"), to="modele=")
    visitor.says("Le formulaire part du modèle", "Je garde pour moi ce que l'on me confie")
    visitor.look("depuis-un-modele")
    visitor.fill(schedule="Le soir")
    newcomer = account(person(first_name="Nour", last_name="Nouveau")).person
    grant(newcomer, Programme.RESERVE, Role.MANAGER, where)
    visitor.submit('button[name="refresh"]')
    assert visitor.page.locator('[name="schedule"]').input_value() == "Le soir"
    visitor.choose("responsible", str(newcomer.pk))
    visitor.submit('button[name="then"][value="draft"]')
    visitor.says("Brouillon enregistré", "Nour Nouveau")


def test_a_colleague_invited_meanwhile_is_in_the_list_of_the_open_page(site, arrive, team):
    """R11: in another tab, without losing what is typed."""
    where, (awa, _lea) = team
    visitor = come(arrive, site, DESKTOP, awa, "inviter")
    visitor.open(f"/espace/{where.pk}/missions/nouvelle/")
    visitor.fill(title="En cours de saisie")
    with visitor.context.expect_page() as opened:
        visitor.press("[data-invite]")
    assert re.search(r"/equipe/", opened.value.url)
    grant(account(person(first_name="Nour", last_name="Nouveau")).person, Programme.RESERVE, Role.MANAGER, where)
    opened.value.close()
    visitor.press("[data-refresh]")
    visitor.page.locator("[data-refreshed]:not(:empty)").wait_for()
    visitor.says("Dans la liste maintenant : Nour Nouveau")
    assert visitor.page.locator('[name="title"]').input_value() == "En cours de saisie"


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_two_people_change_one_mission_and_volunteers_read_it_once(site, arrive, team, means):
    where, (awa, lea) = team
    made = mission(where, responsible=awa, places=3)
    coming = participation(made, state=P.ACCEPTED).person
    edit = f"/espace/{where.pk}/missions/{made.pk}/modifier/"
    mine, theirs = come(arrive, site, means, awa, "conflit"), come(arrive, site, means, lea, "conflit-collegue")
    mine.open(edit)
    mine.says("1 bénévole accepté recevra un e-mail")
    mine.fill(title="Mon titre")
    theirs.open(edit)
    theirs.fill(title="Son titre", schedule="De 14 h à 17 h")
    theirs.page.locator("[data-tells]:not(:empty)").wait_for()
    theirs.look("qui-sera-prevenu")
    theirs.press(SAVE, to=r"/missions/\d+/$")
    theirs.says("1 bénévole accepté est prévenu par e-mail", "Mission modifiée", "De 9 h à 12 h")
    theirs.look("mission-modifiee")
    assert "De 14 h à 17 h (avant : De 9 h à 12 h)" in site.letter(coming.account.email).text.replace("\xa0", " ")

    mine.submit(SAVE)
    mine.says("Léa Martin a modifié cette mission pendant que vous écriviez", "Son titre", "Mon titre", "De 14 h à 17 h")
    mine.look("deux-a-la-fois")
    mine.choose("choix-title", "mine")
    mine.press(SAVE, to=r"/missions/\d+/$")
    made.refresh_from_db()
    assert (made.title, made.schedule) == ("Mon titre", "De 14 h à 17 h")
    assert len(site.letters(coming.account.email)) == 1, "R14: once, when it mattered"


def test_a_mission_is_copied_and_made_a_template(site, arrive, team):
    where, (awa, _lea) = team
    made = mission(where, responsible=awa, title="Maraude du jeudi")
    visitor = come(arrive, site, DESKTOP, awa, "copie")
    visitor.open(f"/espace/{where.pk}/missions/{made.pk}/")
    visitor.press(visitor.page.get_by_role("button", name="Dupliquer"), to="/modifier/$")
    visitor.says("Voici une copie de « Maraude du jeudi »")
    visitor.look("copie")
    assert Mission.objects.filter(organisation=where, state="draft").count() == 1
    visitor.open(f"/espace/{where.pk}/missions/{made.pk}/")
    visitor.press(visitor.page.get_by_role("link", name="Enregistrer comme modèle"), to="/enregistrer-comme-modele/$")
    visitor.look("enregistrer-comme-modele")
    visitor.fill(name="Notre maraude")
    visitor.press("main form .btn-primary", to="/modeles/$")
    visitor.look("modeles")
    visitor.press(visitor.page.get_by_role("link", name="Partir de ce modèle Notre maraude"), to="modele=")
    assert visitor.page.locator('[name="title"]').input_value() == "Maraude du jeudi"
    visitor.look("depuis-notre-modele")


def test_a_mission_is_closed_opened_again_and_cancelled(site, arrive, team):
    """R20: closed after its last day, opened again when that was too early, cancelled with a reason that volunteers read."""
    where, (awa, _lea) = team
    made = mission(where, responsible=awa, title="Collecte de rue", starts_on=today() - days(9), ends_on=today() - days(2))
    helper = participation(made, state="ongoing").person
    visitor = come(arrive, site, PHONE, awa, "vie-d-une-mission")
    page = f"/espace/{where.pk}/missions/{made.pk}/"
    visitor.open(page)
    visitor.says("La date de fin est passée")
    steps = (("Clôturer", "cloturer", "Terminée"), ("Rouvrir", "rouvrir", "Validée"), ("Annuler", "annuler", "Annulée"))
    for label, path, state in steps:
        visitor.press(visitor.page.get_by_role("link", name=f"{label} la mission"), to=f"/{path}/$")
        visitor.look(f"mission-{path}")
        visitor.press(visitor.page.get_by_role("button", name=f"{label} la mission"), to=f"{page}$")
        visitor.says(state)
    assert any("Collecte de rue" in letter.subject for letter in site.letters(helper.email)), "the volunteers are told"


def test_the_operator_writes_a_template_for_everybody(site, arrive, team):
    where, (awa, _lea) = team
    boss = operator(first_name="Olga", last_name="Opératrice")
    visitor = come(arrive, site, PHONE, boss, "operatrice")
    visitor.open("/operateur/reglages/")
    visitor.press('a[href="/operateur/modeles/"]', to="/operateur/modeles/$")
    visitor.look("modeles-de-mission")
    visitor.press('a[href="/operateur/modeles/nouveau/"]', to="/nouveau/$")
    visitor.submit("main form .btn-primary")
    visitor.says("points sont à corriger")
    visitor.look("modele-vide")
    visitor.page.locator('select[name="domain"]').select_option(index=1)
    visitor.fill(name_fr="Écrire à quelqu'un", title_fr="Écrire une lettre par semaine", prerequisites_fr="J'écris lisiblement.")
    visitor.press("main form .btn-primary", to="/operateur/modeles/$")
    visitor.says("Écrire à quelqu'un")
    host = come(arrive, site, DESKTOP, awa, "avec-le-modele")
    host.open(f"/espace/{where.pk}/missions/nouvelle/")
    assert host.page.get_by_role("link", name="Écrire à quelqu'un").count() == 1
