"""Histories speak in words (W2, W8): no page shows the key of what was done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from renfort.workshops.components import past_words

SERVICES = Path(__file__).resolve().parents[2] / "src" / "renfort" / "workshops" / "services"
SHOWN = ("assignment", "session", "enrolment", "registration", "round", "fee")  # whose history a page shows
PUBLISHED = re.compile(rf'"(workshops\.(?:{"|".join(SHOWN)})\.[a-z_]+)"')
VERBS = sorted({verb for file in SERVICES.glob("*.py") for verb in PUBLISHED.findall(file.read_text(encoding="utf-8"))})


@pytest.mark.parametrize("verb", VERBS)
def test_what_services_write_down_has_words(verb):
    assert past_words(verb) != verb


def test_the_same_step_of_two_lives_has_words_of_its_own():
    """« annuler » of a session was once told with the words of an order."""
    said = {past_words(f"workshops.{each}.cancel") for each in ("assignment", "session", "registration", "round")}

    assert len(said) == 4
    assert past_words("workshops.round.return_lines") == "Lignes renvoyées"
