"""S1: sign in through the network's identity provider, link after proof, sign out of both; a first access by a link."""

from __future__ import annotations

import re

import pytest
from django.test import override_settings
from tests.factories.civic_service import acting, establishment, lead, open_programme, service_tutor
from tests.harness.browser import PHONE, PHONE_NO_SCRIPT
from tests.harness.identity import real_provider, set_user, settings_of
from tests.journeys.steps import MENU, PASSWORD, come_in

from renfort.civic_service.services.access import invite_person
from renfort.ops.users import create
from renfort.organisations.enums import Role
from renfort.people.models import Account, Identity

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def provider(site):
    """The real provider; forms may lead to it, as the environment of the site would say."""
    from django.conf import settings

    with real_provider() as url:
        policy = settings.CONTENT_SECURITY_POLICY
        allowed = {"DIRECTIVES": {**policy["DIRECTIVES"], "form-action": ["'self'", url]}}
        with override_settings(IDENTITY=settings_of(url), CONTENT_SECURITY_POLICY=allowed):
            yield url


def plain(visitor):
    """The provider's own pages take a style sheet from elsewhere: none here."""
    visitor.context.route(re.compile("^https://"), lambda route: route.fulfill(status=200, content_type="text/css", body=""))
    return visitor


def say_yes(visitor, subject):
    """On the provider's own page."""
    visitor.page.locator('input[name="sub"]').fill(subject)
    visitor.page.locator('input[name="sub"]').press("Enter")


@pytest.mark.parametrize("means", [None, PHONE_NO_SCRIPT], ids=["desktop", "phone"])
def test_somebody_links_after_proof_signs_out_of_both_and_comes_back(site, arrive, provider, means):
    visitor = plain(arrive(site.url, means) if means else arrive(site.url))
    who = f"ana-{means.name if means else 'desktop'}"
    address = f"{who}@example.org"
    create(email=address, first_name="Ana", last_name="Petit", role="volunteer", password=PASSWORD)
    set_user(provider, who, email=address, email_verified=True, given_name="Ana", family_name="Petit")

    visitor.open("/connexion/?next=/espace/compte/")
    visitor.look("connexion-reseau")
    visitor.page.get_by_role("link", name="Se connecter avec Gabriel").click()
    say_yes(visitor, who)
    visitor.at("/connexion/reseau/relier/$")
    visitor.look("relier")
    visitor.fill(password="ce-n-est-pas-le-bon")
    visitor.submit('main form:has([name="password"]) button.btn-primary')
    visitor.says("Ce n'est pas votre mot de passe actuel")
    visitor.fill(password=PASSWORD)
    visitor.press('main form:has([name="password"]) button.btn-primary', to="/espace/compte/$")
    visitor.says("C'est relié", address)
    visitor.look("compte-relie")
    assert Identity.objects.filter(account__email=address).count() == 1
    assert "identité est reliée" in site.letter(address).subject

    if visitor.means.width < 600:
        visitor.press('[popovertarget="menu"].menu-button')
    visitor.press(MENU)
    visitor.press('form[action="/deconnexion/"] button')
    visitor.page.wait_for_url(f"{provider}/oauth2/end_session*")
    visitor.page.get_by_role("button").first.click()
    visitor.at(f"^{site.url}/$")

    visitor.open("/connexion/")
    visitor.page.get_by_role("link", name="Se connecter avec Gabriel").click()
    say_yes(visitor, who)
    visitor.at("/espace/")


def test_a_stranger_is_told_whom_to_ask(site, arrive, provider):
    visitor = plain(arrive(site.url, PHONE))
    visitor.open("/connexion/reseau/")
    say_yes(visitor, "inconnue")
    visitor.says("Demandez à votre établissement")
    visitor.look("identite-inconnue")
    assert not Identity.objects.filter(subject="inconnue").exists()


def test_the_first_access_of_somebody_invited(site, arrive, provider):
    open_programme()
    where = establishment()
    boss = lead(where)
    someone = service_tutor(where, email="lea.tutrice@example.org")
    Account.objects.filter(person=someone).delete()
    invite_person(actor=acting(boss, Role.ESTABLISHMENT_LEAD), person=someone, establishment=where)

    visitor = arrive(site.url, PHONE)
    visitor.open(site.letter("lea.tutrice@example.org").link)
    visitor.look("premier-acces")
    visitor.fill(password1=PASSWORD, password2=PASSWORD)
    visitor.press('main form:has([name="password1"]) button.btn-primary', to="/service-civique/etablissements/")
    visitor.says("Votre accès est ouvert")
    assert Account.objects.get(person=someone).is_active

    late = arrive(site.url, PHONE, "deja-servi")
    late.open(site.letter("lea.tutrice@example.org").link)
    late.says("a déjà servi")
    late.look("acces-deja-servi")

    linked = arrive(site.url, PHONE, "compte")
    come_in(linked, someone)
    linked.open("/espace/compte/")
    linked.look("compte-a-relier")
