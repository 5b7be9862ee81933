"""The filters of a referent's dashboard and lists (R51)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.missions.enums import MissionState, ParticipationState
from renfort.missions.forms.filters import ANY, ListFilterForm
from renfort.missions.selectors.mission import domains_shown
from renfort.missions.selectors.territory import LATE_CASES, LEFT, ONLINE, OTHERS, PROPOSED, TO_VALIDATE
from renfort.territories.selectors import departments

MOST = 2**62


class TerritoryFilterForm(ListFilterForm):
    """A department among the referent's; without a choice, all of them. Another one counts for nothing."""

    departement = forms.ChoiceField(label=gettext_lazy("Département"), required=False)

    def __init__(self, data: QueryDict, *, codes: Sequence[str]) -> None:
        self.codes = codes
        super().__init__(data)

    def offer(self) -> None:
        """The referent's departments."""
        named = [(each.code, str(each)) for each in departments() if each.code in self.codes]
        cast(forms.ChoiceField, self.fields["departement"]).choices = [("", _("Tous mes départements")), *named]
        if len(named) < 2:  # noqa: PLR2004 -- nothing to choose
            self.fields["departement"].widget = forms.HiddenInput()


class OrganisationFilterForm(TerritoryFilterForm):
    """Filters of « Structures »."""

    depuis = forms.ChoiceField(
        label=gettext_lazy("Inscrite"),
        required=False,
        choices=[
            ("", gettext_lazy("Quand que ce soit")),
            ("7", gettext_lazy("Depuis 7 jours")),
            ("30", gettext_lazy("Depuis 30 jours")),
        ],
    )


class TerritoryMissionFilterForm(TerritoryFilterForm):
    """Filters of « Missions » of a territory."""

    statut = forms.ChoiceField(
        label=gettext_lazy("Statut"),
        required=False,
        choices=[
            ANY,
            (TO_VALIDATE, gettext_lazy("À valider ou à relire")),
            (LATE_CASES, gettext_lazy("À valider depuis plus de 7 jours")),
            (ONLINE, gettext_lazy("En ligne")),
            (LEFT, gettext_lazy("En ligne, il reste des places")),
            (PROPOSED, gettext_lazy("Proposées")),
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


class TerritoryParticipationFilterForm(TerritoryFilterForm):
    """Filters of « Participations » of a territory."""

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
