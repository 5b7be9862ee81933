"""Filters of the queues of cases to decide (R52)."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.territories.selectors import departments

MINE, FREE, ORPHANS = "moi", "libres", "sans-referent"


class QueueFilterForm(forms.Form):
    """One department, and whose cases: mine, those that nobody has, for the operator those that no referent looks after.

    What an address says and a filter does not understand counts for nothing.
    """

    departement = forms.ChoiceField(label=gettext_lazy("Département"), required=False)
    dossiers = forms.ChoiceField(label=gettext_lazy("Dossiers"), required=False)

    def __init__(self, data: QueryDict, codes: list[str], *, for_operator: bool) -> None:
        super().__init__(data)
        known = [each for each in departments() if for_operator or each.code in codes]
        cast(forms.ChoiceField, self.fields["departement"]).choices = [
            ("", _("Tous les départements")),
            *((each.code, f"{each.code} – {each.name}") for each in known),
        ]
        whose = [("", _("Tous les dossiers")), (MINE, _("Pris par moi")), (FREE, _("Que personne n'a pris"))]
        if for_operator:
            whose.append((ORPHANS, _("Sans référent")))
        cast(forms.ChoiceField, self.fields["dossiers"]).choices = whose

    def said(self, name: str) -> str:
        """What one filter says; "" when it says nothing, or nonsense."""
        self.is_valid()
        value: Any = self.cleaned_data.get(name, "")
        return str(value or "")

    def suffix(self) -> str:
        """« ?departement=33 »: the filters in force, to be carried from case to case."""
        query = QueryDict(mutable=True)
        for name in self.fields:
            if value := self.said(name):
                query[name] = value
        return f"?{query.urlencode()}" if query else ""
