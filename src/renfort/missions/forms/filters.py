"""The filters of the lists of staff: an organisation's missions and participations (R17, R32), the operator's missions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from renfort.missions.enums import MissionState, ParticipationState


class MissionFilterForm(forms.Form):
    """Filters of « Missions »."""

    q = forms.CharField(label=gettext_lazy("Rechercher"), required=False, max_length=100)
    statut = forms.ChoiceField(
        label=gettext_lazy("Statut"), required=False, choices=[("", gettext_lazy("Tous les statuts")), *MissionState.choices]
    )


class ParticipationFilterForm(forms.Form):
    """Filters of « Participations »."""

    q = forms.CharField(label=gettext_lazy("Rechercher"), required=False, max_length=100)
    statut = forms.ChoiceField(
        label=gettext_lazy("Statut"),
        required=False,
        choices=[
            ("", gettext_lazy("Tous les statuts")),
            *((value, label) for value, label in ParticipationState.choices if value != ParticipationState.NO_SHOW),
        ],
    )
    mission = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)
