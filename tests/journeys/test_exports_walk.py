"""A manager takes the list of participations as a file, on a large screen and on a phone, with and without scripts (P6, R32)."""

from __future__ import annotations

from threading import Thread

import openpyxl
import pytest
from django.db import connection
from django.utils import timezone
from tests.harness.browser import DESKTOP, ENGLISH, KEYBOARD, PHONE, PHONE_NO_SCRIPT

from renfort.jobs import views
from renfort.jobs.models import Export
from renfort.jobs.services import work
from renfort.jobs.services.exports import make_due
from renfort.organisations.enums import Role
from renfort.organisations.models import Grant

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _nothing_waits(monkeypatch):
    monkeypatch.setattr(views, "MOMENT", 0)


def come_in(visitor):
    """By the card of the demonstration; returns the organisation's number."""
    visitor.open("/")
    if visitor.means.language != "fr":
        visitor.submit(f'form.lang button[value="{visitor.means.language}"]')
    visitor.open("/connexion/")
    visitor.press('main button[value="responsable@demo.test"]', to="/espace/")
    return Grant.objects.get(person__account__email="responsable@demo.test", role=Role.MANAGER).scope


def as_the_worker():
    """Make what waits, as another process would."""

    def run():
        try:
            make_due(timezone.now())
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()


@pytest.mark.parametrize("means", [DESKTOP, PHONE, PHONE_NO_SCRIPT, KEYBOARD, ENGLISH], ids=lambda means: means.name)
def test_a_list_is_taken_as_a_file(demo_site, arrive, means, tmp_path):
    visitor = arrive(demo_site.url, means)
    where = come_in(visitor)
    visitor.open(f"/espace/{where}/participations/?statut=pending")
    visitor.press(".page-actions a[href*='exporter']", to=r"/participations/exporter/\?statut=pending$")
    visitor.says_in_french("celles de la liste avec ses filtres", "Statut : En attente de validation", "Préparer le fichier")
    visitor.look("exporter")

    visitor.submit()
    visitor.says_in_french("Dites à quoi ce fichier va servir.")
    visitor.look("exporter-sans-raison")
    visitor.choose("purpose", "contact")
    visitor.press("main form button.btn-primary", to=r"/espace/telechargements/\?nouveau=\d+$")
    visitor.says_in_french("Le fichier attend son tour.")
    visitor.look("en-attente")

    as_the_worker()
    if means.scripts:
        visitor.page.wait_for_selector("#exports > li:first-child[data-state=done]")
    else:
        visitor.press("#exports-rafraichir a", to="/espace/telechargements/$")
    visitor.says_in_french("Prêt", "Télécharger")
    visitor.look("pret")
    with visitor.page.expect_download() as download:
        visitor.press("#exports > li:first-child form button.btn-primary")
    file = tmp_path / "file.xlsx"
    download.value.save_as(file)
    rows = list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))
    assert len(rows) - 1 == Export.objects.latest("pk").done > 0


def test_a_long_one_shows_its_progress_and_is_stopped(demo_site, arrive):
    """The bar moves by itself; « Arrêter » stops it, and the page says so."""
    visitor = arrive(demo_site.url, DESKTOP)
    where = come_in(visitor)
    visitor.open(f"/espace/{where}/missions/exporter/")
    visitor.choose("purpose", "report")
    visitor.press("main form button.btn-primary", to="/espace/telechargements/")
    taken = work.take(Export, timezone.now())
    Export.objects.filter(pk=taken.pk).update(total=80_000)
    bar = visitor.page.locator("#exports > li:first-child progress")
    bar.wait_for()
    for done, percent in ((20_000, "25"), (60_000, "75")):
        work.beat(taken, done)
        shown = "value => String(document.querySelector('#exports progress')?.value) === value"
        visitor.page.wait_for_function(shown, arg=percent)
    visitor.look("en-cours")

    visitor.press("#exports > li:first-child form button", to="/espace/telechargements/$")
    visitor.says("Arrêt en cours")
    with pytest.raises(work.StoppedError):
        work.beat(taken, 61_000)
    work.end(taken, "stopped")
    visitor.page.wait_for_selector("#exports > li:first-child[data-state=stopped]")
    visitor.look("arrete")


def test_the_guide_is_read(demo_site, arrive):
    """« Aide » from a page, the chapter, a search: accessible, on both widths."""
    for means in (DESKTOP, PHONE):
        visitor = arrive(demo_site.url, means, means.name)
        visitor.open("/missions/")
        visitor.press("footer a[href^='/aide/']", to="/aide/benevole/trouver-une-mission/$")
        visitor.look("chapitre")
        visitor.press(".help-turn a[rel=next]", to="/aide/benevole/")
        visitor.open("/aide/organisations/suivre-vos-missions/")
        visitor.look("tableau-et-image")
        visitor.open("/aide/organisations/")
        visitor.look("guide")
        visitor.open("/aide/")
        visitor.page.fill("#aide-q", "téléchargements")
        visitor.press("main form[role=search] button", to=r"/aide/\?q=")
        visitor.says("Mes téléchargements")
        visitor.look("aide")
        assert "/aide/organisations/exporter-vos-listes/" in visitor.page.content()
