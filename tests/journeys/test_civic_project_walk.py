"""A host project from the empty draft to the acceptance: what is missing, filing, correction, the bar that moves (S5)."""

from __future__ import annotations

import pytest
from tests.factories.civic_service import (
    acting,
    campaign,
    case_manager,
    establishment,
    lead,
    open_programme,
    service_tutor,
)
from tests.harness.browser import DESKTOP, PHONE
from tests.journeys.steps import come_in

from renfort.civic_service.models import HostProject
from renfort.civic_service.workflow import PROJECT
from renfort.kernel.firing import fire
from renfort.organisations.enums import Role

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_a_project_is_written_filed_corrected_and_accepted(site, arrive, means):
    open_programme()
    where = establishment(name=f"Lycée Saint-Jean {means.name}")
    one = campaign(title=f"Campagne {means.name}", launch_note="Bienvenue dans la campagne.")
    boss = lead(where, first_name="Hélène", last_name=f"Morel {means.name}")
    tutor = service_tutor(where, first_name="Marc", last_name=f"Petit {means.name}")
    chief = acting(case_manager(), Role.CASE_MANAGER)
    visitor = arrive(site.url, means, "etablissement")
    come_in(visitor, boss)

    # the draft: what is missing, each with its link
    visitor.open(f"/service-civique/etablissements/{where.pk}/")
    visitor.says("Aucun projet pour le moment", "Bienvenue dans la campagne.")
    visitor.look("scp-accueil")
    visitor.open(f"/service-civique/etablissements/{where.pk}/projets/nouveau/?campagne={one.pk}")
    visitor.fill(title="Animer un club de lecture")
    visitor.look("scp-formulaire")
    visitor.press('button[name="then"][value="file"]', to=r"/deposer/$")
    visitor.says("Il reste à faire avant de déposer", "Durée en mois")
    visitor.look("scp-manque")

    # everything said: filed
    what = HostProject.objects.get(establishment=where)
    HostProject.objects.filter(pk=what.pk).update(
        domain="education", aim="Que chaque élève lise.", tasks="Préparer et animer des ateliers.", audience="Les sixièmes",
        setting="Un point par semaine.", months=8, weekly_hours=28, tutor=tutor,
    )  # fmt: skip
    page = f"/service-civique/projets/{what.pk}/"
    visitor.open(page)
    visitor.says("Déposer le projet", "à déposer")
    visitor.look("scp-pret")
    visitor.open(f"{page}deposer/")
    visitor.submit()
    visitor.at(r"/projets/\d+/$")
    visitor.says("à étudier")
    visitor.look("scp-depose")

    # a correction, its difference, filed again
    what.refresh_from_db()
    fire(PROJECT, what, "take", actor=chief)
    fire(PROJECT, what, "ask_changes", actor=chief, answers={"comment": "Dites qui l'accompagne en juillet."})
    visitor.open(f"/service-civique/etablissements/{where.pk}/projets/{what.pk}/modifier/")
    visitor.says("Dites qui l'accompagne en juillet.")
    visitor.fill(setting="En juillet, la directrice l'accompagne.")
    visitor.press('button[name="then"][value="keep"]', to=r"/projets/\d+/$")
    visitor.says("Ce que vous avez changé depuis le dernier dépôt")
    visitor.look("scp-corrige")
    visitor.open(f"{page}deposer-a-nouveau/")
    visitor.submit()
    visitor.at(r"/projets/\d+/$")

    # accepted: the bar moves
    what.refresh_from_db()
    fire(PROJECT, what, "take", actor=chief)
    fire(PROJECT, what, "accept", actor=chief, answers={"granted": "1"})
    visitor.open(page)
    visitor.says("Accepté", "Dépôt 2")
    visitor.look("scp-accepte")
    visitor.open(f"/service-civique/etablissements/{where.pk}/projets/")
    visitor.says("Étape 3 sur 8")
    visitor.look("scp-liste")
    assert HostProject.objects.get(pk=what.pk).state == "accepted"
