"""What one gives to verify a paper: its code, or its file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from renfort.documents.selectors import typed_code

MOST = 2_000_000  # bytes; ours are of 40,000


class CodeForm(forms.Form):
    """The code that stands under the QR code."""

    code = forms.CharField(
        label=_("Code du document"),
        help_text=_("Seize lettres et chiffres, écrits au bas du document. Par exemple : K7QD-4M2X-9PWT-H3VC."),
        max_length=60,
        error_messages={"required": _("Écrivez le code du document.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        """The plain code.

        Raises:
            ValidationError: what was typed cannot be a code.
        """
        code = typed_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(_("Ce n'est pas un code de document : il compte seize lettres et chiffres."))
        return code


class FileForm(forms.Form):
    """The file somebody was given; it is compared and not kept."""

    file = forms.FileField(
        label=_("Le fichier PDF"),
        help_text=_("Il est comparé à l'original, puis oublié."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={
            "required": _("Choisissez le fichier à comparer."),
            "empty": _("Ce fichier est vide."),
            "missing": _("Choisissez le fichier à comparer."),
            "invalid": _("Choisissez le fichier à comparer."),
        },
    )

    def clean_file(self) -> Any:
        """The file, when it can be one of ours.

        Raises:
            ValidationError: it is far too large.
        """
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST:
            raise forms.ValidationError(_("Ce fichier est trop gros pour être l'un de nos documents."))
        return file
