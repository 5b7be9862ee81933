"""« Envoyer un document » (W12)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.jobs.forms import OnceForm
from renfort.kernel.forms import DateInput, Section
from renfort.workshops.enums import DocumentKind
from renfort.workshops.services.proofs import ACCEPTED, Kept, keep_of


class ProofForm(OnceForm):
    """A file and what it says; cleaned, the file is what is kept of it."""

    kind = forms.ChoiceField(label=_("Document"), choices=DocumentKind.choices)
    file = forms.FileField(
        label=_("Fichier"), max_length=1000, widget=forms.FileInput({"accept": ACCEPTED}),
        help_text=_("PDF, JPEG, PNG ou WebP, 10 Mo au plus. Une photo nette suffit."),
        error_messages={
            "required": _("Choisissez d'abord un fichier."), "invalid": _("Choisissez d'abord un fichier."),
            "empty": _("Ce fichier est vide : choisissez-en un autre."),
            "max_length": _("Le nom de ce fichier est trop long : renommez-le."),
        },
    )  # fmt: skip
    valid_from = forms.DateField(label=_("Valable à partir du"), widget=DateInput())
    valid_until = forms.DateField(
        label=_("Jusqu'au (inclus)"), widget=DateInput(), required=False, help_text=_("Vide : il n'expire pas.")
    )

    sections = (Section("", ["kind", "file"]), Section("", ["valid_from", "valid_until"], pairs=True))

    def clean_file(self) -> Kept:
        """What to keep of it."""
        return keep_of(self.cleaned_data["file"])

    def clean(self) -> dict[str, Any]:
        """In order."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("valid_from") and said.get("valid_until") and said["valid_until"] < said["valid_from"]:
            self.add_error("valid_until", _("La fin vient après le début."))
        return said
