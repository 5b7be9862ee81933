"""The front door (R1), « Mon espace » and errors in sentences."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import (
    account,
    book,
    client_of,
    grant,
    manager,
    mission,
    operator,
    organisation,
    participation,
    person,
    slot,
    volunteer,
)

from renfort.organisations.enums import Programme, Role
from renfort.portal.selectors import LATEST, home

pytestmark = pytest.mark.django_db


def text_of(response):
    return response.content.decode()


def test_home_shows_two_ways_in_and_the_domains():
    page = text_of(client_of(None).get("/"))

    wanted = [reverse("people:sign-up-volunteer"), reverse("organisations:sign-up"), reverse("missions:public-list")]
    wanted += ["Aide alimentaire", "Garde exceptionnelle", "Lien avec les personnes", "Solidarité de proximité"]
    assert [each for each in wanted if each not in page] == []


def test_home_works_on_an_empty_platform():
    assert client_of(None).get("/").status_code == 200
    assert (home().latest, home().figures.missions, home().needs) == ([], 0, {})


def test_home_shows_only_what_is_open():
    shown = mission(title="Ouverte")
    for state in ("draft", "submitted", "to_correct", "refused", "ended", "cancelled"):
        mission(title=f"Fermée {state}", state=state)
    full = mission(title="Complète", places=1)
    participation(full, state="accepted")

    assert home().latest == [shown]
    assert "Fermée" not in text_of(client_of(None).get("/"))


def test_home_shows_the_latest_missions_with_places():
    made = [mission() for _ in range(LATEST + 2)]
    participation(made[-1], state="accepted")

    assert home().latest == list(reversed(made))[:LATEST]


def test_figures_count_open_missions_and_the_places_left():
    participation(mission(places=4), state="accepted")
    mission(places=4, department="974")
    mission(places=9, state="draft")
    slotted = mission(places=9, department="974")  # with slots, those of its slots (R61)
    taken = slot(slotted, places=3)
    slot(slotted, day=1, places=2)
    book(participation(slotted, state="accepted"), taken)

    found = home()
    assert (found.figures.missions, found.figures.places, found.needs) == (3, 11, {"33": 3, "974": 8})


def test_latest_missions_are_found_behind_many_full_ones():
    """A crowd of full missions must not empty the front door."""
    free = mission(title="Encore libre")
    for _ in range(LATEST * 2):
        participation(mission(places=1), state="accepted")

    assert home().latest == [free]


@pytest.mark.parametrize(
    ("make", "leads"),
    [
        (volunteer, "/espace/benevole/"),
        (operator, "/operateur/"),
    ],
)
def test_own_space_leads_to_the_home_of_the_role(make, leads):
    assert client_of(make()).get("/espace/")["Location"] == leads


def test_own_space_leads_to_the_role_used_last():
    """P13."""
    first, second = organisation(), organisation()
    someone = manager(first)
    grant(someone, Programme.RESERVE, Role.MANAGER, second)
    browser = client_of(someone)

    before = browser.get("/espace/")["Location"]
    browser.get(f"/espace/{second.pk}/missions/")

    assert (before, browser.get("/espace/")["Location"]) == (f"/espace/{first.pk}/", f"/espace/{second.pk}/")


def test_role_that_was_lost_is_not_remembered():
    someone = manager()
    browser = client_of(someone)
    browser.get(f"/espace/{someone.grants.get().scope}/missions/")
    grant(someone, Programme.RESERVE, Role.VOLUNTEER)
    someone.grants.filter(role=Role.MANAGER).delete()

    assert browser.get("/espace/")["Location"] == "/espace/benevole/"


def test_own_space_without_a_role_says_what_can_be_done():
    page = client_of(account(person()).person).get("/espace/")

    assert (page.status_code, reverse("missions:public-list") in text_of(page)) == (200, True)


def test_rules_of_every_domain_are_on_one_page():
    """R2, R13."""
    page = text_of(client_of(None).get("/regles-sanitaires/"))

    assert page.count("Au moindre doute sur ma santé") == 3


@pytest.mark.parametrize(
    ("path", "status"), [("/nulle-part/", 404), ("/missions/1-x/", 404), ("/%00/", 404), ("/missions/%FF/", 404)]
)
def test_page_that_does_not_exist_says_where_to_go(path, status):
    page = client_of(None).get(path)

    assert page.status_code == status
    assert 'href="/missions/"' in text_of(page) and 'lang="fr"' in text_of(page)


def test_form_from_another_site_is_refused_in_a_sentence():
    page = Client(enforce_csrf_checks=True).post("/connexion/", {})

    assert page.status_code == 403
    assert 'lang="fr"' in text_of(page)


@pytest.mark.parametrize("page", ["/", "/missions/", "/connexion/", "/inscription/benevole/", "/nulle-part/"])
def test_page_speaks_the_language_of_the_cookie(page):
    """P8: French first; the choice is a cookie's before signing in."""
    browser = client_of(None)
    browser.post(reverse("people:language"), {"language": "en", "next": "/"})

    assert 'lang="en"' in text_of(browser.get(page))
    assert 'lang="fr"' in text_of(client_of(None, headers={"accept-language": "de"}).get(page))


@pytest.mark.parametrize("theme", ["dark", "light", "<script>", ""])
def test_theme_of_the_cookie_is_one_that_exists(theme):
    browser = client_of(None)
    browser.cookies["theme"] = theme

    assert (f'data-theme="{theme}"' in text_of(browser.get("/"))) == (theme in ("dark", "light"))
