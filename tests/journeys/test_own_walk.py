"""« Ma structure », its logo, « Responsable »; who may not help here, and where then; at both widths (R9, R17, R31)."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from tests.factories import manager, mission, organisation, today, tutor, volunteer
from tests.harness.browser import DESKTOP, PHONE
from tests.journeys.steps import come_in

pytestmark = pytest.mark.browser
FOLD = "details.more-filters > summary"


def drawing() -> dict[str, object]:
    """A file as one chooses it: wide, with a transparent ground."""
    written = BytesIO()
    Image.new("RGBA", (900, 300), (20, 40, 90, 200)).save(written, "PNG")
    return {"name": "logo.png", "mimeType": "image/png", "buffer": written.getvalue()}


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_an_organisation_shows_itself_and_finds_who_is_in_charge(site, arrive, means):
    where = organisation(name=f"Les Paniers {means.name}", description="Des paniers : chaque semaine !")
    boss, helper = manager(where), tutor(where, first_name="Olga", last_name="Petit")
    mission(where, responsible=boss, title="Accueil du matin")
    theirs = mission(where, responsible=helper, title="Collecte du soir")
    chief = arrive(site.url, means, "responsable")
    come_in(chief, boss)

    chief.open(f"/espace/{where.pk}/structure/")
    chief.says("Ma structure", "Un logo aide les bénévoles à vous reconnaître")
    chief.submit('form[action$="/logo/"] button')
    chief.says("Choisissez d'abord une image.")
    chief.look("logo-oublie")
    chief.page.set_input_files('[name="logo"]', drawing())
    chief.submit('form[action$="/logo/"] button >> nth=0')
    chief.says("Le logo est enregistré")
    chief.look("ma-structure")
    chief.press(".page-actions a", to=r"/structures/")
    logo = chief.page.get_by_role("img", name=f"Logo de Les Paniers {means.name}")
    assert logo.evaluate("one => one.complete && one.naturalWidth") == 480
    chief.look("page-publique")

    chief.open(f"/espace/{where.pk}/missions/")
    chief.press(FOLD)
    chief.choose("responsable", str(helper.pk))
    chief.submit(".filter-go button")
    chief.says("Responsable : Olga Petit", "Collecte du soir")
    assert "Accueil du matin" not in chief.page.locator("tbody").inner_text()
    chief.look("responsable")
    chief.press(chief.page.get_by_role("link", name=re.compile("Olga Petit")), to="/missions/")
    chief.says("Accueil du matin")

    elder = volunteer(birth_date=today() - timedelta(days=75 * 366))
    guest = arrive(site.url, means, "benevole")
    come_in(guest, elder)
    guest.open(theirs.get_absolute_url())
    guest.says("Cette mission ne peut pas vous accueillir", "moins de 70 ans", "Les missions à distance vous sont ouvertes.")
    guest.look("trop-age")
    guest.press("#proposer a.btn", to="/missions/.*type=distance")
    guest.look("a-distance")
