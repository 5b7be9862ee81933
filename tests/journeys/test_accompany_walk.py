"""A referent accompanies an organisation: changes a mission with it, notes, a purpose, the panel; then moves it (R37, R55)."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import make_password
from tests.factories import manager, mission, organisation, participation, referent, volunteer
from tests.harness.browser import DESKTOP, PHONE_NO_SCRIPT
from tests.journeys.steps import PASSWORD, sign_in

from renfort.missions.models import Mission, Transfer
from renfort.people.models import Account

pytestmark = pytest.mark.browser
GO = "main form.sheet button.btn-primary"


def with_password(person) -> str:
    """Let somebody sign in; returns the address."""
    Account.objects.filter(person=person).update(password=make_password(PASSWORD))
    return person.account.email


@pytest.mark.parametrize("means", [DESKTOP, PHONE_NO_SCRIPT], ids=lambda means: means.name)
def test_a_referent_changes_a_mission_and_moves_it_to_another_organisation(site, arrive, means):
    giver, receiver = organisation(name=f"Les Voisins {means.name}"), organisation(name=f"Entraide {means.name}")
    manager(giver, email=f"donne.{means.name}@example.org")
    taker = manager(receiver, email=f"recoit.{means.name}@example.org")
    what = mission(giver, title="Repas du soir", places=4, latitude=44.838, longitude=-0.5796, commune_id="33063")
    made = participation(what, volunteer(first_name="Zoé", last_name="Aidante"))
    officer = arrive(site.url, means, "referent")
    sign_in(officer, with_password(referent("33", email=f"tao.{means.name}@example.org")), to="/referent/")

    officer.open("/referent/missions/")
    officer.press("main tbody tr:first-child th.row-title a")
    officer.says("Repas du soir")
    officer.look("accompagner-volet")
    officer.open(f"/referent/missions/{what.pk}/")
    officer.says("Modifier avec la structure", "Notes internes", "Transférer")
    officer.look("accompagner-mission")
    officer.press(f'main a[href="/referent/missions/{what.pk}/modifier/"]', to="/modifier/$")
    officer.says("Vous modifiez la mission d’une structure")
    officer.look("accompagner-modifier")
    officer.fill(places="6")
    officer.press(".save-bar button.btn-primary", to=f"/referent/missions/{what.pk}/$")
    officer.says("Mission mise à jour")
    assert Mission.objects.get(pk=what.pk).places == 6

    officer.open(f"/referent/participations/{made.pk}/coordonnees/")
    officer.look("accompagner-coordonnees")
    officer.page.check('input[name="purpose"][value="safety"]')
    officer.fill(words="Vérifier l'heure du retour.")
    officer.press(GO, to=f"/referent/participations/{made.pk}/$")
    officer.says(made.person.email)
    officer.look("accompagner-participation")

    officer.open(f"/referent/missions/{what.pk}/transferer/?q={receiver.name.split()[0]}")
    officer.says("Ce qui va se passer", "1 proposition en attente", receiver.name)
    officer.look("accompagner-transferer")
    officer.page.check(f'input[name="receiver"][value="{receiver.pk}"]')
    officer.press(GO, to=f"/referent/missions/{what.pk}/$")
    officer.says("Un transfert est proposé")

    other = arrive(site.url, means, "reprend")
    sign_in(other, with_password(taker), to="/espace/")
    moved = Transfer.objects.get(mission=what)
    other.open(f"/espace/{receiver.pk}/transferts/{moved.pk}/")
    other.says("Repas du soir", "Reprendre cette mission")
    other.look("transfert-reponse")
    other.press('main a[href$="/accepter/"]', to="/accepter/$")
    other.look("transfert-accepter")
    other.press("main form button.btn-primary", to=f"/transferts/{moved.pk}/$")
    other.says("Transfert accepté")
    assert Mission.objects.get(pk=what.pk).organisation_id == receiver.pk
