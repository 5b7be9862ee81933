"""« Votre structure »: what an organisation is (R5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from renfort.kernel.forms import Section
from renfort.organisations.forms.fields import (
    DependentField,
    OrganisationNameField,
    ProseField,
    RnaField,
    SiretField,
    WebsiteField,
)
from renfort.organisations.models import OrganisationType
from renfort.organisations.selectors import agreements, networks, statuses, types
from renfort.organisations.services import AboutFacts

IDENTITY = Section(
    _("Son identité"),
    ["name", "legal_status", "type", "subtype", "description"],
    fold=_("Réseau national (aucun par défaut)"),
    folded=["networks"],
)
MORE = Section(_("Pour vous reconnaître"), ["website"], fold=_("SIRET, RNA et agréments"), folded=["siret", "rna", "agreements"])


class AboutForm(forms.Form):
    """Status, then the type that depends on it, then the sub-type where the type has one.

    Without scripts the lists show everything, grouped; with them only what fits. What is not asked of a status is not kept.
    """

    name = OrganisationNameField(
        label=_("Nom de la structure"),
        help_text=_("Sans sigle si possible : « Secours Bordeaux » plutôt que « SB »."),
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    legal_status = forms.ChoiceField(label=_("Statut juridique"))
    type = DependentField(label=_("Type de structure"))
    subtype = DependentField(label=_("Précisez"))
    description = ProseField(
        label=_("Description"),
        max_length=1000,
        rows=3,
        help_text=_("Deux ou trois lignes, montrées sur chacune de vos missions."),
    )
    networks = forms.MultipleChoiceField(
        label=_("Vos réseaux"),
        required=False,
        help_text=_("Aucun si vous ne cochez rien. Le réseau confirme votre appartenance ; d'ici là, elle ne se voit pas."),
        widget=forms.CheckboxSelectMultiple,
    )
    siret = SiretField(
        label=_("SIRET"), required=False, help_text=_("Quatorze chiffres. Il évite qu'une structure soit inscrite deux fois.")
    )
    rna = RnaField(label=_("Numéro RNA"), required=False, help_text=_("Pour une association : W suivi de neuf chiffres."))
    agreements = forms.MultipleChoiceField(
        label=_("Agréments"), required=False, help_text=_("Pour une association."), widget=forms.CheckboxSelectMultiple
    )
    website = WebsiteField(label=_("Site internet"), required=False)

    sections: tuple[Section, ...] = (IDENTITY, MORE)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, initial=initial, **kwargs)
        known = initial or {}
        self.statuses = {each.key: each for each in statuses([known.get("legal_status", "")])}
        self.types = {each.key: each for each in types([known.get("type", ""), known.get("subtype", "")])}
        self._choices("legal_status", [("", _("Choisissez")), *((key, each.label) for key, each in self.statuses.items())])
        self._choices("type", [("", _("Choisissez")), *_grouped(self.tops, lambda each: each.legal_status.label)])
        self._choices("subtype", [("", _("Choisissez")), *_grouped(self.lows, lambda each: each.parent.label)])
        self._choices("agreements", [(each.key, each.label) for each in agreements(known.get("agreements", ()))])
        self._choices("networks", [(each.key, each.label) for each in networks(known.get("networks", ()))])
        self.fields["type"].help_text = _("Rien à choisir pour ces statuts : %(statuses)s.") % {"statuses": self._without_types()}
        self.fields["subtype"].help_text = _("Seulement pour ces types : %(types)s.") % {"types": self._with_subtypes()}

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @cached_property
    def tops(self) -> list[OrganisationType]:
        """The types."""
        return [each for each in self.types.values() if each.parent_id is None]

    @cached_property
    def lows(self) -> list[OrganisationType]:
        """The sub-types."""
        return [each for each in self.types.values() if each.parent_id is not None]

    def _without_types(self) -> str:
        have = {each.legal_status_id for each in self.tops}
        return ", ".join(status.label for status in self.statuses.values() if status.pk not in have)

    def _with_subtypes(self) -> str:
        have = {each.parent_id for each in self.lows}
        return ", ".join(each.label for each in self.tops if each.pk in have)

    @property
    def tree(self) -> dict[str, Any]:
        """What depends on what, for the page's script: types by status, sub-types by type, statuses that may have agreements."""
        below: dict[str, dict[str, list[tuple[str, str]]]] = {"types": {}, "subtypes": {}}
        for each in self.tops:
            below["types"].setdefault(each.legal_status.key, []).append((each.key, each.label))
        for each in self.lows:
            if each.parent is not None:
                below["subtypes"].setdefault(each.parent.key, []).append((each.key, each.label))
        return {**below, "agreements": [key for key, status in self.statuses.items() if status.has_agreements]}

    def clean(self) -> dict[str, Any]:
        """The type must be of the status, the sub-type of the type; each is asked for where there is one to choose."""
        data = super().clean() or self.cleaned_data
        status = self.statuses.get(data.get("legal_status") or "")
        if status is None:
            return data
        if not status.has_agreements:
            data["agreements"] = []
        if "type" in data:
            fitting = {each.key for each in self.tops if each.legal_status_id == status.pk}
            self._fit("type", fitting, under=status.label)
        chosen = self.types.get(data.get("type") or "")
        if "subtype" in data and "type" not in self.errors:
            fitting = {each.key for each in self.lows if chosen is not None and each.parent_id == chosen.pk}
            self._fit("subtype", fitting, under=chosen.label if chosen else status.label)
        return data

    def _fit(self, name: str, fitting: set[str], *, under: str) -> None:
        chosen = self.cleaned_data[name]
        if not fitting:
            self.cleaned_data[name] = ""
        elif not chosen:
            self.add_error(name, _("Choisissez ce qui correspond, parmi « %(under)s ».") % {"under": under})
        elif chosen not in fitting:
            self.add_error(name, _("Ce choix n'existe pas pour « %(under)s » : choisissez-en un autre.") % {"under": under})

    def about(self) -> AboutFacts:
        """The clean data as the services take it; call after ``is_valid()``."""
        return AboutFacts(**{name: self.cleaned_data[name] for name in AboutForm.base_fields})


def _grouped(entries: Iterable[OrganisationType], title: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in entries:
        groups.setdefault(title(each), []).append((each.key, each.label))
    return list(groups.items())
