"""One entry of a list that the operator edits (R5)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from renfort.jobs.forms import OnceForm
from renfort.kernel.lists import Listed
from renfort.organisations.forms.fields import TURNING
from renfort.organisations.models import OrganisationType

TEXTS = {"text_fr": _("Texte en français"), "text_en": _("Texte en anglais")}


class EntryForm(OnceForm):
    """The words of an entry, in French and in English."""

    label_fr = forms.CharField(label=_("Libellé en français"), max_length=120)
    label_en = forms.CharField(
        label=_("Libellé en anglais"), max_length=120, required=False, help_text=_("Laissé vide : le français.")
    )

    def __init__(self, data: Any = None, *, model: type[Listed] = Listed, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.model = model
        for name, label in TEXTS.items():
            if name in model.worded:
                widget = forms.Textarea(attrs={"rows": 6, "lang": name[-2:]})
                self.fields[name] = forms.CharField(label=label, max_length=800, required=name.endswith("_fr"), widget=widget)

    def clean(self) -> dict[str, Any]:
        """What the list itself says of its words."""
        for name in self.model.worded:
            try:
                self.model.check_words(name, str(self.cleaned_data.get(name, "")))
            except ValidationError as error:
                self.add_error(name, error)
        return self.cleaned_data

    def clean_label_fr(self) -> str:
        words = _one_line(self.cleaned_data["label_fr"])
        if not any(char.isalnum() for char in words):
            raise ValidationError(_("Écrivez au moins une lettre."))
        return words

    def clean_label_en(self) -> str:
        return _one_line(self.cleaned_data["label_en"])

    def words(self) -> dict[str, str]:
        """All that is worded, in both languages."""
        return {name: str(self.cleaned_data[name]).replace("\r\n", "\n") for name in self.model.worded}

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
