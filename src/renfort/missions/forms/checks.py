"""How the operator sets checks, writes words and tries a text (R53, R58)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.jobs.forms import OnceForm
from renfort.missions.models import Domain
from renfort.organisations.checks.kinds import CheckKind
from renfort.organisations.enums import WordKind, WordList

LONGEST_TEXT = 4000


class CheckForm(forms.Form):
    """How heavy one check is, what it counts, whether it is made."""

    weight = forms.IntegerField(
        label=_("Poids"),
        min_value=0,
        max_value=100,
        help_text=_("De 0 à 100 : ce qui pèse le plus vient d'abord. À partir de 60, c'est un avertissement."),
    )
    threshold = forms.IntegerField(label=_("Seuil"), min_value=0, max_value=100_000, required=False)
    is_active = forms.BooleanField(label=_("Faire cette vérification"), required=False)

    def __init__(self, data: Any = None, *, kind: CheckKind, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if kind.unit:
            self.fields["threshold"].help_text = str(kind.unit)
            self.fields["threshold"].required = True
        else:
            del self.fields["threshold"]

    def facts(self) -> dict[str, Any]:
        """What was said, for ``set_check``."""
        return {
            "weight": self.cleaned_data["weight"],
            "threshold": self.cleaned_data.get("threshold"),
            "is_active": self.cleaned_data["is_active"],
        }


class WordForm(OnceForm):
    """A word of a list, and what it does there."""

    words = forms.CharField(
        label=_("Mot ou expression"),
        max_length=80,
        help_text=_(
            "Accents, majuscules et pluriels ne comptent pas. « rémunér* » : toutes les fins ; « # € par mois » : tous les "
            'nombres ; « "foi" » : ce mot exactement.'
        ),
    )
    kind = forms.ChoiceField(
        label=_("Effet"),
        choices=WordKind.choices,
        initial=WordKind.FOUND,
        widget=forms.RadioSelect,
        help_text=_("« sans » annule ce qui suit : « sans salaire » n'est pas signalé."),
    )

    def __init__(self, data: Any = None, *, list_: str, scopes: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if list_ == WordList.LINKS:
            self.fields["words"].label = _("Site")
            self.fields["words"].help_text = _("Par exemple bit.ly, avec ses sous-domaines.")
        if list_ in (WordList.LINKS, WordList.HOLLOW):
            del self.fields["kind"]
        if scopes is not None:
            self.fields["scope"] = forms.ChoiceField(label=_("Domaine d'action"), choices=scopes)
            self.order_fields(["scope", "words", "kind"])

    def clean_words(self) -> str:
        return " ".join(self.cleaned_data["words"].split())

    @property
    def kind_said(self) -> str:
        return str(self.cleaned_data.get("kind") or WordKind.FOUND)


class TryForm(forms.Form):
    """« Essayer ce texte »: nothing is kept."""

    domain = forms.ChoiceField(label=_("Domaine d'action"))
    title = forms.CharField(label=_("Titre"), max_length=80, required=False)
    description = forms.CharField(label=_("Texte"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 6}))
    schedule = forms.CharField(label=_("Horaires"), max_length=500, required=False)
    safety = forms.CharField(
        label=_("Sécurité et encadrement"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.names = {domain.key: domain.short for domain in Domain.objects.all()}
        field = self.fields["domain"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(self.names.items())
