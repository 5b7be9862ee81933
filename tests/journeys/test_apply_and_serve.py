"""Somebody needs help, somebody offers it: from two sign-ups to an evening's work, by every means there is (R2 to R36, P9)."""

from __future__ import annotations

import re

import pytest
from tests.harness.browser import DESKTOP, ENGLISH, KEYBOARD, PHONE, PHONE_NO_SCRIPT, Visitor
from tests.harness.live import Letter
from tests.journeys.steps import FOOD, PASSWORD, confirm, describe_mission, found_organisation, propose_mission, speak

pytestmark = pytest.mark.browser
DO_IT = 'main form:has([name="seen"]) button[type="submit"]'
MEANS = [DESKTOP, PHONE, PHONE_NO_SCRIPT, KEYBOARD, ENGLISH]


def places_left(visitor: Visitor, public: str) -> tuple[str, ...]:
    """The numbers in « 1 place restante sur 1 », none when the mission is full."""
    visitor.open(public)
    return tuple(re.findall(r"\d+", visitor.page.locator(".key-facts > div").last.inner_text()))


@pytest.mark.parametrize("means", MEANS, ids=lambda means: means.name)
def test_an_application_goes_from_the_search_to_the_place_and_back(site, arrive, means):
    host, volunteer = arrive(site.url, means, "structure"), arrive(site.url, means, "benevole")
    name, chief, helper = f"Secours Bordeaux {means.name}", f"awa.{means.name}@example.org", f"leo.{means.name}@example.org"

    speak(host)
    found_organisation(host, site, name=name, email=chief)
    host.look("nouvelle-mission")
    describe_mission(host)
    own_page = propose_mission(host)
    host.says_in_french("Bravo, votre mission a été publiée !", "Validée")
    host.look("mission-publiee")
    public = host.page.locator('.page-actions a[href^="/missions/"]').get_attribute("href")

    # a private window, another person
    speak(volunteer)
    find_and_apply(volunteer, public, of=name)
    sign_up(volunteer, helper)
    assert len(site.letters(chief)) == 1, "R3: nobody is told before the address is confirmed"

    # the link is opened on another device
    volunteer = arrive(site.url, means, "benevole-autre-appareil")
    speak(volunteer)
    confirm(volunteer, site, helper, to=r"/espace/benevole/\d+/merci/$")
    volunteer.says(name)
    volunteer.look("merci")
    assert places_left(host, public)[0] == "1", "R34: an application holds no place"

    accept(host, site.letter(chief), helper)
    letter = site.letter(helper)
    assert letter.language == means.language
    assert "06 12 34 56 78" in letter.text.replace("\xa0", " "), "R35: the contact, once accepted"
    assert not places_left(host, public), "R34: the only place is taken"

    withdraw(volunteer, letter)
    assert "Léo N'Diaye-Brückner" in site.letter(chief).subject
    assert places_left(host, public)[0] == "1", "R34: the place is free again"

    # applies again, is refused with a reason, and the refusal is taken back
    volunteer.open(public)
    volunteer.tick("agrees")
    volunteer.press("#proposer form button", to=r"/espace/benevole/\d+/merci/$")
    refuse(host, site.letter(chief))
    assert "Merci, et à une autre fois." in site.letter(helper).text
    take_back(host)
    volunteer.open(site.letter(helper).link)
    volunteer.says_in_french("En attente de validation")
    volunteer.look("participation-reprise")
    host.open(own_page)
    host.look("mission-a-la-fin")


def find_and_apply(volunteer: Visitor, public: str, *, of: str) -> None:
    """From the list to sign-up: the rules are to be ticked, and are kept in mind meanwhile (R13, R30)."""
    volunteer.open("/missions/")
    volunteer.fill(lieu="33000")
    volunteer.press("[data-finder] .finder-bar button[type=submit]", to="lieu=33000")
    volunteer.look("recherche")
    volunteer.press(volunteer.page.locator("article", has_text=of).get_by_role("link", name=FOOD), to=f"{public}$")
    volunteer.says_in_french("Proposer mon aide")
    volunteer.look("mission")
    volunteer.submit("#proposer form button")
    volunteer.says_in_french("Cochez cette case pour proposer votre aide")
    volunteer.look("regles-pas-cochees")
    volunteer.open(volunteer.path())  # the address alone leads back to the mission
    volunteer.at(f"{public}$")
    volunteer.tick("agrees")
    volunteer.press("#proposer form button", to="/inscription/benevole/$")
    volunteer.says(FOOD)


def sign_up(volunteer: Visitor, email: str) -> None:
    """« M'inscrire » (R3)."""
    volunteer.fill(first_name="Léo", last_name="N'Diaye-Brückner", email=email, password1=PASSWORD, password2=PASSWORD)
    volunteer.fill(postcode="33000", birth_date="1990-02-28", mobile_phone="06 98 76 54 32")
    volunteer.look("inscription-benevole")
    volunteer.press("main form button.btn-primary", to="/consultez-vos-e-mails/$")


def accept(host: Visitor, letter: Letter, helper: str) -> None:
    """From the e-mail (R33, R36)."""
    assert "Léo N'Diaye-Brückner" in letter.subject and letter.language == host.means.language
    host.open(letter.link)
    host.says(helper)
    host.look("proposition")
    answers = host.path()
    host.press('a[href$="/accepter/"]', to="/accepter/$")
    host.says("Léo")
    host.look("accepter")
    host.press(DO_IT, to=f"{answers}$")
    host.says_in_french("Mission validée")


def withdraw(volunteer: Visitor, letter: Letter) -> None:
    """From the e-mail, which led to the contact (R35)."""
    volunteer.open(letter.link)
    volunteer.says("06 12 34 56 78", "Awa Diallo")
    volunteer.look("participation-acceptee")
    answers = volunteer.path()
    volunteer.press('a[href$="/abandonner/"]', to="/abandonner/$")
    volunteer.choose("reason", "not_available")
    volunteer.look("me-desister")
    volunteer.press(DO_IT, to=f"{answers}$")
    volunteer.says_in_french("Mission abandonnée")


def refuse(host: Visitor, letter: Letter) -> None:
    """With a reason and a few words (R33)."""
    host.open(letter.link)
    answers = host.path()
    host.press('a[href$="/refuser/"]', to="/refuser/$")
    host.choose("reason", "other_profile")
    host.fill(message="Merci, et à une autre fois.")
    host.look("refuser")
    host.press(DO_IT, to=f"{answers}$")
    host.says_in_french("Mission refusée")


def take_back(host: Visitor) -> None:
    """« Remettre en attente », on the same page (R33)."""
    answers = host.path()
    host.press('a[href$="/reprendre/"]', to="/reprendre/$")
    host.press(DO_IT, to=f"{answers}$")
    host.says_in_french("En attente de validation")
    host.look("reprise")
