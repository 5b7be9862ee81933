"""The establishments of a territory, for its case managers: search, filters, what is missing at a glance (S10, S2)."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.factories import client_of
from tests.factories.civic_service import case_manager, establishment, federation, lead

from renfort.organisations.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    gironde = federation("33", "40")
    rows = {
        "full": establishment(name="Lycée Saint-Jean de l'Étang"),
        "bare": establishment(name="Collège Sainte-Anne", department="40", phone=""),
        "left": establishment(name="École du Bourg", left_on=timezone.localdate()),
        "away": establishment(name="Lycée Saint-Yves", department="75"),
    }
    lead(rows["full"])
    return rows, client_of(case_manager(gironde)), f"/service-civique/gestion/{gironde.pk}/etablissements/"


def shown(page, rows):
    said = page.content.decode()
    return {name for name, row in rows.items() if f"etablissements/{row.pk}/fiche/" in said}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"full", "bare"}), ("?q=etang", {"full"}), ("?q=SAINTE+anne", {"bare"}), ("?q=saint", {"full", "bare"}),
        ("?departement=40", {"bare"}), ("?etat=incomplets", {"bare"}), ("?etat=sans-referent", {"bare"}),
        ("?etat=partis", {"left"}), ("?q=introuvable", set()), ("?q=%00&page=abc&departement=zz&etat=x", {"full", "bare"}),
    ],
)  # fmt: skip
def test_case_managers_find_what_they_look_for_in_their_territory(scene, query, found):
    rows, browser, address = scene
    page = browser.get(address + query)

    assert page.status_code == 200 and shown(page, rows) == found


def test_a_school_is_found_by_the_beginning_of_its_numbers(scene):
    rows, browser, address = scene

    assert shown(browser.get(f"{address}?q={rows['bare'].uai[:7]}"), rows) == {"bare"}
    assert shown(browser.get(f"{address}?q=732 829"), rows) == {"full", "bare"}


def test_the_national_managers_see_all_and_nobody_elses_federation_opens(scene):
    rows, browser, address = scene

    assert shown(client_of(case_manager()).get("/service-civique/gestion/etablissements/"), rows) == {"full", "bare", "away"}
    assert client_of(case_manager(federation("75", name="Udogec de Paris"))).get(address).status_code == 404
    assert browser.get("/service-civique/gestion/etablissements/").status_code == 404


def test_a_row_says_what_is_missing_and_whom_to_call(scene):
    _rows, browser, address = scene
    said = browser.get(address).content.decode()

    assert "5 informations sur 6" in said and "Fiche complète" in said and "Sans référent" in said


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_costs_the_same_for_one_and_twenty(count, django_assert_max_num_queries):
    gironde = federation("33")
    for number in range(count):
        lead(establishment(name=f"Lycée {number}"))
    browser = client_of(case_manager(gironde))
    address = f"/service-civique/gestion/{gironde.pk}/etablissements/"
    browser.get(address)

    with django_assert_max_num_queries(12):
        browser.get(address + "?q=lycee&etat=incomplets")
    with django_assert_max_num_queries(12):
        browser.get(address)


def test_a_school_that_changes_its_name_is_found_under_the_new_one(scene):
    """The copy that is searched follows, whoever writes the organisation or the establishment."""
    rows, browser, address = scene
    where = rows["full"]
    Organisation.objects.filter(pk=where.organisation_id).update(name="Institution Rosa-Parks")
    where.save()  # with what was read before

    assert shown(browser.get(f"{address}?q=rosa parks"), rows) == {"full"}
    assert shown(browser.get(f"{address}?q=etang"), rows) == set()
