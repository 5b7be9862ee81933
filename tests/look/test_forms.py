"""``{{ form }}`` alone is a good form: labels, help, errors in words, and what assistive tools need."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from renfort.portal.components import SampleForm, bad_form


@pytest.fixture(autouse=True)
def in_french():
    with translation.override("fr"):
        yield


def tag(html: str, name: str) -> str:
    found = re.search(rf'<(?:input|select|textarea)[^>]*name="{name}"[^>]*>', html)
    assert found, name
    return found[0]


def test_optional_fields_say_so_and_required_ones_bear_no_star():
    html = str(SampleForm())
    assert html.count("(facultatif)") == sum(not field.required for field in SampleForm.base_fields.values())
    assert "*" not in re.sub(r"<[^>]+>", "", html)


def test_help_and_errors_are_tied_to_the_field():
    html = str(bad_form())
    name = tag(html, "name")
    assert 'aria-invalid="true"' in name
    assert 'aria-describedby="bad_name_helptext bad_name_error"' in name
    assert 'id="bad_name_helptext"' in html
    assert 'id="bad_name_error"' in html


def test_the_summary_links_to_each_field_in_error():
    form = bad_form()
    html = str(form)
    summary = html[: html.index("</ul>")]
    assert f"{len(form.errors)} points sont à corriger" in summary
    for name in form.errors:
        anchor = form[name].anchor
        assert f'href="#{anchor}"' in summary
        assert f'id="{anchor}"' in html


def test_a_group_of_choices_is_a_fieldset_with_its_legend():
    html = str(SampleForm())
    assert re.search(r"<fieldset[^>]*>\s*<legend>Type de mission", html)


def test_each_control_has_a_label():
    html = str(SampleForm())
    for field in SampleForm():
        if field.kind == "plain":
            assert f'<label class="field-label" for="{field.id_for_label}"' in html


def test_long_texts_count_and_numbers_step():
    html = str(SampleForm())
    assert 'data-counter="id_details_counter"' in tag(html, "details")
    assert 'aria-describedby="id_details_counter"' in tag(html, "details")
    assert 'id="id_details_counter"' in html
    assert "data-stepper" in html


def test_dates_are_the_browser_s_own():
    assert 'type="date"' in tag(str(SampleForm(initial={"starts_on": "2024-03-04"})), "starts_on")


def test_what_was_typed_comes_back_but_not_passwords():
    html = str(SampleForm({"name": "CCAS <Mérignac>", "password": "secret-secret"}))
    assert 'value="CCAS &lt;Mérignac&gt;"' in tag(html, "name")
    assert "secret-secret" not in html


def test_sections_have_their_headings():
    html = str(SampleForm())
    assert html.index("<h2>Vous</h2>") < html.index("<h2>La mission</h2>") < html.index("<h2>Les règles</h2>")
