"""A « Référent » completes the record and the team; the case manager sees it (S2, S4, S10)."""

from __future__ import annotations

import pytest
from tests.factories.civic_service import case_manager, establishment, federation, lead, open_programme, project, service_tutor
from tests.harness.browser import DESKTOP, PHONE
from tests.journeys.steps import come_in

from renfort.civic_service.models import Post
from renfort.civic_service.selectors.posts import usable_posts

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_a_lead_completes_the_record_and_adds_a_tutor_who_can_be_chosen(site, arrive, means):
    open_programme()
    gironde = federation("33" if means is DESKTOP else "40", name=f"Udogec {means.name}")
    department = "33" if means is DESKTOP else "40"
    where = establishment(
        name=f"Lycée Sainte-Foy {means.name}", department=department, uai="", enrolment=None, enrolment_year=None, fed=["siret"]
    )
    boss = lead(where, first_name="Bénédicte", last_name="Lafitte", email=f"benedicte-{means.name.lower()}@example.org")
    home = f"/service-civique/etablissements/{where.pk}/"
    visitor = arrive(site.url, means, "etablissement")
    come_in(visitor, boss)

    # the record: what is missing is named, a wrong letter is refused with the right one
    visitor.open(f"{home}fiche/")
    visitor.says("4 informations sur 6", "Le code RNE (UAI) manque", "À compléter avant")
    visitor.look("sc-fiche-incomplete")
    visitor.press(f'a.btn[href="{home}fiche/modifier/"]', to="/fiche/modifier/$")
    letter = "D" if means is DESKTOP else "K"
    digits = "0951099" if means is DESKTOP else "0942434"
    visitor.fill(uai=f"{digits}E", enrolment="299")
    visitor.submit()
    visitor.says(f"la lettre serait {letter}")
    visitor.look("sc-fiche-lettre")
    visitor.fill(uai=f"{digits}{letter}")
    visitor.submit()
    visitor.at("/fiche/$")
    visitor.says("La fiche est complète")
    visitor.look("sc-fiche-complete")

    # the team: nobody can be chosen without a phone
    visitor.open(f"{home}equipe/ajouter/")
    visitor.choose("role", "service_tutor")
    visitor.fill(first_name="Yann", last_name="Morvan", email=f"yann-{means.name.lower()}@example.org", function="CPE")
    visitor.look("sc-equipe-ajouter")
    visitor.submit()
    visitor.at("/equipe/$")
    visitor.says("ne peut pas encore être choisi", "Il manque un téléphone", "Ajout local")
    visitor.look("sc-equipe-sans-telephone")
    assert usable_posts(where, "service_tutor") == []
    yann = Post.objects.get(establishment=where, role="service_tutor")
    visitor.press(f'a[href="{home}equipe/{yann.pk}/"]', to=rf"/equipe/{yann.pk}/$")
    visitor.fill(phone="06 12 34 56 78")
    visitor.look("sc-equipe-completer")
    visitor.submit()
    visitor.at("/equipe/$")
    assert usable_posts(where, "service_tutor") == [yann]

    # somebody leaves: what they hold is listed, and handed over
    project(where, "accepted", lead=boss, tutor=yann.person)
    service_tutor(where, first_name="Anne", last_name="Roche", email=f"anne-{means.name.lower()}@example.org")
    visitor.open(f"{home}equipe/")
    visitor.says("1 projet")
    visitor.look("sc-equipe")
    visitor.press(f'a[href="{home}equipe/{yann.pk}/retirer/"]', to="/retirer/$")
    visitor.submit('main form button:has-text("Retirer")')
    visitor.says("suit encore 1 projet en cours")
    visitor.look("sc-equipe-retirer")
    visitor.press(f'main a[href="{home}equipe/{yann.pk}/confier/"]', to="/confier/$")
    visitor.choose("by", str(Post.objects.get(establishment=where, person__last_name="Roche").pk))
    visitor.look("sc-equipe-confier")
    visitor.submit()
    visitor.at("/equipe/$")
    visitor.says("1 projet passe à Anne Roche")

    # the case manager of the territory
    chief = arrive(site.url, means, "gestionnaire")
    come_in(chief, case_manager(gironde))
    chief.open(f"/service-civique/gestion/{gironde.pk}/etablissements/?q=sainte-foy")
    chief.says(f"Lycée Sainte-Foy {means.name}", "Fiche complète", "Bénédicte Lafitte")
    chief.look("sc-etablissements")
