"""A mission goes through correction and acceptance between two people, and two referents take one case (R52)."""

from __future__ import annotations

import pytest
from tests.factories import manager, mission, organisation, referent
from tests.harness.browser import DESKTOP, PHONE
from tests.journeys.steps import come_in

pytestmark = pytest.mark.browser
FORM = 'main form:has([name="seen"]) button[type="submit"]'
QUEUE, HOSTS = "/referent/a-valider/missions/", "/referent/a-valider/structures/"


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_mission_is_corrected_then_accepted(site, arrive, means):
    where = organisation(name=f"Secours {means.name}", state="waiting")
    boss = manager(where, first_name="Awa", last_name="Diallo", email=f"awa.{means.name}@example.org")
    reader = referent("33", first_name="Rémi", last_name="Férent", email=f"remi.{means.name}@example.org")
    first = mission(where, state="submitted", title=f"Maraude {means.name}", responsible=boss)
    mission(where, state="submitted", title="Collecte", responsible=boss)
    referee, host = arrive(site.url, means, "referent"), arrive(site.url, means, "structure")

    # the queue, one case, « Prendre »
    come_in(referee, reader)
    referee.open(QUEUE)
    referee.says("Missions à valider", "dossiers en attente")
    referee.look("file")
    referee.press(referee.page.get_by_role("link", name=f"Maraude {means.name}"), to=f"{QUEUE}{first.pk}/$")
    referee.says("La page telle que les bénévoles la liront", "Votre décision")
    referee.look("dossier")
    colleague = arrive(site.url, means, "collegue")
    come_in(colleague, referent("33", first_name="Olga", last_name="Petit", email=f"olga.{means.name}@example.org"))
    colleague.open(f"{QUEUE}{first.pk}/")  # while it is still free
    referee.press(referee.page.get_by_role("button", name="Prendre ce dossier"), to=f"{QUEUE}{first.pk}/$")
    referee.says("Ce dossier est à vous")
    taking_too(colleague, QUEUE, first.pk)

    # a correction, with a reason and a remark on a field; the next case comes at once
    referee.press('a[href$="/demander-une-correction/"]', to="/demander-une-correction/$")
    referee.submit(FORM)
    referee.says("Cochez au moins un motif")
    referee.look("correction-sans-raison")
    referee.page.get_by_label("Dates ou horaires à préciser").check()
    referee.press("main form details.fold summary")
    referee.fill(on_schedule="À quelle heure ?")
    referee.press(FORM, to=rf"{QUEUE}\d+/$")
    assert referee.path() != f"{QUEUE}{first.pk}/"

    # the organisation reads, corrects, answers
    come_in(host, boss)
    own = f"/espace/{where.pk}/missions/{first.pk}/"
    host.open(own)
    host.says("Dates ou horaires à préciser", "À quelle heure ?")
    host.look("a-corriger")
    host.press('a[href$="/modifier/"]', to="/modifier/$")
    host.says("Ce qui est à corriger")
    host.look("formulaire")
    host.fill(schedule="Rendez-vous à 19 h devant la fontaine.")
    host.press("main form .save-bar button.btn-primary", to=f"{own}$")
    host.press('a[href$="/proposer-a-nouveau/"]', to="/proposer-a-nouveau/$")
    host.fill(message="C'est à 19 h.")
    host.press(FORM, to=f"{own}$")
    host.says("En attente de validation")

    # the referent sees what changed, and accepts
    referee.open(f"{QUEUE}{first.pk}/")
    referee.says("Ce qui a été corrigé", "Rendez-vous à 19 h devant la fontaine.", "C'est à 19 h.")
    referee.look("corrige")
    referee.press('a[href$="/valider/"]', to="/valider/$")
    referee.press(FORM, to=rf"{QUEUE}\d+/$")
    host.open(own)
    host.says("Validée")

    # organisations, too
    referee.open("/referent/a-valider/structures/")
    referee.says("Structures à valider", where.name)
    referee.look("structures")
    referee.press(referee.page.get_by_role("link", name=where.name), to=f"/structures/{where.pk}/$")
    referee.look("structure")
    colleague.open(f"{HOSTS}{where.pk}/prendre/")
    referee.press('a[href$="/prendre/"]', to="/prendre/$")
    referee.press(FORM, to=f"{HOSTS}{where.pk}/$")
    colleague.submit(FORM)
    colleague.says("En cours d'examen", "Rémi Férent a pris ce dossier")
    colleague.look("structure-deja-prise")
    colleague.open(HOSTS)
    colleague.says("Pris par Rémi Férent")

    if means is DESKTOP:  # by keyboard, and not while typing
        referee.open(QUEUE)
        referee.page.keyboard.press("j")
        referee.page.keyboard.press("Enter")
        referee.at(rf"{QUEUE}\d+/$")
        referee.page.keyboard.press("f")
        referee.at(f"{QUEUE}$")


def taking_too(colleague, queue, pk):
    """Who presses « Prendre » on a page that is a moment old is told who was first, and finds the next case."""
    colleague.press(colleague.page.get_by_role("button", name="Prendre ce dossier"), to="/prendre/$")
    colleague.says("Rémi Férent a pris ce dossier")
    colleague.look("deja-pris")
    colleague.press(colleague.page.get_by_role("link", name="Revenir en arrière"), to=f"{queue}{pk}/$")
    colleague.says("Rémi Férent a ce dossier en main")
    assert not colleague.page.get_by_role("button", name="Prendre ce dossier").count()
