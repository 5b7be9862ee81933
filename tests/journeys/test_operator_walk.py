"""The operator's day: rules edited and read by everybody, a policy, words, a colour; acting as somebody (R58, P10)."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from tests.harness.browser import PHONE
from tests.journeys.steps import PASSWORD, sign_in

from renfort.missions.models import Domain, DomainRules
from renfort.ops.users import create
from renfort.organisations.models import Impersonation
from renfort.people.models import Person

pytestmark = pytest.mark.browser
OPERATOR, HELPER = "operateur@example.org", "ines@example.org"
RULE = "Je viens avec des gants à ma taille."
WHY = "Appel du 22 novembre : ne trouve plus sa proposition."
FORM = "main form.sheet"


def logo() -> bytes:
    """A drawing of two colours, as wide as logos are."""
    written = BytesIO()
    drawn = Image.new("RGB", (300, 120), "#7a1f5c")
    drawn.paste("#f2b134", (30, 30, 120, 90))
    drawn.save(written, "PNG")
    return written.getvalue()


def test_the_operator_edits_rules_that_everybody_reads_and_acts_as_somebody(site, arrive):
    create(email=OPERATOR, first_name="Odile", last_name="Pérateur", role="operator", password=PASSWORD)
    create(email=HELPER, first_name="Inès", last_name="Bénévole", role="volunteer", password=PASSWORD)
    operator, passer_by = arrive(site.url, who="operateur"), arrive(site.url, PHONE, "passante")
    where = Domain.objects.get(key="aide-alimentaire")

    sign_in(operator, OPERATOR, to="/operateur/$")
    operator.says("Ce qui vous attend", "Outils", "Tâches du serveur")
    operator.look("accueil")

    # a domain's rules
    operator.press('main a[href="/operateur/domaines/"]', to="/operateur/domaines/$")
    operator.look("domaines")
    operator.press(f'main a[href="/operateur/domaines/{where.pk}/"]', to=rf"/operateur/domaines/{where.pk}/$")
    operator.look("domaine")
    operator.fill(rules_fr=RULE)
    operator.press(f"{FORM} button.btn-primary", to=rf"/operateur/domaines/{where.pk}/$")
    operator.says("Version 2", "Nouvelles règles", "Odile Pérateur")
    operator.look("domaine-change")
    passer_by.open("/regles-sanitaires/")
    passer_by.says(RULE)
    passer_by.look("regles")

    # … and the former ones brought back
    operator.press('details.fold:has(form[action$="/version/"]) > summary')
    operator.press('form[action$="/version/"] button', to=rf"/operateur/domaines/{where.pk}/$")
    assert DomainRules.objects.filter(domain=where).count() == 3
    passer_by.open("/regles-sanitaires/")
    assert RULE not in passer_by.page.locator("main").inner_text()

    # a colour that cannot be read is refused, another is taken
    operator.open("/operateur/reglages/marque/")
    operator.fill(name="Entraide 33", colour="#ffdd00")
    operator.press(f"{FORM} button.btn-primary")
    operator.says("se lit mal sur fond clair")
    operator.look("marque-refusee")
    operator.fill(colour="#7a1f5c")
    operator.page.set_input_files('[name="logo"]', {"name": "logo.png", "mimeType": "image/png", "buffer": logo()})
    operator.press(f"{FORM} button.btn-primary", to="/operateur/reglages/marque/$")
    operator.look("marque")
    passer_by.open("/")
    passer_by.says("Entraide 33")
    assert passer_by.page.locator(".brand img").first.evaluate("image => image.complete && image.naturalWidth > 0")
    passer_by.look("accueil-public")

    # a reason that volunteers will read
    operator.open("/operateur/listes/raisons-de-refus/")
    operator.fill(label_fr="La mission demande le permis de conduire", label_en="The mission calls for a driving licence")
    operator.press("main aside form button.btn-primary", to="/operateur/listes/raisons-de-refus/$")
    operator.says("La mission demande le permis de conduire", "est dans la liste")
    operator.look("raisons")

    # what applies where
    operator.open("/operateur/publication/")
    operator.page.select_option('[name="department"]', "33")
    operator.choose("policy", "validate_first")
    operator.press("main aside form button.btn-primary", to="/operateur/publication/$")
    operator.says("Gironde", "Validation avant la mise en ligne")
    operator.look("publication")

    # the words of an e-mail
    operator.open("/operateur/reglages/e-mail-missions.participation.accepted/")
    operator.fill(subject_fr="Bonne nouvelle, {nom}")
    operator.press(f"{FORM} button.btn-primary", to="accepted/$")
    operator.look("e-mail")
    operator.open("/operateur/courriels/modeles/missions.participation.accepted/")
    operator.says("Bonne nouvelle, Camille Martin")

    # acting as somebody
    operator.open("/operateur/personnes/?q=ines")
    operator.look("personnes")
    operator.press(operator.page.get_by_role("link", name="Inès Bénévole"))
    operator.look("personne")
    someone = Person.objects.get(email=HELPER)
    operator.press(f'main a[href="/operateur/agir/{someone.pk}/"]', to=rf"/operateur/agir/{someone.pk}/$")
    operator.fill(reason=WHY)
    operator.look("agir")
    operator.press(f"{FORM} button.btn-primary", to="/espace/benevole/$")
    operator.says("Mes participations")
    assert "Vous agissez au nom de Inès Bénévole" in operator.page.locator("aside.demo").last.inner_text()
    operator.look("au-nom-de")
    operator.open("/espace/compte/acces/")
    operator.press('form[action="/operateur/agir/terminer/"] button', to="/operateur/agir/$")
    operator.says(WHY)
    operator.look("acces")
    assert Impersonation.objects.get().ended_at is not None

    # the person reads it
    theirs = arrive(site.url, PHONE, "benevole")
    sign_in(theirs, HELPER, to="/espace/benevole/$")
    theirs.open("/espace/compte/acces/")
    theirs.says(WHY, "Odile Pérateur")
    theirs.look("acces")

    # tasks, and everything on a phone
    operator.open("/operateur/taches/")
    operator.look("taches")
    operator.open("/operateur/reglages/")
    operator.look("reglages")
    small = arrive(site.url, PHONE, "operateur-telephone")
    sign_in(small, OPERATOR, to="/operateur/$")
    small.look("accueil")
    for path, name in (
        ("domaines/", "domaines"), (f"domaines/{where.pk}/", "domaine"), ("publication/", "publication"),
        ("reglages/", "reglages"),
        ("reglages/marque/", "marque"), ("personnes/?q=ines", "personnes"), ("taches/", "taches"), 
        ("listes/modeles-de-reponse/", "reponses"),
    ):  # fmt: skip
        small.open(f"/operateur/{path}")
        small.look(name)
