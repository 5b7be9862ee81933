"""« Le lieu »: where an organisation acts (R6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.organisations.services import PlaceFacts
from renfort.territories.forms import ChosenCommune, CommuneField
from renfort.territories.models import Commune


class PlaceForm(forms.Form):
    """Until addresses are searched."""

    place = CommuneField(help_text=_("Là où vous agissez, pas le siège social."))
    address = forms.CharField(label=_("Adresse"), max_length=200, widget=forms.TextInput({"autocomplete": "street-address"}))

    @classmethod
    def initial_of(cls, where: Mapping[str, Any], *, postcode: str = "") -> dict[str, Any]:
        return {"address": where.get("address", ""), "place": Commune.objects.filter(pk=where.get("commune") or "").first()}

    def facts(self) -> PlaceFacts:
        chosen: ChosenCommune = self.cleaned_data["place"]
        c = chosen.commune
        return PlaceFacts(
            department=c.department_id, city=c.name, address=self.cleaned_data["address"], postcode=chosen.postcode,
            commune=c.pk, latitude=c.latitude, longitude=c.longitude,
        )  # fmt: skip
