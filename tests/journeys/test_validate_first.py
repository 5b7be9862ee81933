"""« Validation d'abord »: nothing is online before it was read (R12, R20, R52)."""

from __future__ import annotations

import pytest
from tests.harness.browser import PHONE, Visitor
from tests.journeys.steps import PASSWORD, describe_mission, found_organisation, propose_mission, sign_in

from renfort.ops.users import create

pytestmark = pytest.mark.browser
OPERATOR, CHIEF = "operateur@example.org", "awa@example.org"
TITLE, MENDED = "Maraude", "Maraude du soir, place de la Victoire"
REASONS = "Dites où l'on se retrouve, et à quelle heure."
FORM = 'main form:has([name="seen"]) button[type="submit"]'


def is_online(visitor: Visitor, title: str) -> bool:
    """Whether everybody finds the mission."""
    visitor.open("/missions/?lieu=33000")
    return bool(visitor.page.get_by_role("link", name=title, exact=True).count())


def test_a_mission_is_corrected_then_validated_when_the_operator_reads_first(site, arrive):
    create(email=OPERATOR, first_name="Odile", last_name="Pérateur", role="operator", password=PASSWORD)
    operator, host = arrive(site.url, who="operateur"), arrive(site.url, who="structure")
    passer_by = arrive(site.url, PHONE, "passante")

    sign_in(operator, OPERATOR, to="/operateur/$")
    operator.open("/operateur/missions/?statut=")
    operator.says("Aucune mission ne correspond")
    operator.open("/operateur/reglages/")
    operator.choose("publication", "validate_first")
    operator.look("reglages")
    operator.submit()
    operator.says("Réglages enregistrés")

    found_organisation(host, site, name="Secours Bordeaux", email=CHIEF)
    describe_mission(host, title=TITLE)
    own_page = propose_mission(host)
    host.says("En attente de validation", "Elle sera en ligne dès sa validation")
    host.look("en-attente")
    assert not is_online(passer_by, TITLE)

    # the operator asks for a correction, with reasons
    operator.open("/operateur/missions/?statut=")
    operator.look("toutes")
    operator.press(operator.page.get_by_role("link", name=TITLE))
    operator.at(r"/operateur/missions/\d+/$")
    reading = operator.path()
    operator.press('a[href$="/demander-une-correction/"]', to="/demander-une-correction/$")
    operator.submit(FORM)
    assert operator.page.locator("[data-error-summary]").is_visible(), "reasons are asked for"
    operator.look("correction-sans-raison")
    operator.fill(reasons=REASONS)
    operator.look("correction")
    operator.press(FORM, to=f"{reading}$")
    operator.says("À corriger")

    # the organisation reads why, corrects, proposes again
    letter = site.letter(CHIEF)
    assert REASONS in letter.text
    host.open(letter.link)
    host.says("À corriger", REASONS)
    host.look("a-corriger")
    host.press('a[href$="/modifier/"]', to="/modifier/$")
    host.look("modifier")
    host.fill(title=MENDED, schedule="Rendez-vous à 19 h devant la fontaine.")
    host.press("main form .save-bar button.btn-primary", to=f"{own_page}$")
    host.press('a[href$="/proposer-a-nouveau/"]', to="/proposer-a-nouveau/$")
    host.press(FORM, to=f"{own_page}$")
    host.says("En attente de validation")
    assert not is_online(passer_by, MENDED)

    # the operator validates: the mission is online, the organisation is told
    operator.open(reading)
    operator.press('a[href$="/valider/"]', to="/valider/$")
    operator.press(FORM, to=f"{reading}$")
    operator.says("Validée")
    operator.look("validee")
    assert MENDED in site.letter(CHIEF).subject
    assert is_online(passer_by, MENDED)
    passer_by.look("en-ligne")
