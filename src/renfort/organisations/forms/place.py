"""« Le lieu »: where an organisation acts (R6), and « Ma structure », where all of it is changed later (R9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from renfort.kernel.forms import Section
from renfort.organisations.forms.about import IDENTITY, MORE, AboutForm
from renfort.organisations.services import PlaceFacts
from renfort.territories.forms import AddressForm, ChosenAddress
from renfort.territories.selectors import department_of_postcode

WHERE = AddressForm.place_section(
    _("Là où vous agissez"),
    help=_(
        "Pas le siège social. Une association nationale sans antenne donne son siège\u00a0: "
        "elle pourra proposer des missions dans d'autres départements."
    ),
)


class PlaceForm(AddressForm):
    """The last step: an address that the suggestions fill, or typed by hand."""

    sections: tuple[Section, ...] = (WHERE,)

    @classmethod
    def initial_of(cls, where: Mapping[str, Any], *, postcode: str = "") -> dict[str, Any]:
        """What the fields show: what was said before, else the department where the person lives."""
        if where:
            return {**where, "commune": where.get("commune") or ""}
        return {"department": department_of_postcode(postcode) or ""}

    def facts(self) -> PlaceFacts:
        """The place as the services take it; call after ``is_valid()``."""
        place: ChosenAddress = self.cleaned_data["place"]
        return PlaceFacts(
            department=place.department.code,
            city=place.city,
            address=place.address,
            postcode=place.postcode,
            commune=place.commune.pk if place.commune else None,
            latitude=place.latitude,
            longitude=place.longitude,
        )


class OwnForm(AboutForm, PlaceForm):
    """« Ma structure »: both steps on one page."""

    sections = (IDENTITY, MORE, WHERE)
