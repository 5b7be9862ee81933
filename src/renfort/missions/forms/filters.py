"""The filters of the lists of staff: an organisation's missions and participations (R17, R32), the operator's missions.

What an address says and a filter does not understand counts for nothing, and the field says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.forms import DateInput
from renfort.missions.enums import MissionState, ParticipationState
from renfort.missions.selectors.host_lists import FULL, LEFT, MINE, OTHERS, PLACES, PROPOSED, TO_CLOSE
from renfort.missions.selectors.mission import domains_shown

LONGEST = 100
ANY: tuple[str, Any] = ("", gettext_lazy("Tous les statuts"))


class ReviewFilterForm(forms.Form):
    """Filters of the operator's « Toutes les missions »."""

    q = forms.CharField(label=gettext_lazy("Rechercher"), required=False, max_length=LONGEST)
    statut = forms.ChoiceField(label=gettext_lazy("Statut"), required=False, choices=[ANY, *MissionState.choices])


class ResponsibleField(forms.ChoiceField):
    """« Responsable »: oneself, or somebody by number. Whoever is not of the team is in charge of nothing that one may see."""

    def __init__(self) -> None:
        choices = [("", gettext_lazy("Toute l’équipe")), (MINE, gettext_lazy("Moi"))]
        super().__init__(label=gettext_lazy("Responsable"), required=False, choices=choices)

    def valid_value(self, value: Any) -> bool:
        """A number that the database can hold, or the word for oneself."""
        said = str(value)
        return said == MINE or (said.isascii() and said.isdigit() and len(said) < 19)  # noqa: PLR2004 -- a number of a row


class ListFilterForm(forms.Form):
    """A list's filters: a search box, and « Filtres avancés » shown as chips that can be taken away one by one."""

    advanced: ClassVar[tuple[str, ...]] = ()
    q = forms.CharField(
        label=gettext_lazy("Rechercher"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "data-search": ""}),
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.offer()
        self.is_valid()
        self.said: dict[str, Any] = self.cleaned_data  # what is wrong is not in it

    def offer(self) -> None:
        """Fill the choices that the operator may change: read anew for each page, in its reader's language."""

    def name_team(self, names: Mapping[int, str]) -> None:
        """Offer the people of the team under « Responsable », in the order of ``names``."""
        field = cast(forms.ChoiceField, self.fields["responsable"])
        field.choices = [*ResponsibleField().choices, *((str(pk), name) for pk, name in names.items())]  # type: ignore[misc]  # flat

    @property
    def advanced_fields(self) -> list[forms.BoundField]:
        """The fields under « Filtres avancés »."""
        return [self[name] for name in self.advanced]

    @property
    def in_force(self) -> list[str]:
        """The names of the filters that narrow the list, the search box first."""
        return [name for name in self.fields if self.said.get(name) not in (None, "")]

    @property
    def advanced_count(self) -> int:
        """How many of the advanced filters are in force."""
        return sum(name in self.advanced for name in self.in_force)

    def chips(self, words: Callable[[str, Any], str] | None = None) -> list[dict[str, str]]:
        """One chip for each filter in force, with the address of the list without it."""
        found = []
        for name in self.in_force:
            query = QueryDict(mutable=True)
            query.update(cast(Any, self.data))
            for gone in (name, "page", "volet", "vue"):
                query.pop(gone, None)
            found.append({"label": (words and words(name, self.said[name])) or self._words(name), "url": f"?{query.urlencode()}"})
        return found

    def _words(self, name: str) -> str:
        field, value = self.fields[name], self.said[name]
        if isinstance(field, ResponsibleField):
            value = dict(field.choices).get(str(value), _("quelqu’un qui n’est plus dans l’équipe"))  # type: ignore[arg-type]  # flat
        elif isinstance(field, forms.ChoiceField):
            return str(dict(field.choices)[str(value)])  # type: ignore[arg-type]  # flat choices alone
        if isinstance(field, forms.DateField):
            value = date_format(value)
        return _("%(field)s\u00a0: %(value)s") % {"field": field.label, "value": value}


class MissionFilterForm(ListFilterForm):
    """Filters of « Missions » (R17)."""

    advanced = ("lieu", "statut", "domaine", "places", "debut", "responsable")
    lieu = forms.CharField(label=gettext_lazy("Lieu"), required=False, max_length=LONGEST)
    statut = forms.ChoiceField(
        label=gettext_lazy("Statut"),
        required=False,
        choices=[
            ANY,
            (PROPOSED, gettext_lazy("Proposées")),
            (TO_CLOSE, gettext_lazy("À clôturer")),
            *MissionState.choices,
        ],
    )
    domaine = forms.ChoiceField(label=gettext_lazy("Domaine"), required=False)
    places = forms.ChoiceField(
        label=gettext_lazy("Places restantes"),
        required=False,
        choices=[
            ("", gettext_lazy("Toutes")),
            (LEFT, gettext_lazy("Il reste des places")),
            (FULL, gettext_lazy("Complètes")),
        ],
    )
    debut = forms.ChoiceField(
        label=gettext_lazy("Commence"),
        required=False,
        choices=[
            ("", gettext_lazy("Quand que ce soit")),
            ("7", gettext_lazy("Commence dans les 7 jours")),
            ("30", gettext_lazy("Commence dans les 30 jours")),
        ],
    )

    responsable = ResponsibleField()

    def offer(self) -> None:
        """The domains of action."""
        choices = [("", _("Tous les domaines")), *((each.key, each.short) for each in domains_shown())]
        cast(forms.ChoiceField, self.fields["domaine"]).choices = choices


class ParticipationFilterForm(ListFilterForm):
    """Filters of « Participations » (R32)."""

    advanced = ("statut", "attente", "lieu", "du", "au", "responsable")
    statut = forms.ChoiceField(
        label=gettext_lazy("Statut"),
        required=False,
        choices=[
            ANY,
            *((value, label) for value, label in ParticipationState.choices if value != ParticipationState.NO_SHOW),
            (OTHERS, gettext_lazy("Autres (refusées, abandonnées, annulées)")),
            (PLACES, gettext_lazy("Qui occupent une place")),
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
    lieu = forms.CharField(label=gettext_lazy("Lieu de la mission"), required=False, max_length=LONGEST)
    du = forms.DateField(label=gettext_lazy("Reçues à partir du"), required=False, widget=DateInput())
    au = forms.DateField(label=gettext_lazy("Reçues jusqu’au"), required=False, widget=DateInput())
    responsable = ResponsibleField()
    mission = forms.IntegerField(
        label=gettext_lazy("Mission"), required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62
    )
