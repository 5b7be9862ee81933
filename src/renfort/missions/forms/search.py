"""What the address of the public list asks. Whatever it says, there is a page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from renfort.missions.enums import Format, Presence
from renfort.search.selectors import FARTHEST

# the words of addresses that are shared, and must not change
PRESENCES = {"presentiel": Presence.ON_SITE, "distance": Presence.REMOTE}
FORMATS = {"ponctuelle": Format.ONE_OFF, "recurrente": Format.RECURRING}
NAMES = ("q", "lieu", "lat", "lon", "rayon", "domaine", "type", "format", "public", "debut", "fin", "vue", "page")
LIST, MAP = "liste", "carte"
LONGEST = 120
DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")
FIRST_YEAR, LAST_YEAR = 1900, 9998


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, cleaned. ``faults`` maps a name to the sentence that says why its value counts for nothing.

    ``rayon`` in km; ``debut`` and ``fin`` are days of the place; ``domaine`` and ``public`` are keys that may not exist.
    """

    q: str = ""
    lieu: str = ""
    lat: float | None = None
    lon: float | None = None
    rayon: float | None = None
    domaine: str = ""
    type: str = ""
    format: str = ""
    public: str = ""
    debut: date | None = None
    fin: date | None = None
    vue: str = LIST
    page: int = 1
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the list."""
        return not any(getattr(self, name) not in ("", None) for name in NAMES if name not in ("vue", "page"))


def asked_in(given: Mapping[str, Any]) -> Asked:
    """Read an address (``request.GET``). Never raises: what cannot be understood is a fault with a sentence."""
    texts = {name: _text(given.get(name)) for name in NAMES}
    faults: dict[str, str] = {}
    values: dict[str, Any] = {name: texts[name] for name in ("q", "lieu", "domaine", "public")}
    values["type"] = _one_of("type", texts["type"], PRESENCES, faults)
    values["format"] = _one_of("format", texts["format"], FORMATS, faults)
    values["vue"] = MAP if texts["vue"] == MAP else LIST
    values["page"] = _page(texts["page"])
    values["rayon"] = _number(texts["rayon"], 0, FARTHEST)
    if texts["rayon"] and values["rayon"] is None:
        faults["rayon"] = _("Le rayon « %(said)s » n’est pas compris : indiquez un nombre de kilomètres, de 0 à %(most)s.") % {
            "said": texts["rayon"][:30],
            "most": FARTHEST,
        }
    values["lat"], values["lon"] = _number(texts["lat"], -90, 90), _number(texts["lon"], -180, 180)
    if values["lat"] is None or values["lon"] is None:
        if texts["lat"] or texts["lon"]:
            faults["lat"] = _("La position n’est pas comprise : indiquez plutôt une ville ou un code postal.")
        values["lat"] = values["lon"] = None
    for name in ("debut", "fin"):
        values[name] = _day(texts[name])
        if texts[name] and values[name] is None:
            faults[name] = _("La date « %(said)s » n’existe pas : écrivez-la comme « 31/12/2026 ».") % {"said": texts[name][:30]}
    if values["debut"] and values["fin"] and values["fin"] < values["debut"]:
        faults["fin"] = _("La période finit avant de commencer : seule sa première date compte.")
        values["fin"] = None
    return Asked(**values, faults=faults)


def _text(value: Any) -> str:
    """One line without what no database keeps."""
    return " ".join("".join(char if char.isprintable() else " " for char in str(value or "")[: 4 * LONGEST]).split())[:LONGEST]


def _one_of(name: str, text: str, known: Mapping[str, Any], faults: dict[str, str]) -> str:
    if text and text not in known:
        faults[name] = _("« %(said)s » n’est pas un filtre connu : il ne compte pas.") % {"said": text[:30]}
        return ""
    return text


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 7 else 1  # noqa: PLR2004 -- no list is longer


def _number(text: str, least: float, most: float) -> float | None:
    try:
        value = float(text.replace(",", ".").removesuffix("km"))
    except ValueError:
        return None
    return value if math.isfinite(value) and least <= value <= most else None


def _day(text: str) -> date | None:
    for pattern in DATES:
        try:
            day = datetime.strptime(text, pattern).date()  # noqa: DTZ007 -- a day of the place, not a moment
        except ValueError:
            continue
        return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
    return None
