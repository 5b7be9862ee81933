"""« Aide » is on every page, leads to the chapter for this page and this role, and says whom to ask (P14)."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.urls import reverse
from tests.factories import (
    account,
    as_operator,
    civic_service,
    client_of,
    manager,
    mission,
    organisation,
    participation,
    volunteer,
)
from tests.factories.workshops import open_programme
from tests.test_permissions import patterns

from renfort.kernel import guides
from renfort.missions.enums import ParticipationState
from renfort.parameters.catalogue import SUPPORT
from renfort.parameters.services import set_value
from renfort.portal.catalogue import BY_ROLE, HELP, HELPER, HOST, chapter_for

ROOT = Path(__file__).resolve().parents[2]


# ── pages and chapters ────────────────────────────────────────────────────────────────────────────
def test_every_page_has_its_chapter():
    """A page that is added without help fails here: one line in portal.catalogue."""
    missing = []
    for _pattern, name in patterns():
        try:
            chapter_for(name, guide=HELPER)
        except LookupError:
            missing.append(name)

    assert missing == []


def test_every_chapter_that_is_declared_exists():
    wrong = []
    for pattern, guide, chapter in HELP:
        for slug in (HOST, HELPER) if guide == BY_ROLE else (guide,):
            if slug and guides.guides()[slug].chapter(chapter) is None:
                wrong.append((pattern, slug, chapter))

    assert wrong == []


def test_every_chapter_is_led_to_or_follows_one():
    """A reader who turns the pages finds them all; each has an address of its own."""
    for guide in guides.guides().values():
        slugs = [chapter.slug for chapter in guide.chapters]
        assert len(slugs) == len(set(slugs)) > 5
        assert guide.title and guide.lead


@pytest.mark.django_db
def test_aide_leads_to_the_chapter_of_the_page_and_of_the_role():
    where = organisation()
    host, helper = client_of(manager(where)), client_of(volunteer())

    def aide(browser, address):
        page = browser.get(address).content.decode()
        return set(re.findall(r'href="(/aide/[^"]*)"', page))

    assert aide(host, f"/espace/{where.pk}/missions/") == {"/aide/organisations/suivre-vos-missions/"}
    assert aide(host, f"/espace/{where.pk}/participations/exporter/") == {"/aide/organisations/exporter-vos-listes/"}
    assert aide(helper, "/espace/benevole/") == {"/aide/benevole/suivre-vos-propositions/"}
    assert aide(host, "/espace/profil/") == {"/aide/organisations/votre-compte/"}
    assert aide(helper, "/espace/profil/") == {"/aide/benevole/votre-compte/"}
    assert aide(client_of(None), "/missions/") == {"/aide/benevole/trouver-une-mission/"}
    assert aide(client_of(None), "/nulle-part/") == {"/aide/"}


@pytest.mark.django_db
def test_the_guide_of_a_closed_programme_does_not_exist():
    browser = client_of(None)

    assert browser.get("/aide/association/").status_code == 404
    assert browser.get("/aide/association/la-cloture/").status_code == 404
    assert "/aide/association/" not in browser.get("/aide/?q=clôture").content.decode()


@pytest.mark.django_db
def test_each_chapter_is_a_page():
    open_programme()
    civic_service.open_programme()
    browser = client_of(None)
    assert browser.get("/aide/").status_code == 200
    for guide in guides.guides().values():
        assert guide.title in browser.get(f"/aide/{guide.slug}/").content.decode().replace("&#x27;", "'")
        for chapter in guide.chapters:
            assert browser.get(reverse("portal:help-chapter", args=[guide.slug, chapter.slug])).status_code == 200
    assert browser.get("/aide/organisations/nulle-part/").status_code == 404
    assert browser.get("/aide/nulle-part/").status_code == 404


@pytest.mark.django_db
def test_the_guide_keeps_its_language_in_the_english_interface():
    """The text is announced as French to whoever listens to the page, and the page says so."""
    browser = client_of(account(language="en").person)

    page = browser.get("/aide/benevole/votre-agenda/").content.decode()
    french = client_of(None).get("/aide/benevole/votre-agenda/").content.decode()

    assert '<html lang="en">' in page
    assert '<article class="sheet help-text" lang="fr">' in page
    assert page.count("alert-info") == french.count("alert-info") + 1


# ── searching ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("telechargements", "Mes téléchargements"),
        ("EMPÊCHEMENT", "Vous avez un empêchement"),
        ("sept jours", "Une personne n'est pas venue"),
    ],
)
def test_words_are_found_whatever_their_accents(words, title):
    assert title in [found.section.title for found in guides.search(words)]


@pytest.mark.django_db
def test_a_search_leads_to_the_part_that_has_the_words():
    page = client_of(None).get("/aide/", {"q": "telechargements"}).content.decode()

    assert "/aide/organisations/exporter-vos-listes/#mes-téléchargements" in page
    assert "ne contient pas ces mots" in client_of(None).get("/aide/", {"q": "zzz <b>\x00"}).content.decode()


# ── text and pictures ─────────────────────────────────────────────────────────────────────────────
def test_every_picture_of_the_guides_exists_is_small_and_is_described():
    for name in guides.FILES.values():
        for picture, words in guides.pictures_of((ROOT / "docs" / name).read_text(encoding="utf-8")):
            path = guides.picture(picture)
            assert path is not None, picture
            assert path.stat().st_size <= 60_000, f"{picture}: {path.stat().st_size} octets"
            assert len(words) > 20, picture


def test_only_pictures_of_the_guides_are_served(client, db):
    assert client.get("/aide/images/structure-missions.png").status_code == 200
    for name in ("..%2Fguide-benevole.md", "guide-benevole.md", "nothing.png", "%2e%2e%2f%2e%2e%2fREADME.png"):
        assert client.get(f"/aide/images/{name}").status_code == 404


def test_the_html_of_a_guide_has_one_outline_and_no_markup_of_its_own():
    for guide in guides.guides().values():
        for chapter in guide.chapters:
            assert "<h1" not in chapter.html
            assert not re.search(r"<h3", chapter.html), chapter.title
            assert "&lt;" not in chapter.html, f"{chapter.title}: raw HTML"


def test_links_between_chapters_lead_somewhere():
    known = {f"/aide/{g.slug}/{c.slug}/" for g in guides.guides().values() for c in g.chapters}
    for guide in guides.guides().values():
        for chapter in guide.chapters:
            for target in re.findall(r'href="([^"#]*)', chapter.html):
                image = target.removeprefix("/aide/images/")  # a picture leads to itself, to be enlarged
                assert target in known or target.startswith("https://") or guides.picture(image) is not None, target


@pytest.mark.slow
def test_the_guides_travel_with_the_package(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)

    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()

    assert {f"renfort/guides/{name}" for name in guides.FILES.values()} <= set(names)
    assert "renfort/guides/images/structure-missions.png" in names


# ── whom to ask ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_an_accepted_volunteer_is_given_the_missions_contact():
    """From the page of the participation; nobody else's, and not before the organisation said yes (R11)."""
    helper, what = volunteer(), mission(places=5)
    mine = participation(what, helper, state=ParticipationState.ACCEPTED)
    waiting = participation(mission(), helper)
    others = participation(what, state=ParticipationState.ACCEPTED)
    browser = client_of(helper)
    link = f"/aide/benevole/suivre-vos-propositions/?participation={mine.pk}"

    assert f'href="{link}"' in browser.get(f"/espace/benevole/{mine.pk}/").content.decode()
    page = browser.get(link).content.decode()
    assert "Maryse Contact" in page and "contact@secret.example" in page
    for other in (waiting.pk, others.pk, "x", "9" * 30):
        assert "Maryse Contact" not in browser.get("/aide/", {"participation": other}).content.decode()
    assert "Maryse Contact" not in client_of(None).get(link).content.decode()


@pytest.mark.django_db
def test_everybody_is_given_the_support_address_once_the_operator_has_set_it():
    where = organisation()
    browser = client_of(manager(where))
    assert "À qui demander" not in browser.get("/aide/").content.decode()

    set_value(SUPPORT, "aide@renfort.example", actor=as_operator())

    assert 'href="mailto:aide@renfort.example"' in browser.get("/aide/organisations/votre-equipe/").content.decode()
