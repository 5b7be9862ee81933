"""Forms that create something carry a token: sent twice, they make one object. And what an export asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.jobs.enums import FileFormat, Purpose
from renfort.kernel.exports import ExportColumn
from renfort.kernel.forms import Section


class OnceForm(forms.Form):
    """A form with a hidden token, made anew for each page and kept when the form comes back with errors."""

    form_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)

    def clean_form_token(self) -> Any:
        """A form without a token (an old tab, a script) still works; it is only not protected against doubles."""
        return self.cleaned_data.get("form_token") or uuid4()


class ExportForm(OnceForm):
    """What a file shall hold and what it is for. The reason is asked whatever the columns: the file leaves the platform (R37)."""

    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Colonnes"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choisissez au moins une colonne.")},
    )
    format = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=FileFormat.choices, widget=forms.RadioSelect, initial=FileFormat.XLSX
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("À quoi ce fichier va-t-il servir ?"),
        help_text=gettext_lazy("La raison est gardée dans l'historique, avec votre nom et le nombre de lignes."),
        choices=[("", gettext_lazy("Choisir une raison")), *Purpose.choices],
        error_messages={"required": gettext_lazy("Dites à quoi ce fichier va servir.")},
    )
    purpose_words = forms.CharField(label=gettext_lazy("Précisez"), required=False, max_length=200)
    sections = [
        Section(gettext_lazy("Fichier"), ["purpose", "purpose_words", "format"]),
        Section(gettext_lazy("Contenu"), ["columns"]),
    ]

    def __init__(self, *args: Any, columns: Sequence[ExportColumn], kept: Sequence[str], **more: Any) -> None:
        """``kept``: the columns chosen last time, which are proposed again."""
        super().__init__(*args, **more)
        self.fields["columns"].choices = [(column.key, column.label) for column in columns]  # type: ignore[attr-defined]  # a choice field
        self.fields["columns"].initial = [c.key for c in columns if (c.key in kept if kept else c.ticked)]

    def clean(self) -> dict[str, Any]:
        """« Autre raison » is said in words."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("purpose") == Purpose.OTHER and not said.get("purpose_words", "").strip():
            self.add_error("purpose_words", _("Dites en quelques mots à quoi ce fichier va servir."))
        return said
