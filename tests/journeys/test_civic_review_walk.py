"""The case managers' work (S5 step 2, S10), and the directory read from a file (S1), in a browser."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.civic_service.test_civic_directory_doors import FILE
from tests.factories.civic_service import campaign, case_manager, establishment, federation, open_programme, project
from tests.harness.browser import DESKTOP, PHONE
from tests.journeys.steps import come_in

from renfort.civic_service.models import DirectoryRun, Establishment, HostProject
from renfort.civic_service.services import directory

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)


@BOTH
def test_one_project_after_another_is_taken_and_decided(site, arrive, means):
    open_programme()
    code = {"desktop": "33", "phone": "40"}[means.name]
    territory = federation(code, name=f"Udogec {means.name}")
    schools = [establishment(department=code, name=f"Lycée {name} {means.name}") for name in ("Saint-Jean", "Sainte-Anne")]
    current = campaign(title=f"Campagne {means.name}", asks_opinion=True)
    first, second = (project(school, "submitted", campaign=current) for school in schools)
    visitor, colleague = arrive(site.url, means, "gestion"), arrive(site.url, means, "collegue")
    come_in(visitor, case_manager(territory, first_name="Pascale", last_name=f"Lacoste {means.name}"))
    come_in(colleague, case_manager(territory, first_name="Yann", last_name=f"Le Goff {means.name}"))
    home = f"/service-civique/gestion/{territory.pk}/"

    visitor.open(home)
    visitor.says("Voici ce qui vous attend", "2 projets à étudier")
    visitor.look("scr-accueil")
    visitor.open(f"{home}projets/a-etudier/")
    visitor.says("Lycée Saint-Jean", "Avis à recueillir")
    visitor.look("scr-file")

    # taken: a colleague sees who has it
    case = f"{home}projets/{first.pk}/"
    visitor.open(case)
    visitor.press('.case-aside button[name="touche"]', to=rf"/projets/{first.pk}/$")
    visitor.says("Ce projet est à vous jusqu'à")
    visitor.look("scr-dossier")
    colleague.open(case)
    colleague.says("a ce projet en main depuis")
    colleague.look("scr-dossier-pris")

    # an opinion is noted, then the project is accepted
    visitor.open(f"{case}avis/")
    visitor.fill(adviser="Mme Roche", function="Chargée de mission du 2d degré")
    visitor.page.locator('input[name="kind"][value="favourable"]').check(force=True)
    visitor.look("scr-avis")
    visitor.submit()
    visitor.at(rf"/projets/{first.pk}/$")
    visitor.says("Mme Roche")
    visitor.open(f"{case}accepter/")
    visitor.look("scr-accepter")
    visitor.submit()
    assert HostProject.objects.get(pk=first.pk).state == "accepted"

    # the next one goes back with a remark on a field
    case = f"{home}projets/{second.pk}/"
    visitor.open(case)
    visitor.press('.case-aside button[name="touche"]', to=rf"/projets/{second.pk}/$")
    visitor.open(f"{case}demander-une-correction/")
    visitor.fill(comment="Dites ce que fait le volontaire en juillet.")
    visitor.look("scr-corriger")
    visitor.submit()
    assert HostProject.objects.get(pk=second.pk).state == "changes_requested"
    visitor.open(f"{home}projets/")
    visitor.says("Accepté", "À corriger")
    visitor.look("scr-projets")


@BOTH
def test_the_directory_is_read_shown_confirmed_and_taken_back(site, arrive, means):
    open_programme()
    visitor = arrive(site.url, means, "national")
    come_in(visitor, case_manager(first_name="Agnès", last_name=f"Tessier {means.name}"))
    name = f"Lycée de l'annuaire {means.name}"
    text = FILE.replace("Lycée Saint-Jean", name).replace("E-1", f"E-{means.name}").replace("P-1", f"P-{means.name}")
    text = text.replace("ana@", f"ana.{means.name}@")

    visitor.open("/service-civique/gestion/etablissements/")
    visitor.press('main a[href="/service-civique/annuaire/"]', to="/annuaire/$")
    visitor.look("sca-lectures")
    visitor.open("/service-civique/annuaire/fichier/")
    visitor.page.set_input_files(
        'main input[type="file"]', {"name": "annuaire.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    visitor.page.locator('input[name="scope"]').last.check(force=True)  # a part of it: what it does not name stays
    visitor.look("sca-fichier")
    visitor.submit()
    visitor.at(r"/annuaire/\d+/$")
    directory.carry_due(timezone.now())
    run = DirectoryRun.objects.latest("pk")
    visitor.open(f"/service-civique/annuaire/{run.pk}/")
    visitor.says("encore écrit", name, "Ana Diallo")
    visitor.look("sca-apercu")
    visitor.press('main form[action$="/confirmer/"] button', to=r"/annuaire/\d+/$")
    directory.carry_due(timezone.now())
    assert Establishment.objects.filter(organisation__name=name).exists()
    visitor.open(f"/service-civique/annuaire/{run.pk}/")
    visitor.look("sca-ecrite")
    visitor.open(f"/service-civique/annuaire/{run.pk}/defaire/")
    visitor.fill(reason="Mauvais fichier.")
    visitor.look("sca-defaire")
    visitor.submit()
    directory.carry_due(timezone.now())
    assert not Establishment.objects.filter(organisation__name=name).exists()
