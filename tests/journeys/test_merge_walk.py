"""Two entries of one organisation become one: the referent proposes, both teams agree, the referent merges (R55)."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import make_password
from tests.factories import manager, mission, organisation, participation, referent, tutor
from tests.harness.browser import DESKTOP, PHONE
from tests.journeys.steps import PASSWORD, sign_in

from renfort.organisations.models import Organisation
from renfort.people.models import Account

pytestmark = pytest.mark.browser


def with_password(person) -> str:
    """Let somebody sign in; returns the address."""
    Account.objects.filter(person=person).update(password=make_password(PASSWORD))
    return person.account.email


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_two_entries_are_merged_with_the_agreement_of_both(site, arrive, means):
    kept = organisation(name=f"Secours {means.name} Bordeaux", siret="", website="https://secours.example")
    absorbed = organisation(
        name=f"Secours {means.name} de Bordeaux", state="waiting", rna="W331234567", website="https://asso-secours.example"
    )
    boss = manager(kept, first_name="Awa", last_name="Diallo", email=f"awa.{means.name}@example.org")
    other = manager(absorbed, first_name="Paul", last_name="Roux", email=f"paul.{means.name}@example.org")
    tutor(absorbed, first_name="Lina", last_name="Petit", email=f"lina.{means.name}@example.org")
    what = mission(absorbed, title=f"Maraude {means.name}")
    participation(what)
    reader = referent("33", first_name="Rémi", last_name="Férent", email=f"remi.{means.name}@example.org")
    referee = arrive(site.url, means, "referent")

    # from the case, where the checks show the likeness
    sign_in(referee, with_password(reader), to="/referent/$")
    referee.open(f"/referent/a-valider/structures/{absorbed.pk}/")
    referee.says("Déjà inscrites et ressemblantes", kept.name)
    referee.press(referee.page.get_by_role("link", name="Fusionner avec…"), to=f"/structure/{absorbed.pk}/$")
    referee.says("Celles qui lui ressemblent", kept.name)
    referee.look("choisir")
    referee.press(referee.page.get_by_role("link", name=f"Comparer les deux {kept.name}"), to=r"/avec/\d+/$")
    referee.press(referee.page.get_by_role("link", name="Garder plutôt l'autre"), to=f"/structure/{kept.pk}/avec/{absorbed.pk}/$")
    referee.says("Ce qui est perdu", "Qui aura accès à quoi", "De plus : gérera les missions")
    referee.page.locator('input[name="rna"][value="absorbed"]').check()
    referee.look("comparer")
    referee.press(referee.page.get_by_role("button", name="Proposer la fusion"), to=r"/referent/fusions/\d+/$")
    referee.says("En attente d'accord", "Accord attendu")
    page = referee.path()

    # each team reads what it opens, and agrees
    for person, where in ((boss, kept), (other, absorbed)):
        host = arrive(site.url, means, f"responsable-{where.pk}")
        sign_in(host, with_password(person))
        host.open(f"/espace/{where.pk}/structure/fusions/")
        host.press(host.page.get_by_role("link", name="→"), to=r"/fusions/\d+/$")
        host.says("Donner mon accord", "Accord attendu")
        if where == kept:
            host.look("accord")
        host.press(host.page.get_by_role("button", name="Donner mon accord"), to=r"/fusions/\d+/$")
        host.says("Votre accord est noté")

    # all at once
    referee.open(page)
    referee.says("Accord donné")
    referee.press(referee.page.get_by_role("button", name="Fusionner maintenant"), to=r"/referent/fusions/\d+/$")
    referee.says("ne font plus qu'une structure", "Structures fusionnées")
    referee.look("faite")
    assert Organisation.objects.get(pk=kept.pk).rna == "W331234567"

    # the former address leads on; who was « responsable » is « tuteur » now
    host.open(f"/espace/{absorbed.pk}/missions/")
    host.at(f"/espace/{kept.pk}/missions/")
    host.says(f"Maraude {means.name}", "Tuteur")
