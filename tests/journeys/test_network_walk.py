"""The head of a national network: confirms a branch, follows the network, takes a file of it (R56)."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from tests.factories import days, manager, membership, mission, organisation, participation, supervisor, today, volunteer
from tests.harness.browser import DESKTOP, PHONE_NO_SCRIPT
from tests.journeys.steps import PASSWORD, sign_in

from renfort.jobs.services.exports import make_due
from renfort.organisations.models import Network, NetworkMembership
from renfort.people.models import Account

pytestmark = pytest.mark.browser
GO = "main form button.btn-primary"


@pytest.mark.parametrize("means", [DESKTOP, PHONE_NO_SCRIPT], ids=lambda means: means.name)
def test_a_supervisor_confirms_a_branch_and_exports(site, arrive, means):
    key = "emmaus" if means is DESKTOP else "monalisa"
    network = Network.objects.get(key=key)
    ours = organisation(name="Antenne de Bordeaux")
    membership(ours, key, state="confirmed")
    soon = mission(ours, title="Repas du soir", places=4, starts_on=today() + days(4), ends_on=today() + days(4))
    asked = participation(soon, volunteer(last_name="Kouassi", first_name="Léa"))
    branch = organisation(name="Antenne de Lille", department_id="59", city="Lille")
    manager(branch)
    participation(mission(branch, title="Vestiaire", department="59", city="Lille"))
    claim = membership(branch, key)
    stranger = membership(organisation(name="Inconnue"), key)
    someone = supervisor(key, email=f"tete.{means.name}@example.org")
    Account.objects.filter(person=someone).update(password=make_password(PASSWORD))
    head, home = arrive(site.url, means, "superviseur"), f"/reseau/{network.pk}/"
    sign_in(head, someone.account.email, to=f"{home}$")

    head.says(f"Superviseur · {network.label}", "2 structures disent faire partie de votre réseau", "commence dans les 14 jours")
    head.look("reseau-tableau")
    head.press(".first li:first-child a", to="/a-confirmer/")
    head.says("Antenne de Lille", "Inconnue")
    head.look("reseau-a-confirmer")
    head.press(f'main a[href$="/appartenances/{claim.pk}/confirmer/"]', to="/confirmer/")
    head.says("le réseau lit ses missions", "Un e-mail part à")
    head.press(GO, to="/a-confirmer/")
    head.says("Antenne de Lille")
    assert NetworkMembership.objects.get(pk=claim.pk).state == "confirmed"
    head.page.locator(f'input[name="ligne"][value^="{stranger.pk}."]').check()
    head.press('main button[value="refuse"]', to="/plusieurs/")
    head.fill(reasons="Nous ne vous connaissons pas encore.")
    head.look("reseau-plusieurs")
    head.press("main form .form-foot button", to="/plusieurs/")
    head.says("Toutes vos réponses sont données")
    head.look("reseau-reponses")

    head.open(f"{home}structures/")
    head.says("Antenne de Lille", "Antenne de Bordeaux")
    head.look("reseau-structures")
    head.open(f"{home}missions/")
    head.says("Vestiaire", "Repas du soir")
    head.look("reseau-missions")
    head.open(f"{home}participations/?volet={asked.pk}")
    head.says("Léa Kouassi", asked.person.email, "À lire seulement")
    head.look("reseau-participations")
    head.open(f"{home}modeles/")
    head.look("reseau-modeles")

    head.open(f"{home}participations/")
    head.press('main a[href*="/exporter/"]', to="/exporter/")
    head.choose("purpose", "report")
    head.press(GO, to="/espace/telechargements/")
    make_due(timezone.now())
    head.open("/espace/telechargements/")
    head.says("Participations du réseau")
