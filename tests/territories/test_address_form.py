"""The address in a form: filled by a suggestion, editable by hand, checked as a whole (R6, R11)."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django import forms
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renfort.territories.forms import AddressForm, PlaceNeed, initial_place, unjudged
from renfort.territories.models import Commune

pytestmark = pytest.mark.django_db

BORDEAUX = {
    "department": "33",
    "address": "12 bis rue du Hamel",
    "postcode": "33800",
    "city": "Bordeaux",
    "latitude": "44.8271",
    "longitude": "-0.5664",
}


class Step(AddressForm):
    """A step that wants the whole place."""

    name = forms.CharField(required=False)
    sections = (AddressForm.place_section("Là où vous agissez"),)


class Draft(AddressForm):
    """A form that may lack the place."""

    place_is_expected = False

    def place_need(self):
        return PlaceNeed.WHATEVER


class AtADistance(AddressForm):
    def place_need(self):
        return PlaceNeed.DEPARTMENT


def chosen(form):
    assert form.is_valid(), form.errors
    return form.cleaned_data["place"]


def radios(page):
    """The suggestions that a page offers as radio buttons, as it would send them back."""
    return [unescape(each) for each in re.findall(r'type="radio" name="place_search_choice" value="([^"]*)"', page)]


# ── by hand ───────────────────────────────────────────────────────────────────────────────────────
def test_an_address_typed_by_hand_is_understood():
    place = chosen(Step(BORDEAUX))

    assert (place.address, place.postcode, place.city) == ("12 bis rue du Hamel", "33800", "Bordeaux")
    assert (place.commune.pk, place.department.pk) == ("33063", "33")
    assert (place.latitude, place.longitude) == (44.8271, -0.5664)


@pytest.mark.parametrize("missing", ["address", "city"])
def test_address_and_city_are_required(missing):
    form = Step(BORDEAUX | {missing: " "})

    assert set(form.errors) == {missing}


def test_department_is_required_when_nothing_tells_it():
    form = Step({"address": "Le Bourg", "city": "Trifouillis"})

    assert form.errors["department"] == ["Choisissez le département."]


@pytest.mark.parametrize(
    ("city", "postcode", "department"),
    [
        ("Bordeaux", "", "33"),
        ("Ajaccio", "20000", "2A"),
        ("Bastia", "20200", "2B"),
        ("Uvea", "98600", "986"),
        ("?", "97133", "977"),
    ],
)
def test_department_left_out_comes_from_the_rest_of_the_address(city, postcode, department):
    """R6: « Département » is pre-filled from the address."""
    place = chosen(Step({"address": "Le Bourg", "city": city, "postcode": postcode}))

    assert place.department.pk == department


def test_empty_point_is_the_centre_of_the_commune():
    place = chosen(Step(BORDEAUX | {"latitude": "", "longitude": ""}))
    centre = Commune.objects.get(pk="33063")

    assert (place.latitude, place.longitude) == (centre.latitude, centre.longitude)


def test_empty_postcode_is_the_usual_one_and_a_city_with_districts_has_none():
    assert chosen(Step(BORDEAUX | {"postcode": ""})).postcode == "33000"
    paris = {"department": "75", "address": "1 place X", "city": "Paris"}
    assert (chosen(Step(paris)).postcode, chosen(Step(paris)).commune.pk) == ("", "75056")


def test_place_that_nobody_knows_is_accepted_by_hand():
    """R6: editable by hand when nothing matches."""
    place = chosen(Step({"department": "33", "address": "Route forestière 12", "city": "Cabane du Bout"}))

    assert (place.city, place.commune, place.latitude, place.longitude) == ("Cabane du Bout", None, None, None)


@pytest.mark.parametrize(
    ("city", "postcode", "code"),
    [
        ("bordeaux cedex", "33070", "33063"),
        ("st etienne", "42000", "42218"),
        ("Paris", "75011", "75111"),
        ("Paris 11e", "75011", "75111"),
        ("L'Hay les roses", "94240", "94038"),
        ("Confort", "01200", "01114"),
        ("Mata-Utu", "98600", "98613"),  # a village of the only commune there
        ("Miquelon-Langlade", "97500", "97501"),
        ("Papeete", "98714", "98735"),
    ],
)
def test_city_is_forgiven_its_spelling(city, postcode, code):
    place = chosen(Step({"address": "1 rue X", "city": city, "postcode": postcode}))

    assert place.commune.pk == code


def test_hint_of_a_suggestion_decides_between_communes_of_one_name_only():
    """01200 is the postcode of several communes; a hint that the text does not mean is not believed."""
    form = {"department": "33", "address": "1 rue X", "city": "Bordeaux", "postcode": "33000"}

    assert chosen(Step(form | {"commune": "97411"})).commune.pk == "33063"
    assert (
        chosen(Step(form | {"city": "Saint-Denis", "postcode": "", "department": "974", "commune": "97411"})).commune.pk
        == "97411"
    )


# ── what does not hold together ───────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("department", "postcode", "fits"),
    [
        ("33", "33800", True),
        ("75", "33800", False),
        ("2A", "20000", True),
        ("2B", "20000", False),
        ("2B", "20200", True),
        ("974", "97400", True),
        ("971", "97400", False),
        ("977", "97133", True),
        ("986", "98600", True),
        ("987", "98600", False),
        ("975", "97500", True),
        ("33", "33070", True),  # a CEDEX
        ("75", "33070", False),
    ],
)
def test_postcode_and_department_agree_or_one_is_told(department, postcode, fits):
    form = Step({"department": department, "address": "1 rue X", "city": "Quelque Part", "postcode": postcode})

    assert form.is_valid() is fits
    if not fits:
        assert "corrigez l'un ou l'autre" in form.errors["postcode"][0]


def test_postcode_shared_by_two_departments_is_right_in_both():
    shared = {each.department_id for each in Commune.objects.filter(postcodes__code="01200")}

    assert shared == {"01", "74"}
    assert all(
        Step(BORDEAUX | {"department": each, "postcode": "01200", "city": "X", "latitude": "", "longitude": ""}).is_valid()
        for each in shared
    )


def test_city_of_another_department_is_told_and_the_postcode_is_a_way_out():
    form = {"department": "75", "address": "1 rue X", "city": "Bègles"}

    assert "33 - Gironde" in Step(form).errors["city"][0]
    assert chosen(Step(form | {"postcode": "75011"})).commune is None  # a place of that name in Paris


@pytest.mark.parametrize("postcode", ["330", "33 00", "3300a", "٣٣٠٠٠", "33000000"])
def test_postcode_has_five_digits(postcode):
    assert "cinq chiffres" in Step(BORDEAUX | {"postcode": postcode}).errors["postcode"][0]


def test_spaced_postcode_and_decimal_comma_are_forgiven():
    place = chosen(Step(BORDEAUX | {"postcode": "33 800", "latitude": "44,8271°", "longitude": " -0,5664 "}))

    assert (place.postcode, place.latitude, place.longitude) == ("33800", 44.8271, -0.5664)


@pytest.mark.parametrize(
    ("latitude", "longitude", "field", "words"),
    [
        ("abc", "0", "latitude", "nombre de degrés"),
        ("nan", "0", "latitude", "nombre de degrés"),
        ("inf", "0", "latitude", "nombre de degrés"),
        ("1_0", "0", "latitude", "loin du département"),
        ("91", "0", "latitude", "entre"),
        ("44.8", "181", "longitude", "entre"),
        ("44.8", "", "longitude", "ou aucune des deux"),
        ("48.85", "2.35", "latitude", "loin du département 33 - Gironde"),
        ("-0.5664", "44.8271", "latitude", "loin du département"),  # the other way round
    ],
)
def test_point_that_cannot_be_is_told(latitude, longitude, field, words):
    form = Step(BORDEAUX | {"latitude": latitude, "longitude": longitude})

    assert set(form.errors) == {field}
    assert words in form.errors[field][0]
    assert '<details class="fold" open>' in str(form), "an error is never folded away"


def test_point_of_the_address_before_means_nothing_any_more():
    """The city is corrected by hand and the point is not: the point is the new commune's."""
    before = json.dumps(["3bis rue Y", "33000", "Bordeaux", "33", "44.8271", "-0.5664", "33063"])
    moved = chosen(Step(BORDEAUX | {"place_before": before, "city": "Arcachon", "postcode": "33120"}))
    longer = chosen(Step(BORDEAUX | {"place_before": before, "postcode": "33000", "address": "3 bis, Rue Y, bâtiment B"}))
    other = chosen(Step(BORDEAUX | {"place_before": before, "postcode": "33000", "address": "8 place Z"}))

    assert round(moved.longitude, 1) == -1.2
    assert (other.latitude, other.longitude) != (44.8271, -0.5664)
    assert (longer.latitude, longer.longitude) == (44.8271, -0.5664)


