"""The place in the form of a mission (R6, R11): shown as stored, searched without scripts, the department alone at a distance."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories import client_of, manager, mission, mission_form, organisation

from renfort.missions.models import Mission

pytestmark = pytest.mark.django_db
SEARCH = {"place_search": "12 bis rue du Hamel 33800 Bordeaux", "place_search_go": "search"}


@pytest.fixture
def host():
    where = organisation(commune_id="33063")
    someone = manager(where)
    return where, someone, client_of(someone)


def new_url(where):
    return reverse("missions:mission-new", args=[where.pk])


def edit_url(what):
    return reverse("missions:host-mission-edit", args=[what.organisation_id, what.pk])


def fields_of(response):
    """What the text fields of a page hold."""
    page = response.content.decode()
    return {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page)}


def test_edit_page_shows_what_is_stored(host):
    where, _someone, browser = host
    what = mission(where, commune_id="33063", latitude=44.8271, longitude=-0.5664)
    page = browser.get(edit_url(what))
    shown = fields_of(page)

    assert (shown["address"], shown["postcode"], shown["city"]) == ("3 rue Sainte-Catherine", "33000", "Bordeaux")
    assert (shown["latitude"], shown["longitude"], shown["commune"]) == ("44.8271", "-0.5664", "33063")
    assert '<option value="33" selected>' in page.content.decode()


def test_new_page_begins_with_the_place_of_the_organisation(host):
    where, _someone, browser = host
    shown = fields_of(browser.get(new_url(where)))

    assert (shown["address"], shown["city"]) == (where.address, where.city)


def test_search_without_scripts_saves_nothing_and_loses_nothing(host):
    where, someone, browser = host
    page = browser.post(new_url(where), mission_form(someone, title="Mon titre", places="0", description="", **SEARCH))

    assert (page.status_code, Mission.objects.count()) == (200, 0)
    assert fields_of(page)["title"] == "Mon titre" and "error-summary" not in page.content.decode()
    assert "12 bis rue du Hamel, 33800 Bordeaux" in unescape(page.content.decode())
    assert page.context["form"].errors == {}


def test_search_on_the_edit_page_keeps_the_version_that_was_shown(host):
    where, someone, browser = host
    what = mission(where)
    opened = what.version
    browser.post(edit_url(what), mission_form(someone, title="De la collègue", seen=opened))
    page = browser.post(edit_url(what), mission_form(someone, title="La mienne", seen=opened, **SEARCH))

    assert fields_of(page)["seen"] == str(opened)
    assert Mission.objects.get().title == "De la collègue"


def test_chosen_suggestion_is_saved_with_its_point(host):
    where, someone, browser = host
    form = mission_form(someone, address="", city="", postcode="", commune="", department="")
    page = browser.post(new_url(where), {**form, **SEARCH}).content.decode()
    choice = unescape(re.search(r'name="place_search_choice" value="([^"]*)"', page).group(1))
    browser.post(new_url(where), {**form, "place_search_choice": choice})
    made = Mission.objects.get()

    assert (made.address, made.postcode, made.city, made.commune_id) == ("12 bis rue du Hamel", "33800", "Bordeaux", "33063")
    assert made.latitude and made.longitude and made.state == "published"


@pytest.mark.parametrize("missing", ["address", "city"])
def test_place_is_whole_when_a_mission_is_proposed(host, missing):
    where, someone, browser = host
    page = browser.post(new_url(where), mission_form(someone, **{missing: ""}))

    assert (page.status_code, set(page.context["form"].errors)) == (422, {missing})


def test_remote_mission_needs_only_the_department(host):
    """R11: what is left in the other fields, right or wrong, is not looked at."""
    where, someone, browser = host
    form = mission_form(someone, presence="remote", department="974", address="", city="Ailleurs", postcode="abc", latitude="x")
    browser.post(new_url(where), form)
    made = Mission.objects.get()

    assert (made.state, made.department_id, made.zone) == ("published", "974", "Indian/Reunion")
    assert (made.address, made.postcode, made.city, made.commune_id, made.latitude) == ("", "", "", None, None)
    assert "À distance" in browser.get(reverse("missions:host-mission", args=[where.pk, made.pk])).content.decode()


def test_remote_mission_without_department_is_where_the_organisation_is(host):
    where, someone, browser = host
    browser.post(new_url(where), mission_form(someone, presence="remote", department="", address="", city="", postcode=""))

    assert Mission.objects.get().department_id == where.department_id


def test_old_draft_without_a_place_is_still_editable(host):
    where, someone, browser = host
    old = mission(where, state="draft", address="", postcode="", city="", safety="")
    assert browser.get(edit_url(old)).status_code == 200

    answer = browser.post(
        edit_url(old), mission_form(someone, then="draft", address="", postcode="", city="", commune="", seen=old.version)
    )

    assert answer.status_code == 302


def test_postcode_of_another_department_is_told_even_to_a_draft(host):
    where, someone, browser = host
    page = browser.post(new_url(where), mission_form(someone, then="draft", department="75"))

    assert (page.status_code, set(page.context["form"].errors)) == (422, {"postcode"})
    assert fields_of(page)["address"] == "3 rue Sainte-Catherine"


def test_form_costs_as_much_with_a_place_as_without(host):
    where, _someone, browser = host
    whole, empty = mission(where, commune_id="33063"), mission(where, state="draft", address="", postcode="", city="")
    browser.get(edit_url(whole))
    counts = []
    for what in (whole, empty):
        with CaptureQueriesContext(connection) as found:
            browser.get(edit_url(what))
        counts.append(len(found))

    assert counts[0] == counts[1] <= 20
