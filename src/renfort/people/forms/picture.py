"""A picture of oneself (R7): whatever is sent, what is kept is a small square of pixels made anew."""

from __future__ import annotations

import logging
from io import BytesIO
from threading import Lock
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from renfort.people.models import PICTURE_SIZES

logger = logging.getLogger(__name__)

FORMATS = ("JPEG", "PNG", "WEBP")  # by what the file holds; its name and the type that the browser says are not believed
ACCEPT = "image/jpeg,image/png,image/webp"
MOST_BYTES = 10_000_000  # a phone's largest photograph
MOST_PIXELS = 25_000_000  # what must be unfolded whole: 75 MB of memory
MOST_PIXELS_JPEG = 64_000_000  # a JPEG is read at a fraction of its size
SMALLEST = 64  # pixels on a side
# signs of a second file behind or inside the image; none of them stands in what a camera writes about a picture
FOREIGN = (b"<script", b"<html", b"<svg", b"<?php", b"%pdf-", b"<!doctype")
ZIP_END, ZIP_TAIL = b"PK\x05\x06", 65_557  # an archive is known by its end
NOT_AN_IMAGE = _("Ce fichier n'est pas une photo que nous savons lire : choisissez une image JPEG, PNG ou WebP.")
FOREIGN_FILE = _("Ce fichier contient autre chose qu'une image. Faites-en une capture d'écran, ou choisissez une autre photo.")
TOO_LARGE = _("Cette photo est trop lourde : 10 Mo au plus.")
TOO_MANY_PIXELS = _("Cette photo a trop de pixels : réduisez-la, ou choisissez-en une autre.")
TOO_SMALL = _("Cette photo est trop petite : il faut au moins 64 pixels de côté.")

_one_at_a_time = Lock()  # of each process: several large pictures at once must not fill the machine's memory


class PictureForm(forms.Form):
    """« Photo »; cleaned, it is the renditions to keep, by size."""

    picture = forms.FileField(
        label=_("Choisir une photo"),
        help_text=_("JPEG, PNG ou WebP, 10 Mo au plus. Elle est recadrée en carré, et ce qu'elle dit du lieu est effacé."),
        widget=forms.FileInput({"accept": ACCEPT}),
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
    """A square WebP of each size, made of the pixels alone: no metadata, no second file, nothing of the original's bytes.

    Raises:
        ValidationError: with the sentence that says why the file cannot be a picture.
    """
    if (file.size or 0) > MOST_BYTES:
        raise ValidationError(TOO_LARGE)
    data = file.read()
    with _one_at_a_time:
        square = _square(data)
        return {size: _webp(square, size) for size in PICTURE_SIZES}


def _square(data: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            _check_size(image)
            if _has_more(data):
                raise ValidationError(FOREIGN_FILE)
            # a JPEG is unfolded at the smallest fraction that still fills the largest rendition
            image.draft("RGB", (2 * max(PICTURE_SIZES), 2 * max(PICTURE_SIZES)))
            image.load()
            return ImageOps.fit(_flat(_upright(image)), (max(PICTURE_SIZES),) * 2, Image.Resampling.LANCZOS)
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(TOO_MANY_PIXELS) from None
    except Exception:  # the decoders fail in every way on a broken or hostile file
        logger.info("a picture could not be read", exc_info=True)
        raise ValidationError(NOT_AN_IMAGE) from None


def _check_size(image: Image.Image) -> None:
    """By what the head of the file says, before anything is unfolded."""
    width, height = image.size
    if width * height > (MOST_PIXELS_JPEG if image.format == "JPEG" else MOST_PIXELS):
        raise ValidationError(TOO_MANY_PIXELS)
    if min(width, height) < SMALLEST:
        raise ValidationError(TOO_SMALL)


def _has_more(data: bytes) -> bool:
    low = data.lower()
    return any(sign in low for sign in FOREIGN) or ZIP_END in data[-ZIP_TAIL:]


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera was held; a damaged note about it is no reason to refuse the picture."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        return image


def _flat(image: Image.Image) -> Image.Image:
    """Opaque, in plain colours, and with nothing written about it."""
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        flat = Image.new("RGB", layer.size, "white")
        flat.paste(layer, mask=layer)
        return flat
    flat = Image.new("RGB", image.size)
    flat.paste(image.convert("RGB"))
    return flat


def _webp(square: Image.Image, size: int) -> bytes:
    written = BytesIO()
    square.resize((size, size), Image.Resampling.LANCZOS).save(written, "WEBP", quality=82, method=4)
    return written.getvalue()
