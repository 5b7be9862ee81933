"""From the client to the closing: what blocks is shown, mended, closed, and then nothing changes (W10, W11)."""

from __future__ import annotations

import pytest
from tests.factories import account, person
from tests.factories.workshops import assignment, contact, enrolment, facilitator, open_programme, session, staff
from tests.harness.browser import DESKTOP, PHONE
from tests.journeys.steps import come_in

from renfort.organisations.models import Organisation
from renfort.workshops.models import Assignment, Order

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_a_mission_is_mended_closed_and_followed_by_its_client(site, arrive, means):
    open_programme()
    able = facilitator("green", first_name="Samir", last_name=f"Haddad {means.name}")
    what = assignment("awarded", by=able, workshop=2)
    Order.objects.filter(pk=what.order_id).update(title=f"Semaine du climat {means.name}")
    Organisation.objects.filter(pk=what.order.client_id).update(name=f"Lycée des Rives {means.name}")
    enrolment(session(what, day=-12, state="held"), able, state="done", standing="internal")
    ahead = session(what, day=6)
    chief = arrive(site.url, means, "association")
    come_in(chief, staff(first_name="Claire", last_name=f"Roussel {means.name}"))

    # the association: where orders stand, the client's contacts, the convention
    chief.open("/ateliers/association/")
    chief.says("À clôturer", f"Semaine du climat {means.name}")
    chief.look("wc-accueil")
    chief.open(f"/ateliers/association/?etape=running&q={means.name}")
    chief.says("En cours")
    chief.look("wc-accueil-filtre")
    chief.open(f"/ateliers/association/clients/{what.order.client_id}/contacts/nouveau/")
    chief.fill(name="Inès Roche", function="Vie scolaire", email=f"ines.{means.name}@example.org")
    chief.look("wc-contact")
    chief.submit()
    chief.at(r"/association/clients/\d+/$")
    chief.says("Inès Roche", "Principal")
    chief.look("wc-client")
    chief.open(f"/ateliers/association/commandes/{what.order_id}/")
    chief.says("La loi veut aussi")
    chief.look("wc-commande")
    chief.open(f"/ateliers/association/commandes/{what.order_id}/modifier/")
    chief.says("Objectif", "Contenu, moyens, suivi, règlement")
    chief.look("wc-commande-modifier")
    chief.open("/ateliers/association/clients/annuaire/")
    chief.look("wc-annuaire")

    # the coordination: what blocks, mended, closed with a written reason
    leader = arrive(site.url, means, "coordination")
    come_in(leader, able.person)
    mission = f"/ateliers/missions/{what.pk}/"
    leader.open(mission)
    leader.says("Pour clôturer", "1 session n'est pas encore passée")
    leader.look("wc-mission")
    leader.open(f"{mission}cloturer/")
    leader.says("Il reste à faire avant de clôturer")
    leader.look("wc-bloquee")
    leader.press('main a:has-text("Atelier, ")', to=rf"/sessions/{ahead.pk}/$")
    leader.press(f'a[href="{mission}sessions/{ahead.pk}/annuler/"]', to="/annuler/$")
    leader.fill(reason="La salle n'est plus libre.")
    leader.submit("main form button.btn-danger")
    leader.open(f"{mission}cloturer/")
    leader.says("Ce qui va se passer", "1 sur 2 commandés")
    leader.look("wc-cloturer")
    leader.fill(reason="Le client renonce au second atelier.")
    leader.submit()
    leader.says("Clôturée", "Télécharger le bilan")
    leader.look("wc-cloturee")
    assert Assignment.objects.get(pk=what.pk).state == "closed"

    # afterwards nothing: the way in that was open in another tab is shut
    leader.open(f"{mission}sessions/nouvelle/")
    leader.fill(day="2030-05-14", starts="14:00", ends="17:00", city="Lyon")
    leader.choose("presence", "on_site")
    leader.submit()
    leader.says("La mission est clôturée")
    chief.open(f"/ateliers/association/commandes/{what.order_id}/")
    chief.says("Mission clôturée", "Corriger par une nouvelle commande")
    chief.look("wc-commande-cloturee")

    # the client's contact reads it
    follower = account(person(first_name="Alba", last_name=f"Ruiz {means.name}")).person
    contact(what.order.client, name="Alba Ruiz", email=f"alba.{means.name}@example.org", person=follower)
    reader = arrive(site.url, means, "contact")
    come_in(reader, follower)
    reader.open(f"/ateliers/client/{what.order.client_id}/")
    reader.says(f"Semaine du climat {means.name}")
    reader.look("wc-mes-commandes")
    reader.press(f'main a:has-text("Semaine du climat {means.name}")', to=r"/commandes/\d+/$")
    reader.says("Votre coordination", "Télécharger le bilan")
    reader.look("wc-ma-commande")
