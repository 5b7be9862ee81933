"""Numbers that organisations have on their papers (R5): SIRET, with La Poste's exception, and RNA."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renfort.organisations.rules import is_rna, is_siret

# published by the organisations themselves: the State's internet office, a company's seat, the example of INSEE's guide
TRUE = ["73282932000074", "13002526500013", "55208131766522"]
LA_POSTE = ["35600000000048", "35600000049837", "35600000009075"]


@pytest.mark.parametrize("number", TRUE)
def test_a_real_siret_is_one(number):
    assert is_siret(number)


@pytest.mark.parametrize("number", LA_POSTE)
def test_la_poste_has_a_rule_of_its_own(number):
    assert is_siret(number)


def test_an_office_of_la_poste_with_a_wrong_digit_is_none():
    assert not is_siret("35600000049838")


@pytest.mark.parametrize(
    "number",
    ["", "73282932000075", "7328293200007", "732829320000740", "٧٣٢٨٢٩٣٢٠٠٠٠٧٤", "a" * 14, "35600000000049", "7328293200007\n"],
)
def test_what_is_no_siret_is_none(number):
    assert not is_siret(number)


@given(st.sampled_from(TRUE), st.integers(0, 13), st.integers(1, 9))
def test_one_mistyped_digit_is_seen(number, place, more):
    wrong = f"{number[:place]}{(int(number[place]) + more) % 10}{number[place + 1 :]}"

    assert not is_siret(wrong)


@given(st.text(max_size=30))
def test_any_text_gets_an_answer(text):
    assert is_siret(text) in (True, False) and is_rna(text) in (True, False)


@pytest.mark.parametrize(
    ("number", "known"),
    [("W331234567", True), ("W2A1234567", True), ("W33123456", False), ("331234567", False), ("W33123456٧", False)],
)
def test_an_rna_is_a_w_and_nine_signs(number, known):
    assert is_rna(number) is known
