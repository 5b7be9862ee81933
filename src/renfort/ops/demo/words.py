"""The demonstration's French: the texts of ``texts/``, and fragments filled with places, names and quantities."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from renfort.ops.demo.places import Place

TEXTS = Path(__file__).parent / "texts"
QUANTITIES = {"few": (3, 7), "tens": (15, 91, 5), "hundreds": (120, 901, 10), "years": (4, 31)}  # from, before, step
DOMAINS = ("food", "children", "contact", "shopping")


@cache
def texts(name: str) -> dict[str, Any]:
    """One file of ``texts/``."""
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def domain_texts() -> dict[str, dict[str, Any]]:
    """The fragments of each domain, by the domain's key."""
    return {content["key"]: content for content in map(texts, DOMAINS)}


class Gaps(dict[str, str]):
    """What the gaps of a fragment stand for; quantities and quarters are drawn anew each time."""

    def __init__(self, rng: Random, place: Place, more: dict[str, str]) -> None:
        super().__init__(
            city=place.city, de_city=place.of_city, at_city=place.at_city, At_city=capital(place.at_city), code=place.department
        )
        self.rng = rng
        self.update(more)

    def __missing__(self, name: str) -> str:
        if name == "quarter":
            return str(self.rng.choice(texts("common")["quarters"]))
        return str(self.rng.randrange(*QUANTITIES[name]))


def filled(text: str, place: Place, rng: Random, **more: str) -> str:
    """A fragment with its gaps filled.

    Raises:
        KeyError: for a gap that nobody knows.
    """
    return text.format_map(Gaps(rng, place, more)) if "{" in text else text


def capital(text: str) -> str:
    """The text with a capital at its beginning, the rest as it is."""
    return text[:1].upper() + text[1:]
