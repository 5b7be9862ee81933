"""What the pages of e-mails ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.kernel.messages import MESSAGES
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


class EmailChoiceForm(forms.Form):
    """Which optional e-mails a person wants, all by default."""

    rhythm = forms.ChoiceField(
        label=_("À quel rythme ?"),
        choices=[("now", _("Au fur et à mesure")), ("daily", _("Une fois par jour, ensemble, le matin"))],
        widget=forms.RadioSelect,
        help_text=_("Cela vaut pour les e-mails de la liste ci-dessous."),
    )
    wanted = forms.MultipleChoiceField(label=_("Recevoir aussi par e-mail"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, muted: set[str], daily: bool = False, **kwargs: Any) -> None:
        optional = [(key, str(message.label)) for key, message in sorted(MESSAGES.items()) if message.optional]
        initial = {
            "wanted": [key for key, _label in optional if key not in muted],
            "rhythm": "daily" if daily else "now",
        }
        super().__init__(data, initial=initial, **kwargs)
        field = self.fields["wanted"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = optional
