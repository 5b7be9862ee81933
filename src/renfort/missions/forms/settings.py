"""What the operator sets for the réserve, drawn from the declarations (R12, R31, R58)."""

from __future__ import annotations

from typing import Any

from django import forms

from renfort.kernel.actors import Actor
from renfort.parameters.catalogue import AGE_LIMIT_ON_SITE, INVITATION_DAYS, MINIMUM_AGE, OFFER_HOURS, PUBLICATION, SUPPORT
from renfort.parameters.selectors import value_of
from renfort.parameters.services import set_value

NUMBERS = {
    "minimum_age": MINIMUM_AGE,
    "age_limit_on_site": AGE_LIMIT_ON_SITE,
    "offer_hours": OFFER_HOURS,
    "invitation_days": INVITATION_DAYS,
}


class SettingsForm(forms.Form):
    """One field per setting, with its own words and bounds."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["publication"] = forms.ChoiceField(
            label=str(PUBLICATION.label),
            help_text=str(PUBLICATION.help),
            choices=PUBLICATION.choices,
            widget=forms.RadioSelect,
            initial=value_of(PUBLICATION),
        )
        for name, setting in NUMBERS.items():
            self.fields[name] = forms.IntegerField(
                label=str(setting.label),
                help_text=str(setting.help),
                min_value=setting.lowest,
                max_value=setting.highest,
                initial=value_of(setting),
            )

        self.fields["support"] = forms.EmailField(
            label=str(SUPPORT.label), help_text=str(SUPPORT.help), required=False, initial=value_of(SUPPORT), max_length=254
        )

    def save(self, *, actor: Actor) -> None:
        """Write what changed; call after ``is_valid()``."""
        set_value(PUBLICATION, self.cleaned_data["publication"], actor=actor)
        set_value(SUPPORT, self.cleaned_data["support"], actor=actor)
        for name, setting in NUMBERS.items():
            set_value(setting, self.cleaned_data[name], actor=actor)
