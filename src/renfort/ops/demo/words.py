"""The demonstration's French: titles and comments put together from the fragments of ``texts/``."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from renfort.missions.models import Mission
from renfort.ops.demo.places import Place

TEXTS = Path(__file__).parent / "texts"
DOMAINS = ("food", "children", "contact", "shopping")
TITLE_LENGTH = Mission._meta.get_field("title").max_length or 80
MOST_ALIKE = 5  # so many missions at most share one comment
CLUMSY = 0.1  # so many titles are typed in haste


@cache
def texts(name: str) -> dict[str, Any]:
    """One file of ``texts/``."""
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def domain_texts() -> dict[str, dict[str, Any]]:
    """The fragments of each domain, by the domain's key."""
    return {content["key"]: content for content in map(texts, DOMAINS)}


def filled(text: str, place: Place, rng: Random, **more: str) -> str:
    """A fragment with its names put in."""
    names = {
        "city": place.city,
        "de_city": place.of_city,
        "at_city": place.at_city,
        "At_city": place.at_city[0].upper() + place.at_city[1:],
        "quarter": rng.choice(texts("common")["quarters"]),
    }
    return text.format(**(names | more))


@dataclass
class Pen:
    """Writes titles and comments; remembers comments, so that few missions share one."""

    rng: Random
    used: Counter[str]

    def title(self, domain: str, place: Place, *, remote: bool) -> str:
        """A title of at most 80 characters; one in ten has a typing error or is in capitals."""
        content, common = domain_texts()[domain], texts("common")
        base = self.rng.choice(content["remote_titles" if remote else "titles"])
        ending = filled(self.rng.choice(common["remote_endings" if remote else "endings"]), place, self.rng)
        separator = ", " if ending.startswith("quartier") and self.rng.random() < 0.5 else " "  # noqa: PLR2004 -- one in two
        title = f"{base}{separator}{ending}".strip()
        title = title if len(title) <= TITLE_LENGTH - 1 else base
        return self._in_haste(title) if self.rng.random() < CLUMSY else title

    def comment(self, domain: str, place: Place, organisation: str) -> str:
        """A comment of three to five sentences that at most four others share."""
        content, common = domain_texts()[domain], texts("common")
        while True:
            parts = [self.rng.choice(content["contexts"]), self.rng.choice(content["tasks"]), self.rng.choice(content["uses"])]
            parts += self.rng.sample(common["means"], self.rng.randint(0, 2))
            text = filled(" ".join(parts), place, self.rng, organisation=organisation)
            text = text.replace(". ", ".\n\n", 1) if self.rng.random() < 0.3 else text  # noqa: PLR2004 -- some write paragraphs
            self.used[text] += 1
            if self.used[text] <= MOST_ALIKE:
                return text

    def common(self, name: str) -> str:
        """One of the fragments that every domain shares."""
        return str(self.rng.choice(texts("common")[name]))

    def _in_haste(self, title: str) -> str:
        """As people type: capitals, no accents, two letters swapped, one doubled or forgotten."""
        kind = self.rng.randrange(5)
        if kind == 0:
            return title.upper()
        if kind == 1:
            return title.lower().translate(str.maketrans("éèêëàâîïôùûç", "eeeeaaiiouuc"))
        at = self.rng.randrange(1, len(title) - 2)
        if kind == 2:  # noqa: PLR2004 -- one of five kinds
            return title[:at] + title[at + 1] + title[at] + title[at + 2 :]
        return title[:at] + title[at] * (kind - 3) * 2 + title[at + 1 :]
