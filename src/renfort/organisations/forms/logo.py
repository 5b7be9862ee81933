"""The logo of an organisation (R9): kept in its proportions, on white, made anew of the pixels alone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from PIL import Image

from renfort.kernel import images
from renfort.organisations.models.organisation import LOGO_BOX


class LogoForm(forms.Form):
    """« Logo »; cleaned, it is the file to keep."""

    logo = forms.FileField(
        label=_("Choisir une image"),
        help_text=_("JPEG, PNG ou WebP, 10 Mo au plus. Un fond transparent devient blanc."),
        widget=forms.FileInput({"accept": images.ACCEPT}),
        max_length=1000,
        error_messages={
            "required": _("Choisissez d'abord une image."),
            "empty": _("Ce fichier est vide : choisissez une autre image."),
            "invalid": _("Choisissez d'abord une image."),
            "max_length": _("Le nom de ce fichier est trop long : renommez-le."),
        },
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id="logo_%s")

    def clean_logo(self) -> bytes:
        """The WebP to keep."""
        return images.renditions(self.cleaned_data["logo"], max(LOGO_BOX), _fitted)["logo"]


def _fitted(image: Image.Image) -> dict[str, Image.Image]:
    """As large as the box lets it be, never enlarged."""
    image.thumbnail(LOGO_BOX, Image.Resampling.LANCZOS)
    return {"logo": image}
