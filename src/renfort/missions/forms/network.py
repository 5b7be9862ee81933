"""The filters of the lists of a national network's head (R56)."""

from __future__ import annotations

from typing import cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.missions.enums import MissionState, ParticipationState
from renfort.missions.forms.filters import ANY, ListFilterForm
from renfort.missions.selectors.mission import domains_shown
from renfort.missions.selectors.network import ALONE, SHORT
from renfort.missions.selectors.territory import LEFT, ONLINE, OTHERS, PROPOSED
from renfort.territories.selectors import departments

MOST = 2**62


class NetworkFilterForm(ListFilterForm):
    """A department; without a choice, all of them."""

    departement = forms.ChoiceField(label=gettext_lazy("Département"), required=False)

    def offer(self) -> None:
        """Every department: a network is of the whole country."""
        named = [(each.code, str(each)) for each in departments()]
        cast(forms.ChoiceField, self.fields["departement"]).choices = [("", _("Tous les départements")), *named]


class NetworkOrganisationFilterForm(NetworkFilterForm):
    """Filters of « Structures »."""

    missions = forms.ChoiceField(
        label=gettext_lazy("Missions"),
        required=False,
        choices=[("", gettext_lazy("Avec ou sans mission")), (ALONE, gettext_lazy("Sans mission"))],
    )


class NetworkMissionFilterForm(NetworkFilterForm):
    """Filters of « Missions »."""

    statut = forms.ChoiceField(
        label=gettext_lazy("Statut"),
        required=False,
        choices=[
            ANY,
            (PROPOSED, gettext_lazy("Proposées")),
            (ONLINE, gettext_lazy("En ligne")),
            (LEFT, gettext_lazy("En ligne, il reste des places")),
            (SHORT, gettext_lazy("Commencent bientôt, il manque du monde")),
            *((value, label) for value, label in MissionState.choices if value != MissionState.DRAFT),
        ],
    )
    domaine = forms.ChoiceField(label=gettext_lazy("Domaine"), required=False)
    structure = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=MOST)

    def offer(self) -> None:
        """The domains of action too."""
        super().offer()
        choices = [("", _("Tous les domaines")), *((each.key, each.short) for each in domains_shown())]
        cast(forms.ChoiceField, self.fields["domaine"]).choices = choices


class NetworkParticipationFilterForm(NetworkFilterForm):
    """Filters of « Participations »."""

    statut = forms.ChoiceField(
        label=gettext_lazy("Statut"),
        required=False,
        choices=[
            ANY,
            *((value, label) for value, label in ParticipationState.choices if value != ParticipationState.NO_SHOW),
            (OTHERS, gettext_lazy("Autres (refusées, abandonnées, annulées)")),
        ],
    )
    attente = forms.ChoiceField(
        label=gettext_lazy("Attente"),
        required=False,
        choices=[
            ("", gettext_lazy("Peu importe")),
            ("2", gettext_lazy("Attend depuis plus de 2 jours")),
            ("7", gettext_lazy("Attend depuis plus de 7 jours")),
        ],
    )
    mission = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=MOST)
    structure = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=MOST)
