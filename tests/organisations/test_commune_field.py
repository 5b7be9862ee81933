"""« Ville ou code postal »: one box, with or without JavaScript (R6, R17)."""

from __future__ import annotations

import json

import pytest
from django import forms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renfort.territories.forms import CommuneField
from renfort.territories.models import Commune

pytestmark = pytest.mark.django_db


class PlaceForm(forms.Form):
    place = CommuneField()


@pytest.mark.parametrize(
    ("text", "code", "postcode"),
    [
        ("Bordeaux", "33063", ""),
        ("bordeaux (33)", "33063", ""),
        ("33000", "33063", "33000"),
        ("33000 Bordeaux", "33063", "33000"),
        ("merignac 33", "33281", "33700"),
        ("Saint-Denis 93", "93066", ""),
        ("st denis (974)", "97411", ""),
        ("Saint-Denis, La Réunion", "97411", ""),
        ("01200 Confort", "01114", "01200"),
    ],
)
def test_one_match_is_understood_at_once(text, code, postcode):
    form = PlaceForm({"place": text})
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["place"].commune.pk, form.cleaned_data["place"].postcode) == (code, postcode)


@pytest.mark.parametrize(
    ("text", "offered", "chosen"), [("Saint-Denis", {"93066", "97411"}, "97411"), ("01200", {"01033", "01114"}, "01114")]
)
def test_several_matches_come_back_as_a_choice_and_the_choice_counts(text, offered, chosen):
    form = PlaceForm({"place": text})
    assert "Plusieurs communes" in form.errors["place"][0]
    page = str(form)
    assert f'value="{text}"' in page
    for code in offered:
        assert f'type="radio" name="place_commune" value="{code}"' in page
    form = PlaceForm({"place": text, "place_commune": chosen})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["place"].commune.pk == chosen


def test_a_choice_that_the_text_does_not_mean_is_not_believed():
    form = PlaceForm({"place": "Bordeaux", "place_commune": "97411"})
    assert form.is_valid()
    assert form.cleaned_data["place"].commune.pk == "33063"


def test_an_unknown_place_is_said_and_kept():
    form = PlaceForm({"place": "Xyzzyville"})
    assert "n'est pas connue" in form.errors["place"][0]
    assert "Xyzzyville" in str(form)


def test_a_misspelt_place_is_offered_not_guessed():
    form = PlaceForm({"place": "bordaux"})
    assert not form.is_valid()
    assert "Bordeaux – Gironde (33)" in str(form)


def test_required_or_not():
    assert "place" in PlaceForm({}).errors
    assert CommuneField(required=False).clean(CommuneField().widget.value_from_datadict({}, {}, "place")) is None


def test_the_initial_place_is_shown_and_understood_again():
    page = str(PlaceForm(initial={"place": Commune.objects.get(pk="93066")}))
    assert 'value="Saint-Denis (93)"' in page
    form = PlaceForm({"place": "Saint-Denis (93)", "place_commune": "93066"}, initial={"place": Commune.objects.get(pk="93066")})
    assert form.is_valid()
    assert not form.has_changed()


def test_the_script_is_a_module_of_ours():
    assert 'src="/static/territories/suggest.js"' in str(PlaceForm().media)
    assert 'type="module"' in str(PlaceForm().media)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=120), code=st.text(max_size=12))
def test_whatever_is_typed_is_a_sentence(text, code):
    form = PlaceForm({"place": text, "place_commune": code})
    form.is_valid()
    str(form)


def test_suggestions_while_typing(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        answer = client.get("/communes/", {"q": "saint-den"})
    rows = json.loads(answer.content)["communes"]
    assert {"code": "97411", "label": "Saint-Denis (974)", "detail": "La Réunion"} in rows
    assert "max-age=86400" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("q", ["", "a", " ", "\x00", "é" * 5000, "';--"])
def test_suggestions_for_anything(client, q):
    assert client.get("/communes/", {"q": q}).status_code == 200
