"""What the operator writes of a domain: its words, its limits, its rules (R10, R13, R58)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import Section
from renfort.missions.models import Domain, DomainRules
from renfort.missions.services.domains import FIELDS, WORDING
from renfort.parameters.catalogue import ONLINE_FIRST, PUBLICATION
from renfort.territories.models import Department

MOST_RULES, RULE_LENGTH = 15, 250
PICTURES = (
    ("food", _("Repas")),
    ("children", _("Enfants")),
    ("contact", _("Lien")),
    ("shopping", _("Courses")),
    ("place", _("Lieu")),
    ("generic", _("Entraide")),
)


class RulesField(forms.CharField):
    """One rule a line. Cleans to a list."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """A list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """The rules.

        Raises:
            ValidationError: there are none where one is needed, too many, or one is too long.
        """
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_RULES:
            raise ValidationError(_("Quinze règles au plus : au-delà, personne ne les lit."))
        if any(len(line) > RULE_LENGTH for line in lines):
            raise ValidationError(_("Une règle a 250 caractères au plus."))
        return lines


class DomainForm(OnceForm):
    """One domain of action, with the rules that are ticked."""

    label_fr = forms.CharField(
        label=_("Phrase en français"), max_length=250, help_text=_("Ce que choisit qui propose une mission.")
    )
    label_en = forms.CharField(label=_("Phrase en anglais"), max_length=250, required=False)
    short_fr = forms.CharField(label=_("Nom court en français"), max_length=80)
    short_en = forms.CharField(label=_("Nom court en anglais"), max_length=80, required=False)
    illustration = forms.ChoiceField(label=_("Illustration"), choices=PICTURES, widget=forms.RadioSelect, initial="generic")
    objective_fr = forms.CharField(label=_("Objectif en français"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))
    objective_en = forms.CharField(
        label=_("Objectif en anglais"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    description_fr = forms.CharField(
        label=_("Description en français"), max_length=1500, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    description_en = forms.CharField(
        label=_("Description en anglais"), max_length=1500, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    rules_fr = RulesField(label=_("Règles en français"), widget=forms.Textarea(attrs={"rows": 7}), help_text=_("Une par ligne."))
    rules_en = RulesField(
        label=_("Règles en anglais"), required=False, widget=forms.Textarea(attrs={"rows": 7}), help_text=_("Une par ligne.")
    )
    statement_fr = forms.CharField(
        label=_("Ce que coche qui propose son aide, en français"),
        max_length=250,
        help_text=_("Une déclaration, jamais une question de santé."),
    )
    statement_en = forms.CharField(label=_("Ce que coche qui propose son aide, en anglais"), max_length=250, required=False)
    remote_allowed = forms.BooleanField(label=_("Des missions à distance sont possibles"), required=False, initial=True)
    is_sensitive = forms.BooleanField(
        label=_("Domaine sensible"), required=False, help_text=_("Enfants, santé : une seconde relecture peut être demandée.")
    )
    minimum_age = forms.IntegerField(
        label=_("Âge minimal"), min_value=0, max_value=99, required=False, help_text=_("Vide : celui de la réserve.")
    )
    age_limit_on_site = forms.IntegerField(
        label=_("Âge à partir duquel le présentiel n'est plus proposé"),
        min_value=0,
        max_value=120,
        required=False,
        help_text=_("Vide : celui de la réserve. 0 : pas de limite."),
    )

    sections = (
        Section(_("Les mots"), ["label_fr", "short_fr", "label_en", "short_en", "illustration"]),
        Section(_("L'objectif et la description"), ["objective_fr", "description_fr", "objective_en", "description_en"]),
        Section(
            _("Les règles"), ["rules_fr", "statement_fr", "rules_en", "statement_en"],
            _("Un changement fait une nouvelle version : qui a coché l'ancienne l'a cochée."),
        ),
        Section(_("Les limites"), ["remote_allowed", "is_sensitive", "minimum_age", "age_limit_on_site"]),
    )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        """What the domain says; call after ``is_valid()``."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    def wording(self) -> dict[str, Any]:
        """The rules and the statement; call after ``is_valid()``."""
        return {name: self.cleaned_data[name] for name in WORDING}


def initial_of_domain(domain: Domain, rules: DomainRules | None) -> dict[str, Any]:
    """The form filled with a domain as it is."""
    said = {name: getattr(domain, name) for name in FIELDS}
    return said | {name: getattr(rules, name) for name in WORDING} if rules is not None else said


class PolicyForm(OnceForm):
    """A policy for a domain, a department, or both (R12)."""

    domain = forms.ModelChoiceField(
        label=_("Domaine d'action"), queryset=Domain.objects.none(), required=False, empty_label=_("Tous les domaines")
    )
    department = forms.ModelChoiceField(
        label=_("Département"), queryset=Department.objects.none(), required=False, empty_label=_("Tous les départements")
    )
    policy = forms.ChoiceField(
        label=_("Publication des missions"), choices=PUBLICATION.choices, widget=forms.RadioSelect, initial=ONLINE_FIRST
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        domains, departments = self.fields["domain"], self.fields["department"]
        if isinstance(domains, forms.ModelChoiceField) and isinstance(departments, forms.ModelChoiceField):
            domains.queryset = Domain.objects.all()
            domains.label_from_instance = lambda domain: domain.short  # type: ignore[assignment,method-assign]  # as Django's page says
            departments.queryset = Department.objects.order_by("code")

    def clean(self) -> dict[str, Any]:
        """Everywhere is the réserve's own policy, which has its own page."""
        data = super().clean() or self.cleaned_data
        if not self.errors and data.get("domain") is None and data.get("department") is None:
            self.add_error("domain", _("Choisissez un domaine, un département, ou les deux : partout, c'est le réglage général."))
        return data
