"""Coming in, going out, and what one changes about oneself (R3, R7, R8, P8)."""

from __future__ import annotations

import pytest
from tests.harness.browser import DESKTOP, PHONE, PHONE_NO_SCRIPT, Visitor
from tests.journeys.steps import PASSWORD, sign_in, sign_out

from renfort.ops.users import create

pytestmark = pytest.mark.browser
OTHER = "un-tout-autre-mot-77"
SIGN_IN = 'main form:has([name="password"]) button.btn-primary'
PASSWORDS = 'main form:has([name="password1"]) button.btn-primary'


def known(name: str) -> str:
    """Somebody with a confirmed account; returns the address."""
    address = f"{name}@example.org"
    create(email=address, first_name=name.title(), last_name="Martin", role="volunteer", password=PASSWORD)
    return address


def is_inside(visitor: Visitor) -> bool:
    """Whether the visitor is signed in."""
    visitor.open("/espace/compte/")
    return visitor.path() == "/espace/compte/"


@pytest.mark.parametrize("means", [DESKTOP, PHONE_NO_SCRIPT], ids=lambda means: means.name)
def test_a_lost_password_is_replaced_through_the_e_mail(site, arrive, means):
    visitor, address = arrive(site.url, means), known(f"lucie-{means.name}")
    visitor.open("/connexion/")
    visitor.look("connexion")
    visitor.fill(email=address, password="ce-n-est-pas-le-bon")
    visitor.submit(SIGN_IN)
    assert visitor.page.locator("[data-error-summary]").is_visible()
    visitor.look("mauvais-mot-de-passe")
    assert not is_inside(visitor)

    visitor.press('a[href="/mot-de-passe/oublie/"]', to="/oublie/$")
    visitor.look("mot-de-passe-oublie")
    visitor.fill(email=address)
    visitor.press("main form button.btn-primary", to="/consultez-vos-e-mails/$")
    link = site.letter(address).link
    visitor.open(link)
    visitor.look("nouveau-mot-de-passe")
    visitor.fill(password1=OTHER, password2=OTHER)
    visitor.press(PASSWORDS, to="/espace/")
    assert "mot de passe" in site.letter(address).subject.lower()

    stranger = arrive(site.url, means, "lien-perime")
    stranger.open(link)
    stranger.says("Ce lien ne s'ouvre plus")
    stranger.look("lien-perime")
    sign_in(stranger, address, OTHER)
    assert is_inside(stranger)


def test_what_one_changes_about_oneself_is_kept(site, arrive):
    visitor, address = arrive(site.url), known("samira")
    sign_in(visitor, address, to="/espace/benevole/$")
    visitor.look("espace-vide")
    visitor.open("/espace/profil/")
    visitor.fill(mobile_phone="12")
    visitor.submit()
    visitor.look("profil-a-corriger")
    visitor.fill(first_name="Samira-Lou", mobile_phone="06 98 76 54 32", postcode="33000", birth_date="1990-02-28")
    visitor.submit()
    visitor.says("Vos modifications sont enregistrées", "Samira-Lou Martin")
    visitor.look("profil")

    visitor.open("/espace/compte/")
    visitor.look("compte")
    visitor.fill(password="pas-celui-ci-non", password1=OTHER, password2=OTHER)
    visitor.submit(PASSWORDS)
    visitor.says("Ce n'est pas votre mot de passe actuel")
    visitor.fill(password=PASSWORD, password1=OTHER, password2=OTHER)
    visitor.submit(PASSWORDS)
    visitor.says("Votre mot de passe est changé")
    assert is_inside(visitor), "one stays signed in"

    visitor.choose("language", "en")
    visitor.submit('main form[action="/langue/"] button')
    assert visitor.page.locator("html").get_attribute("lang") == "en"
    sign_out(visitor)
    assert not is_inside(visitor)

    again = arrive(site.url, PHONE, "autre-appareil")
    sign_in(again, address, OTHER)
    assert again.page.locator("html").get_attribute("lang") == "en", "P8: kept on the account"
    again.open("/mot-de-passe/oublie/")
    again.fill(email=address)
    again.press("main form button.btn-primary", to="/consultez-vos-e-mails/$")
    assert site.letter(address).language == "en"
    again.open("/espace/")
    sign_out(again)
    assert not is_inside(again)


def test_nobody_learns_from_the_pages_which_addresses_are_known(site, arrive):
    visitor, address, unknown = arrive(site.url), known("prudence"), "personne@example.org"
    answers = []
    for email in (address, unknown):
        visitor.open("/inscription/structure/")
        visitor.fill(first_name="Zoé", last_name="Curieuse", email=email, password1=PASSWORD, password2=PASSWORD)
        visitor.press("main form button.btn-primary", to="/consultez-vos-e-mails/$")
        answers.append(visitor.page.locator("main").inner_text().replace(email, "…"))
    for email in (address, "autre-personne@example.org"):
        visitor.open("/mot-de-passe/oublie/")
        visitor.fill(email=email)
        visitor.press("main form button.btn-primary", to="/consultez-vos-e-mails/$")
        answers.append(visitor.page.locator("main").inner_text().replace(email, "…"))
    assert len(set(answers)) == 1
    visitor.look("consultez-vos-e-mails")
    assert "Vous avez déjà un compte" in [letter.subject for letter in site.letters(address)], "who reads the address is told"
    assert [letter.subject for letter in site.letters("autre-personne@example.org")] == ["Aucun compte à cette adresse"]
