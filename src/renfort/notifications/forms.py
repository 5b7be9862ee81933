"""What the operator's pages ask."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.notifications.enums import OutgoingState


class OutgoingFilterForm(forms.Form):
    """Which e-mails to show; kept in the address of the page."""

    q = forms.CharField(label=_("Adresse, objet ou message"), required=False, max_length=100)
    etat = forms.ChoiceField(label=_("État"), required=False, choices=[("", _("Tous")), *OutgoingState.choices])

    def asked(self) -> tuple[str, str]:
        """The words and the state asked for; what cannot be understood is left out."""
        if not self.is_bound:
            return "", ""
        self.is_valid()
        return self.cleaned_data.get("q", ""), self.cleaned_data.get("etat", "")
