"""To whom a mission is proposed, and why (R55)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.missions.services.transfers import LONGEST
from renfort.organisations.models import Organisation


class ReceiverSearchForm(forms.Form):
    """Words of the organisation that is looked for."""

    q = forms.CharField(
        label=_("Quelle structure ?"),
        help_text=_("Son nom, sa ville ou son SIRET. Seules les structures validées de votre territoire se proposent."),
        required=False,
        max_length=200,
    )


class TransferForm(forms.Form):
    """One of the organisations found, and a few words."""

    receiver = forms.TypedChoiceField(
        label=_("Structure qui reprendrait la mission"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez une structure."),
            "invalid_choice": _("Cette structure ne peut pas reprendre la mission : cherchez-la de nouveau."),
        },
    )
    message = forms.CharField(
        label=_("Votre message"),
        help_text=_("Pourquoi ce transfert ? Les deux structures le lisent."),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None, *, found: Sequence[Organisation]) -> None:
        super().__init__(data)
        choices = [(each.pk, f"{each.name} · {each.city} ({each.department_id})") for each in found]
        cast(forms.ChoiceField, self.fields["receiver"]).choices = choices
