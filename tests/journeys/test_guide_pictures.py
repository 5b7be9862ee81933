"""The pictures of the guides are taken of the pages that they show (P14). UPDATE_GUIDE=1 writes them anew into docs/images/."""

from __future__ import annotations

import io
import os
import re

import pytest
from django.utils import timezone
from PIL import Image
from tests.harness.browser import ROOT, Means
from tests.journeys.guide_association import take_workshops
from tests.journeys.guide_operator import take_operator

from renfort.jobs.services.exports import make_due
from renfort.kernel import guides
from renfort.missions.models import Mission, Participation, Waiting
from renfort.organisations.enums import Role
from renfort.organisations.models import Grant
from renfort.organisations.selectors import actor_of
from renfort.organisations.selectors.perimeter import departments_overseen
from renfort.people.models import Person

pytestmark = pytest.mark.browser
DESK = Means("guide", 1000, 700)
LARGEST = 60_000
MARGIN = 24
IMAGES = ROOT / "docs" / "images"
WRITES = os.environ.get("UPDATE_GUIDE") == "1"


def small(png: bytes) -> bytes:
    """The same picture in as few colours as it takes to be light."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (128, 64, 32, 16):
        made = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
        if made.tell() <= LARGEST:
            break
    return made.getvalue()


@pytest.fixture
def take(demo_site):
    """Keep what somebody sees as a picture of a guide."""
    taken: list[str] = []

    def keep(visitor, name: str, *, height: int = 620, of: str = "") -> None:
        visitor.page.evaluate("() => { document.querySelector('.demo')?.remove(); scrollTo(0, 0); }")
        clip = {"x": 0, "y": 0, "width": visitor.means.width, "height": height}
        if of:  # one part of the page alone, and a little of what is around it
            part = visitor.page.locator(of).bounding_box()
            clip = {"x": part["x"] - MARGIN, "y": part["y"] - MARGIN, "width": part["width"] + 2 * MARGIN}
            clip["height"] = part["height"] + 2 * MARGIN
        whole = bool(of) or height > visitor.means.height
        png = small(visitor.page.screenshot(clip=clip, full_page=whole, animations="disabled"))
        assert len(png) <= LARGEST, f"{name}: {len(png)} octets"
        if WRITES:
            (IMAGES / f"{name}.png").write_bytes(png)
        assert guides.picture(f"{name}.png") is not None, f"{name}.png is missing: UPDATE_GUIDE=1 writes it"
        taken.append(f"{name}.png")

    keep.taken = taken
    return keep


def come_in(visitor, email: str, to: str = "/espace/") -> None:
    """By the card of the demonstration."""
    visitor.open("/connexion/")
    visitor.press(f'main button[value="{email}"]', to=to)


def test_the_pages_of_the_guides_are_as_the_pictures_show(demo_site, arrive, take):
    host = arrive(demo_site.url, DESK, "host")
    come_in(host, "responsable@demo.test")
    where = Grant.objects.get(person__account__email="responsable@demo.test", role=Role.MANAGER).scope
    theirs = Mission.objects.filter(organisation_id=where)
    host.open(f"/espace/{where}/")
    take(host, "structure-tableau-de-bord", height=760)
    host.open(f"/espace/{where}/structure/")
    take(host, "structure-ma-structure", height=820)
    host.open(f"/espace/{where}/missions/")
    take(host, "structure-missions", height=820)
    host.open(f"/espace/{where}/missions/nouvelle/")
    take(host, "structure-formulaire", height=700)
    host.open(f"/espace/{where}/participations/")
    take(host, "structure-participations", height=820)
    asked = Participation.objects.filter(mission__in=theirs.filter(has_slots=False), state="pending").latest("pk")
    host.open(f"/espace/{where}/participations/?volet={asked.pk}")
    take(host, "structure-volet", height=700)
    host.open(f"/espace/{where}/participations/modeles/")
    take(host, "structure-reponses", height=520)
    cut_up = theirs.get(title="Préparer des colis de fin d'année")
    host.open(f"/espace/{where}/missions/{cut_up.pk}/")
    take(host, "structure-creneaux", of="section.card:has(#creneaux)")
    over = theirs.get(title="Petits-déjeuners d'octobre")
    host.open(f"/espace/{where}/missions/{over.pk}/heures/")
    take(host, "structure-heures", height=560)
    host.open(f"/espace/{where}/participations/exporter/")
    take(host, "structure-exporter", height=700)
    host.choose("purpose", "prepare")
    host.press("main form button.btn-primary", to="/espace/telechargements/")
    make_due(timezone.now())
    host.open("/espace/telechargements/")
    take(host, "structure-telechargements", height=560)
    host.open(f"/espace/{where}/equipe/")
    take(host, "structure-equipe", height=820)

    helper = arrive(demo_site.url, DESK, "helper")
    helper.open("/missions/")
    take(helper, "benevole-recherche", height=700)
    open_one = Mission.objects.filter(state="published", over_at__gt=timezone.now()).order_by("-published_at")[0]
    helper.open(open_one.get_absolute_url())
    take(helper, "benevole-mission", height=700)
    come_in(helper, "benevole@demo.test")
    assert Participation.objects.filter(person__account__email="benevole@demo.test").exists()
    helper.open("/espace/benevole/")
    take(helper, "benevole-espace", height=700)
    helper.open("/espace/compte/")
    take(helper, "benevole-compte", height=700)
    helper.open("/espace/benevole/agenda/")
    take(helper, "benevole-agenda", height=660)
    helper.open("/espace/benevole/attestations/")
    take(helper, "benevole-attestations")
    helper.open("/espace/benevole/donnees-vues/")
    take(helper, "benevole-donnees")
    offer = Waiting.objects.get(person__account__email="benevole@demo.test", state="offered")
    helper.open(f"/espace/benevole/attente/{offer.pk}/")
    take(helper, "benevole-attente")

    officer = arrive(demo_site.url, DESK, "officer")
    come_in(officer, "referent@demo.test", "/referent/")
    officer.open("/referent/")
    take(officer, "referent-tableau-de-bord", height=700)
    overseen = departments_overseen(actor_of(Person.objects.get(account__email="referent@demo.test").pk))
    there = Mission.objects.filter(department_id__in=overseen, state="published", over_at__gt=timezone.now()).latest("pk")
    officer.open(f"/referent/missions/?volet={there.pk}")
    take(officer, "referent-volet", height=700)
    officer.open(f"/referent/missions/{there.pk}/modifier/")
    take(officer, "referent-modifier", height=560)
    officer.open(f"/referent/missions/{there.pk}/transferer/")
    take(officer, "referent-transferer", height=560)
    take_operator(arrive(demo_site.url, DESK, "operator"), take)
    take_workshops(demo_site.url, arrive, DESK, take)
    head = arrive(demo_site.url, DESK, "head")
    head.open("/connexion/")
    head.press('main button[value="superviseur@demo.test"]', to="/reseau/")
    network = Grant.objects.get(person__account__email="superviseur@demo.test").scope
    head.open(f"/reseau/{network}/")
    take(head, "reseau-tableau", height=820)
    head.open(f"/reseau/{network}/structures/a-confirmer/")
    take(head, "reseau-a-confirmer", height=700)

    wanted = {
        name for file in guides.FILES.values() for name, _words in guides.pictures_of((ROOT / "docs" / file).read_text("utf-8"))
    }
    assert wanted == set(take.taken)
    assert all(re.fullmatch(r"[a-z-]+\.png", name) for name in wanted)
