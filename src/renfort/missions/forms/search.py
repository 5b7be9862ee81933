"""The public list's filters, and those of an organisation's lists. Whatever stands in the address, there is a page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.missions.enums import MissionState, ParticipationState, Presence
from renfort.missions.models import Domain

# the words of addresses that are shared, and must not change
PRESENCES = {"presentiel": Presence.ON_SITE, "distance": Presence.REMOTE}


class SearchForm(forms.Form):
    """« Où ? », domain, type. A value that is not known filters nothing and is said beside the field."""

    lieu = forms.CharField(
        label=_("Où ?"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": _("Ville, code postal ou département"), "autocomplete": "postal-code"}),
    )
    domaine = forms.ChoiceField(label=_("Domaine d'action"), required=False)
    type = forms.ChoiceField(
        label=_("Type de mission"),
        required=False,
        choices=[
            ("", _("Tous les types")),
            ("presentiel", Presence.ON_SITE.label),
            ("distance", Presence.REMOTE.label),
        ],
    )

    def __init__(self, data: Any = None, *, domains: list[Domain], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["domaine"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Tous les domaines")), *((domain.key, domain.short) for domain in domains)]


class MissionFilterForm(forms.Form):
    """Filters of « Missions »."""

    q = forms.CharField(label=_("Rechercher"), required=False, max_length=100)
    statut = forms.ChoiceField(label=_("Statut"), required=False, choices=[("", _("Tous les statuts")), *MissionState.choices])


class ParticipationFilterForm(forms.Form):
    """Filters of « Participations »."""

    q = forms.CharField(label=_("Rechercher"), required=False, max_length=100)
    statut = forms.ChoiceField(
        label=_("Statut"),
        required=False,
        choices=[
            ("", _("Tous les statuts")),
            *((value, label) for value, label in ParticipationState.choices if value != ParticipationState.NO_SHOW),
        ],
    )
    mission = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)
