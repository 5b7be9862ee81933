"""« Le lieu »: where an organisation acts (R6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.organisations.services import PlaceFacts
from renfort.territories.selectors import department_of_postcode, departments


class PlaceForm(forms.Form):
    """Until addresses are searched."""

    department = forms.ChoiceField(label=_("Département"))
    address = forms.CharField(label=_("Adresse"), max_length=200, widget=forms.TextInput({"autocomplete": "street-address"}))
    postcode = forms.CharField(label=_("Code postal"), max_length=5, required=False)
    city = forms.CharField(label=_("Ville"), max_length=100)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["department"].choices = [("", "–"), *((each.code, str(each)) for each in departments())]  # type: ignore[attr-defined]  # temporary

    is_searching = False

    def search_place(self) -> None: ...

    @classmethod
    def initial_of(cls, where: Mapping[str, Any], *, postcode: str = "") -> dict[str, Any]:
        """What the fields show: what was said before, else the department where the person lives."""
        if where:
            return {**where, "commune": where.get("commune") or ""}
        department = department_of_postcode(postcode) if postcode else None
        return {"department": department or ""}

    def facts(self) -> PlaceFacts:
        """The clean data as the services take it; call after ``is_valid()``."""
        data = self.cleaned_data
        return PlaceFacts(department=data["department"], city=data["city"], address=data["address"], postcode=data["postcode"])