# ── less than the whole ───────────────────────────────────────────────────────────────────────────
def test_draft_may_lack_everything_and_keeps_what_it_has():
    assert Draft({}).is_valid()
    place = chosen(Draft({"address": "12 rue X"}, place_fallback="33"))

    assert (place.address, place.city, place.department.pk) == ("12 rue X", "", "33")


def test_at_a_distance_only_the_department_counts():
    """R11."""
    place = chosen(AtADistance({"department": "33", "address": "X", "postcode": "abc", "city": "Y" * 200, "latitude": "zz"}))

    assert (place.department.pk, place.address, place.postcode, place.city, place.latitude) == ("33", "", "", "", None)
    assert set(AtADistance({}).errors) == {"department"}


# ── without JavaScript ────────────────────────────────────────────────────────────────────────────
def test_button_searches_and_nothing_is_judged_or_lost():
    form = Step(
        {"name": "Secours", "place_search": "12 bis rue du Hamel 33800 bordeaux", "place_search_go": "search", "address": "X"}
    )
    assert form.is_searching
    form.search_place()
    page = str(form)

    assert form.errors == {}
    assert 'value="12 bis rue du Hamel 33800 bordeaux"' in page and 'name="address" value="X"' in page
    assert len(radios(page)) == 1 and "12 bis rue du Hamel, 33800 Bordeaux" in page


