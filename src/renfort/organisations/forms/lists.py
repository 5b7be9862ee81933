"""One entry of a list that the operator edits (R5)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from renfort.jobs.forms import OnceForm
from renfort.organisations.forms.fields import TURNING
from renfort.organisations.models import OrganisationType


class EntryForm(OnceForm):
    """The words of an entry, in French and in English."""

    label_fr = forms.CharField(label=_("Libellé en français"), max_length=120)
    label_en = forms.CharField(
        label=_("Libellé en anglais"), max_length=120, required=False, help_text=_("Laissé vide : le français.")
    )

    def clean_label_fr(self) -> str:
        words = _one_line(self.cleaned_data["label_fr"])
        if not any(char.isalnum() for char in words):
            raise ValidationError(_("Écrivez au moins une lettre."))
        return words

    def clean_label_en(self) -> str:
        return _one_line(self.cleaned_data["label_en"])

    def words(self) -> dict[str, str]:
        """Both labels."""
        return {name: self.cleaned_data[name] for name in ("label_fr", "label_en")}

    def place(self) -> dict[str, Any]:
        """What says under which entry a new one comes; nothing for a flat list."""
        return {}


class StatusForm(EntryForm):
    """A new legal status: one more question decides what is asked of its organisations."""

    has_agreements = forms.BooleanField(label=_("Ces structures peuvent avoir des agréments"), required=False)

    def place(self) -> dict[str, Any]:
        return {"has_agreements": self.cleaned_data["has_agreements"]}


class TypeForm(EntryForm):
    """A new type, under a status or under a type."""

    under = forms.ChoiceField(label=_("Sous"), help_text=_("Sous un statut : un type. Sous un type : un sous-type."))
    field_order = ["under", "label_fr", "label_en"]

    def __init__(self, data: Any = None, *, parents: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.parents = parents
        field = self.fields["under"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(key, str(parent[0])) for key, parent in parents.items()]

    def place(self) -> dict[str, Any]:
        parent = self.parents[self.cleaned_data["under"]][1]
        if isinstance(parent, OrganisationType):
            return {"legal_status": parent.legal_status, "parent": parent}
        return {"legal_status": parent}


def _one_line(words: str) -> str:
    return " ".join(TURNING.sub("", words).split())
