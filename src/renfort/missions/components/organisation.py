"""The pieces of an organisation's public page (R9, R30)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.organisations.models import Network, Organisation
from renfort.territories.selectors import country_map

Fact = tuple[str | Promise, object]


def organisation_kind(organisation: Organisation) -> str:
    """« Association »: what kind of structure it is, as finely as it is known. Its type and status come with it."""
    return (organisation.subtype or organisation.type or organisation.legal_status).label


def organisation_facts(organisation: Organisation, networks: Sequence[Network] = ()) -> list[Fact]:
    """What stands in the box beside the description: facts without a value are left out. No query.

    ``networks`` are those that have been confirmed (R5).

    Contact data is not among them: people write through a mission (R37).
    """
    street = (organisation.address, f"{organisation.postcode} {organisation.city}".strip())
    return [
        (_("Adresse"), ", ".join(part for part in street if part)),
        (_("Département"), f"{organisation.department_id} – {organisation.department.name}"),
        (ngettext("Réseau national", "Réseaux nationaux", len(networks)), ", ".join(str(each.label) for each in networks)),
        (_("Site internet"), website_link(organisation.website)),
    ]


def website_link(address: str) -> SafeString | str:
    """« secours.example », leading there; "" for what is no web address. Search engines are told not to count it."""
    try:
        parts = urlsplit(address if "//" in address else f"https://{address}")
        is_web = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and (parts.port is None or parts.port > 0)
    except ValueError:
        return ""
    if not is_web or not parts.hostname or " " in address:
        return ""
    return format_html('<a href="{}" rel="nofollow noopener ugc">{}</a>', parts.geturl(), parts.hostname.removeprefix("www."))


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """The country in two strokes: one department, and all the others."""

    view_box: str
    here: str
    others: str


def place_map(department: str) -> PlaceMap | None:
    """Where in the country a department lies, or None when it is not on the drawing. No query."""
    drawing = country_map()
    here = next((each.path for each in drawing.outlines if each.code == department), None)
    if here is None:
        return None
    others = "".join(each.path for each in drawing.outlines if each.code != department)
    return PlaceMap(view_box=drawing.view_box, here=here, others=others)
