"""From the order to the enrolled facilitator: the association, who coordinates, who leads (W1 to W5, W11, W12)."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.factories import days
from tests.factories.workshops import facilitator, open_programme, staff
from tests.harness.browser import DESKTOP, PHONE
from tests.journeys.steps import come_in

from renfort.workshops.models import Enrolment

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_an_order_becomes_a_session_with_its_facilitator(site, arrive, means):
    open_programme()
    name = f"Lycée des Rives {means.name}"
    able = facilitator("orange", first_name="Samir", last_name=f"Haddad {means.name}")
    beginner = facilitator("white", first_name="Adama", last_name=f"Keïta {means.name}")
    chief = arrive(site.url, means, "association")
    come_in(chief, staff())

    # the association: a client, an order, a line, the opportunity
    chief.open("/ateliers/association/clients/nouveau/")
    chief.submit()
    chief.says("Ce champ est obligatoire")
    chief.look("w-client-vide")
    chief.fill(name=name, city="Bordeaux", contact_name="Paul Martin")
    chief.choose("legal_status", "public")
    chief.choose("department", "33")
    chief.submit()
    chief.at(r"/commandes/nouvelle/\?client=\d+$")
    chief.fill(title=f"Semaine du climat {means.name}")
    chief.submit()
    chief.at(r"/association/commandes/\d+/$")
    chief.says(name, "La commande est vide")
    chief.press("main details.fold summary >> nth=0")
    chief.fill(quantity="1", price="450")
    chief.submit('main form[action$="/lignes/"] button:has-text("Ajouter la ligne")')
    chief.says("Ligne ajoutée", "450,00")
    chief.look("w-commande")
    order = chief.path()
    chief.press(f'a[href="{order}proposer/"]', to="/proposer/$")
    chief.submit()
    chief.says("Opportunité proposée")

    # a facilitator who may coordinate sees it and applies
    leader = arrive(site.url, means, "coordination")
    come_in(leader, able.person)
    leader.open("/ateliers/animation/pros/")
    leader.says("Opportunités", name)
    leader.look("w-pros")
    leader.press(f'main a:has-text("Semaine du climat {means.name}")', to=r"/opportunites/\d+/$")
    leader.look("w-opportunite")
    leader.submit('main button:has-text("Je suis intéressé·e")')
    leader.says("Votre candidature est envoyée")

    # it is given; the e-mail leads to the mission
    chief.open(order)
    chief.says("Candidatures pour coordonner", f"Samir Haddad {means.name}")
    chief.press(f'a[href="{order}confier/"]', to="/confier/$")
    chief.choose("candidate", str(able.pk))
    chief.look("w-confier")
    chief.submit()
    chief.says("Confiée")
    leader.open(site.letter(able.person.account.email).link)
    leader.at(r"/ateliers/missions/\d+/$")
    leader.says(f"Coordination · {name}", "Planifiez une première session", "0 / 1 avec animateur·ice")
    mission = leader.path()

    # « + » plans a session; the counter does not move yet
    leader.press(f'a[href="{mission}sessions/nouvelle/"]', to="/nouvelle/$")
    leader.fill(day=(timezone.localdate() + days(9)).isoformat(), starts="14:00", ends="17:00", city="Bordeaux")
    leader.choose("presence", "on_site")
    leader.look("w-session-nouvelle")
    leader.submit()
    leader.at(r"/sessions/\d+/$")
    leader.says("Personne n'anime encore cette session")
    leader.submit('main button:has-text("Créer un lien")')
    link = leader.page.locator("main code").inner_text().strip().replace("http://testserver", "")
    leader.open(mission)
    leader.says("0 / 1 avec animateur·ice")

    # who does not conform is told why; who does enrols, and the counter moves
    helper = arrive(site.url, means, "animation")
    come_in(helper, beginner.person)
    helper.open(link[link.index("/ateliers/") :])
    helper.says("Vous ne pouvez pas vous inscrire", "Ceinture jaune au moins")
    helper.look("w-invitation-refus")
    helper.open("/ateliers/animation/conformite/")
    helper.look("w-conformite")
    leader.open(link[link.index("/ateliers/") :])
    leader.look("w-invitation")
    leader.submit('main button:has-text("inscrire à cette session")')
    leader.says("Vous animez cette session")
    leader.look("w-ma-session")
    leader.open(mission)
    leader.says("1 / 1 avec animateur·ice")
    leader.look("w-mission")

    # « Bénévole », from the name's drop-down
    leader.press('main a:has-text("Atelier, ")', to=r"/sessions/\d+/$")
    leader.choose("standing", "volunteer")
    leader.submit('main button:has-text("Changer")')
    leader.look("w-session")
    assert Enrolment.objects.get(facilitator=able).standing == "volunteer"
    chief.open("/ateliers/association/")
    chief.says(name)
    chief.look("w-commandes")
    chief.open("/ateliers/association/animation/")
    chief.look("w-annuaire")
