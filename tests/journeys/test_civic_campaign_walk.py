"""The national case manager notes an approval and a campaign, confides a department, opens (S3, S5)."""

from __future__ import annotations

import pytest
from tests.factories import days
from tests.factories.civic_service import case_manager, establishment, open_programme
from tests.factories.time import today
from tests.harness.browser import DESKTOP, PHONE
from tests.journeys.steps import come_in

from renfort.civic_service.models import Campaign, Route

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_a_campaign_is_prepared_and_opened(site, arrive, means):
    open_programme()
    department = {"desktop": "33", "phone": "40"}.get(means.name, "33")
    establishment(department=department, name=f"Lycée Saint-Jean {means.name}", enrolment=299)
    chief = arrive(site.url, means, "national")
    come_in(chief, case_manager())

    # an approval, longer than the law allows at first
    chief.open("/service-civique/agrements/nouveau/")
    day = today()
    chief.fill(number=f"NA-000-26-{means.width:05}", first_on=f"{day - days(30)}", last_on=f"{day + days(3000)}", openings="500")
    chief.tick("domains", "education")
    chief.submit()
    chief.says("Trois ans au plus")
    chief.look("sc-agrement-trop-long")
    chief.fill(last_on=f"{day + days(900)}")
    chief.submit()
    chief.at("/agrements/$")
    chief.look("sc-agrements")

    # a campaign, its classes
    chief.open("/service-civique/campagnes/nouvelle/")
    chief.fill(
        title=f"Campagne {means.name}", opens_on=f"{day}", files_until=f"{day + days(60)}", starts_from=f"{day + days(90)}",
        starts_until=f"{day + days(180)}", launch_note="Vérifiez votre fiche, puis déposez votre projet.",
    )  # fmt: skip
    chief.look("sc-campagne-nouvelle")
    chief.submit()
    chief.at(r"/campagnes/\d+/$")
    chief.press("main details.fold summary >> nth=0")
    chief.fill(from_pupils="1000", places="3")
    chief.submit('main form[action$="/classes/"] button')
    chief.says("1000 élèves")
    chief.look("sc-campagne")
    here = chief.path()

    # a department is confided
    chief.open("/service-civique/federations/nouvelle/")
    chief.fill(name=f"Udogec {means.name}", city="Bordeaux", departments=department)
    chief.choose("department", department)
    chief.submit()
    chief.at(r"/federations/\d+/$")
    chief.look("sc-federation")
    assert Route.objects.filter(department=department).exists()
    chief.open("/service-civique/federations/")
    chief.says("plus de gestionnaire")
    chief.look("sc-federations")

    # it opens; one school has another number of places
    chief.open(here)
    chief.press(f'a[href="{here}ouvrir/"]', to="/ouvrir/$")
    chief.look("sc-ouvrir")
    chief.submit()
    chief.says("Ouverte")
    chief.open(f"{here}places/")
    chief.look("sc-places")
    chief.press(f'main a:has-text("Lycée Saint-Jean {means.name}")', to=r"/places/\d+/$")
    chief.fill(places="3", reason="Trois sites éloignés")
    chief.submit()
    chief.says("Trois sites éloignés")
    chief.look("sc-place")
    chief.open("/service-civique/campagnes/")
    chief.look("sc-campagnes")
    chief.open("/service-civique/montants/")
    chief.choose("kind", "state_allowance" if means is DESKTOP else "top_up")
    chief.fill(amount="504.98", source="Agence du Service Civique, 2024")
    chief.submit()
    chief.says("504,98")
    chief.look("sc-montants")
    assert Campaign.objects.filter(title=f"Campagne {means.name}", state="open").exists()
