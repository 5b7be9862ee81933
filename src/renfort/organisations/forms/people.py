"""Which people the operator wants to see (R58); kept in the address of the page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.organisations.enums import Programme, Role
from renfort.organisations.selectors.people import NO_ROLE, PersonState

ANY = ("", _("Tous"))


class PeopleFilterForm(forms.Form):
    """Words of a name or an address, a role, a programme, the state of the account; what cannot be understood is left out."""

    q = forms.CharField(label=_("Nom ou e-mail"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Rôle"), required=False, choices=[ANY, *Role.choices, (NO_ROLE, _("Aucun rôle"))])
    programme = forms.ChoiceField(label=_("Programme"), required=False, choices=[ANY, *Programme.choices])
    etat = forms.ChoiceField(label=_("Compte"), required=False, choices=[ANY, *PersonState.choices])

    def __init__(self, data: Any) -> None:
        super().__init__({name: str(value).replace("\x00", "") for name, value in data.items()})
        self.is_valid()
        self.said: dict[str, str] = {name: value for name, value in self.cleaned_data.items() if value}
