"""The forms of templates of missions (R66)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import Section, StepperInput
from renfort.missions.enums import Format, Presence
from renfort.missions.forms.mission import MOST_PLACES, TITLE_LENGTH, WHOLE_NUMBER
from renfort.missions.models import Domain, MissionTemplate, Public
from renfort.missions.selectors.templates import networks_offered

MOST_PREREQUISITES, PREREQUISITE_LENGTH = 3, 160
TEXTS = {"schedule": (500, 2), "description": (4000, 10), "safety": (2000, 5)}  # length, rows


class TemplateNameForm(OnceForm):
    """Under which name the organisation finds its template again."""

    name = forms.CharField(label=_("Nom du modèle"), max_length=120)


class PrerequisitesField(forms.CharField):
    """Up to three sentences, one a line. Cleans to a list."""

    def prepare_value(self, value: Any) -> Any:
        """A list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """The sentences.

        Raises:
            ValidationError: there are more than three, or one is too long.
        """
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_PREREQUISITES:
            raise forms.ValidationError(_("Trois prérequis au plus, un par ligne."))
        if any(len(line) > PREREQUISITE_LENGTH for line in lines):
            raise forms.ValidationError(_("Un prérequis a 160 caractères au plus."))
        return lines


class SharedTemplateForm(OnceForm):
    """A template of a domain or of a network, in two languages."""

    domain = forms.ModelChoiceField(label=_("Domaine d'action"), queryset=Domain.objects.none(), empty_label=_("Choisissez"))
    network = forms.ModelChoiceField(
        label=_("Réseau national"),
        queryset=networks_offered(),
        required=False,
        empty_label=_("Aucun : proposé à toutes les structures"),
        help_text=_("Avec un réseau, seules ses structures confirmées voient ce modèle."),
    )
    presence = forms.ChoiceField(label=_("Type de mission"), choices=Presence.choices, widget=forms.RadioSelect)
    format = forms.ChoiceField(label=_("Format de mission"), choices=Format.choices, widget=forms.RadioSelect)
    places = forms.IntegerField(
        label=_("Nombre de volontaires"), min_value=1, max_value=MOST_PLACES, initial=1, widget=StepperInput,
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), WHOLE_NUMBER),
    )  # fmt: skip
    publics = forms.ModelMultipleChoiceField(
        label=_("Public bénéficiaire"), queryset=Public.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    sections = (
        Section(_("À qui il sert"), ["domain", "network"]),
        Section(_("La mission"), ["presence", "format", "places", "publics"]),
        Section(_("En français"), [f"{name}_fr" for name in ("name", "title", *TEXTS, "prerequisites")]),
        Section(
            _("En anglais"), [f"{name}_en" for name in ("name", "title", *TEXTS, "prerequisites")],
            _("Laissé vide, le texte français est montré."),
        ),
    )  # fmt: skip

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name in ("domain", "publics"):
            field: Any = self.fields[name]
            field.queryset = Domain.objects.filter(is_active=True) if name == "domain" else Public.objects.filter(is_active=True)
            field.label_from_instance = lambda each: each.short if isinstance(each, Domain) else each.label
        for language in ("fr", "en"):
            self.fields[f"name_{language}"] = forms.CharField(label=_("Nom du modèle"), max_length=120, required=language == "fr")
            self.fields[f"title_{language}"] = forms.CharField(
                label=_("Titre de la mission"), max_length=TITLE_LENGTH, required=language == "fr"
            )
            for name, (length, rows) in TEXTS.items():
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label={
                        "schedule": _("Dates et horaires"),
                        "description": _("Commentaire par la structure"),
                        "safety": _("Sécurité et encadrement"),
                    }[name],
                    max_length=length,
                    required=False,
                    widget=forms.Textarea(attrs={"rows": rows}),
                )
            self.fields[f"prerequisites_{language}"] = PrerequisitesField(
                label=_("Prérequis"),
                help_text=_("Trois au plus, un par ligne : qui propose son aide les coche."),
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def facts(self) -> dict[str, Any]:
        """The values of the template's own fields; call after ``is_valid()``."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("publics", "form_token")}


class NetworkTemplateForm(SharedTemplateForm):
    """A template of one network, written by its head: which network is not asked (R56)."""

    sections = (Section(_("Le domaine"), ["domain"]), *SharedTemplateForm.sections[1:])

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        del self.fields["network"]


def initial_of_shared(template: MissionTemplate) -> dict[str, Any]:
    """The form filled with a template."""
    names = [name for name in SharedTemplateForm().fields if name not in ("publics", "form_token")]
    return {**{name: getattr(template, name) for name in names}, "publics": list(template.publics.all())}
