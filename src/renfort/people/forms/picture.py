"""A picture of oneself (R7): whatever is sent, what is kept is a small square of pixels made anew."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from renfort.kernel import images
from renfort.people.models import PICTURE_SIZES


class PictureForm(forms.Form):
    """« Photo »; cleaned, it is the renditions to keep, by size."""

    picture = forms.FileField(
        label=_("Choisir une photo"),
        help_text=_("JPEG, PNG ou WebP, 10 Mo au plus. Elle est recadrée en carré, et ce qu'elle dit du lieu est effacé."),
        widget=forms.FileInput({"accept": images.ACCEPT}),
        max_length=1000,
        error_messages={
            "required": _("Choisissez d'abord une photo."),
            "empty": _("Ce fichier est vide : choisissez une autre photo."),
            "invalid": _("Choisissez d'abord une photo."),
            "max_length": _("Le nom de ce fichier est trop long : renommez-le."),
        },
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id="photo_%s")

    def clean_picture(self) -> dict[int, bytes]:
        """The renditions to keep, by size."""
        return renditions(self.cleaned_data["picture"])


def renditions(file: UploadedFile) -> dict[int, bytes]:
    """A square WebP of each size, made of the pixels alone.

    Raises:
        ValidationError: with the sentence that says why the file cannot be a picture.
    """
    return images.renditions(file, max(PICTURE_SIZES), _squares)


def _squares(image: Image.Image) -> dict[int, Image.Image]:
    square = ImageOps.fit(image, (max(PICTURE_SIZES),) * 2, Image.Resampling.LANCZOS)
    return {size: square.resize((size, size), Image.Resampling.LANCZOS) for size in PICTURE_SIZES}
