"""Filters of the case managers' lists, and an adviser's opinion (S5 step 2, S10)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.civic_service.enums import Domain, OpinionKind, ProjectState
from renfort.civic_service.models import Campaign
from renfort.civic_service.selectors.review import ACCEPTED, FREE, MINE, NATIONAL
from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import DateInput
from renfort.people.selectors import today
from renfort.territories.models import Department

LONGEST = 100
Choices = list[tuple[str, str | Promise]]


class ReviewFilterForm(forms.Form):
    """What the address of a case manager's page says; what a filter does not understand counts for nothing.

    ``whole``: for those who look after the whole country. ``queue``: of what waits alone, so that there is no state to choose.
    """

    q = forms.CharField(
        label=gettext_lazy("Rechercher"), required=False, max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )  # fmt: skip
    campagne = forms.ChoiceField(label=gettext_lazy("Campagne"), required=False)
    departement = forms.ChoiceField(label=gettext_lazy("Département"), required=False)
    domaine = forms.ChoiceField(label=gettext_lazy("Domaine"), required=False)
    etat = forms.ChoiceField(label=gettext_lazy("État"), required=False)
    dossiers = forms.ChoiceField(label=gettext_lazy("Dossiers"), required=False)

    def __init__(
        self,
        data: QueryDict,
        *,
        campaigns: Iterable[Campaign],
        departments: Iterable[Department],
        whole: bool = False,
        queue: bool = False,
    ) -> None:
        super().__init__({name: value.replace("\x00", "") for name, value in data.items() if isinstance(value, str)})
        whose: Choices = [("", _("Tous les dossiers")), (MINE, _("Pris par moi")), (FREE, _("Que personne n'a pris"))]
        if whole:
            whose.append((NATIONAL, _("De la file nationale")))
        self.campaigns, self.departments = list(campaigns), list(departments)
        self._choose("campagne", [("", _("Toutes les campagnes")), *((str(each.pk), each.title) for each in self.campaigns)])
        places = ((each.code, f"{each.code} – {each.name}") for each in self.departments)
        self._choose("departement", [("", _("Tous les départements")), *places])
        self._choose("domaine", [("", _("Tous les domaines")), *Domain.choices])
        states: Choices = [(ACCEPTED, _("Acceptés ou terminés"))]
        states += ((each.value, each.label) for each in ProjectState if each != ProjectState.DRAFT)
        self._choose("etat", [("", _("Tous les états")), *states])
        self._choose("dossiers", whose)
        if queue:
            del self.fields["etat"]
        elif not whole:
            del self.fields["dossiers"]
        self.is_valid()
        self.said: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}  # no wrong ones

    def _choose(self, name: str, choices: Choices) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def suffix(self) -> str:
        """« ?departement=33 »: the filters in force, to be carried from case to case."""
        return f"?{self._query()}" if self.said else ""

    def _query(self, *, without: str = "") -> str:
        query = QueryDict(mutable=True)
        query.update({name: str(value) for name, value in self.said.items() if name != without})
        return query.urlencode()

    def chips(self) -> list[dict[str, str]]:
        """One chip for each filter in force, with the address of the list without it."""
        return [{"label": self.words(name), "url": f"?{self._query(without=name)}"} for name in self.said]

    def words(self, name: str) -> str:
        """« Domaine : Sport »."""
        field, value = self.fields[name], self.said[name]
        if isinstance(field, forms.ChoiceField):
            value = dict(field.choices)[str(value)]  # type: ignore[arg-type]  # flat choices alone
        return _("%(field)s\u00a0: %(value)s") % {"field": field.label, "value": value}


class OpinionForm(OnceForm):
    """What an adviser thinks of a project, written down by the case manager (S5 step 2)."""

    adviser = forms.CharField(label=gettext_lazy("Nom de la personne qui donne son avis"), max_length=120)
    function = forms.CharField(
        label=gettext_lazy("Fonction"), help_text=gettext_lazy("Par exemple : chargée de mission du 2d degré."), max_length=120
    )
    kind = forms.ChoiceField(label=gettext_lazy("Avis"), choices=OpinionKind.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("Ce qui a été dit"),
        help_text=gettext_lazy("À écrire quand l'avis n'est pas favorable. L'établissement ne le lit pas."),
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    given_on = forms.DateField(label=gettext_lazy("Donné le"), widget=DateInput)

    def clean_given_on(self) -> Any:
        """A day that has come."""
        day = self.cleaned_data["given_on"]
        if day > today():
            raise ValidationError(_("Cette date est à venir."))
        return day

    def clean(self) -> dict[str, Any]:
        """Reserves and refusals are worth a word."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("kind") not in (None, OpinionKind.FAVOURABLE) and not said.get("words"):
            self.add_error("words", _("Dites ce qui retient : un avis réservé ou défavorable se comprend par ses raisons."))
        return said
