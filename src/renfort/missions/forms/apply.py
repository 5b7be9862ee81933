"""The tick that goes with an application (R13)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.missions.models import DomainRules


class ApplyForm(forms.Form):
    """The statement to tick, when the domain has rules; the wording shown is the wording kept."""

    rules = forms.IntegerField(widget=forms.HiddenInput, required=False)
    agrees = forms.BooleanField(
        error_messages={"required": _("Cochez cette case pour proposer votre aide : ces règles protègent tout le monde.")}
    )

    def __init__(self, data: Any = None, *, wording: DomainRules | None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.wording = wording
        if wording is None:
            del self.fields["agrees"], self.fields["rules"]
        else:
            self.fields["agrees"].label = wording.statement
            self.fields["rules"].initial = wording.pk

    def clean(self) -> dict[str, Any]:
        """The rules may have been reworded since the page was opened: then the new wording is to be read and ticked."""
        data = super().clean() or self.cleaned_data
        if self.wording is not None and data.get("rules") != self.wording.pk:
            # the page comes back with the wording in force, not yet ticked
            self.data = {"rules": self.wording.pk}
            self.add_error("agrees", _("Les règles ont changé depuis l'ouverture de la page : relisez-les, puis cochez la case."))
        return data
