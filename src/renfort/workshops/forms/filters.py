"""The filters of the association's orders: what an address says and a filter does not understand counts for nothing (W11)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.workshops.enums import Audience, Stage

LONGEST = 100


class OrderFilterForm(forms.Form):
    """Search, stage and audience, each in the address and shown as a chip that can be taken away."""

    q = forms.CharField(
        label=gettext_lazy("Rechercher"), required=False, max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )  # fmt: skip
    etape = forms.ChoiceField(
        label=gettext_lazy("Étape"), required=False, choices=[("", gettext_lazy("Toutes les étapes")), *Stage.choices]
    )
    public = forms.ChoiceField(
        label=gettext_lazy("Public"), required=False, choices=[("", gettext_lazy("Tous les publics")), *Audience.choices]
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__({name: value.replace("\x00", "") for name, value in data.items() if isinstance(value, str)})
        self.is_valid()
        self.said: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}  # no wrong ones

    def chips(self) -> list[dict[str, str]]:
        """One chip for each filter in force, with the address of the list without it."""
        found = []
        for name in self.said:
            query = QueryDict(mutable=True)
            query.update({other: value for other, value in self.said.items() if other != name})
            found.append({"label": self.words(name), "url": f"?{query.urlencode()}"})
        return found

    def words(self, name: str) -> str:
        """« Étape : En cours »."""
        field, value = self.fields[name], self.said[name]
        if isinstance(field, forms.ChoiceField):
            value = dict(field.choices)[str(value)]  # type: ignore[arg-type]  # flat choices alone
        return _("%(field)s\u00a0: %(value)s") % {"field": field.label, "value": value}