def test_choice_fills_the_fields_and_they_stay_editable():
    form = Step({"place_search": "12 bis rue du Hamel 33800 bordeaux", "place_search_go": "search"})
    form.search_place()
    choice = radios(str(form))[0]

    used = Step({"place_search": "12 bis…", "place_search_go": "use", "place_search_choice": choice, "city": "Ailleurs"})
    used.search_place()
    page = str(used)
    assert 'name="address" value="12 bis rue du Hamel"' in page and 'name="city" value="Bordeaux"' in page
    assert radios(page) == []

    sent = chosen(Step({"place_search_choice": choice}))  # the form's own button, the radio button chosen
    assert (sent.address, sent.postcode, sent.commune.pk) == ("12 bis rue du Hamel", "33800", "33063")


def test_field_changed_by_hand_after_the_search_is_kept():
    form = Step({"place_search": "Le Bourg, 33800 bordeaux", "place_search_go": "search", "address": ""})
    form.search_place()
    page = str(form)
    seen = unescape(re.search(r'name="place_search_seen" value="([^"]*)"', page).group(1))

    place = chosen(Step({"place_search_choice": radios(page)[0], "place_search_seen": seen, "address": "14 ter rue du Hamel"}))

    assert (place.address, place.city) == ("14 ter rue du Hamel", "Bordeaux")


def test_empty_search_and_unknown_place_are_told():
    empty, unknown = Step({"place_search_go": "search"}), Step({"place_search_go": "search", "place_search": "Xyzzyville"})
    empty.search_place()
    unknown.search_place()

    assert "Écrivez une adresse dans « Lieu »" in unescape(str(empty))
    assert "Aucune adresse trouvée" in unescape(str(unknown))


@pytest.mark.parametrize("choice", ["", "x", "[]", "null", "{}", "[" * 50_000, '{"city": 3}', '{"city": "' + "x" * 5000 + '"}'])
def test_choice_that_no_page_offered_is_no_failure(choice):
    form = Step({**BORDEAUX, "place_search_choice": choice, "place_before": choice, "place_search_seen": choice})
    form.is_valid()

    assert 'name="address"' in str(form)


def test_choice_is_checked_like_anything_typed():
    forged = json.dumps({"address": "X", "city": "Bordeaux", "department": "75", "postcode": "33000", "latitude": "nan"})
    form = Step({"place_search_choice": forged})

    assert set(form.errors) == {"postcode", "latitude"}


def test_other_forms_of_the_page_are_not_judged_while_one_searches():
    formset = forms.formset_factory(Step)({"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "x"})
    unjudged(formset)

    assert "aria-invalid" not in str(formset)


# ── the page ──────────────────────────────────────────────────────────────────────────────────────
def test_page_shows_what_is_stored_and_understands_it_again():
    class Thing:
        address, postcode, city, department_id, commune_id = "3 rue Y", "33000", "Bordeaux", "33", "33063"
        latitude, longitude = 44.8271, -0.5664

    page = str(Step(initial=initial_place(Thing)))
    posted = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page)} | {"department": "33"}

    assert 'value="33" selected' in page and 'name="latitude" value="44.8271"' in page
    place = chosen(Step(posted))
    assert (place.address, place.latitude, place.commune.pk) == ("3 rue Y", 44.8271, "33063")


def test_only_what_may_be_left_out_is_called_optional():
    page = str(Step())
    optional = {
        name for name in ("department", "address", "city", "postcode") if re.search(rf'for="id_{name}">[^/]*facultatif', page)
    }

    assert optional == {"postcode"}
    assert page.count('aria-required="true"') == 3


def test_a_prefix_is_kept_everywhere():
    form = Step({"host-place_search": "Bègles", "host-place_search_go": "search"}, prefix="host")
    assert form.is_searching
    form.search_place()

    assert 'name="host-place_search_choice"' in str(form) and 'data-prefix="host-"' in str(form)


def test_script_is_a_module_of_ours():
    assert 'src="/static/territories/suggest.js"' in str(Step().media) and 'type="module"' in str(Step().media)


def test_checks_cost_few_queries_whatever_is_typed():
    for data in (BORDEAUX, {"city": "Saint-Denis"}, {"postcode": "01200", "city": "x"}, {"department": "75", "city": "Bègles"}):
        with CaptureQueriesContext(connection) as found:
            Step(data).is_valid()
        assert len(found) <= 8, [each["sql"][:90] for each in found]


anything = st.text(max_size=60) | st.sampled_from(
    ["33", "33800", "75011", "98600", "Bordeaux", "Paris 11", "-1", "nan", "\0", "{}", "[]"]
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.dictionaries(
        st.sampled_from([*Step.base_fields, "place_search_go", "place_search_choice", "place_search_seen"]), anything, max_size=10
    )
)
def test_whatever_is_posted_is_a_sentence(data):
    form = Step(data)
    if form.is_searching:
        form.search_place()

    assert form.is_valid() == (not form.errors) and 'name="address"' in str(form)
