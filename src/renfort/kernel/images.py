"""Pictures that people send: whatever the file holds, what is kept is pixels made anew (R7, R9, P11)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Mapping
from io import BytesIO
from threading import Lock
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

logger = logging.getLogger(__name__)
K = TypeVar("K", bound=Hashable)

FORMATS = ("JPEG", "PNG", "WEBP")  # by what the file holds; its name and the type that the browser says are not believed
ACCEPT = "image/jpeg,image/png,image/webp"
MOST_BYTES = 10_000_000  # a phone's largest photograph
MOST_PIXELS = 25_000_000  # what must be unfolded whole: 75 MB of memory
MOST_PIXELS_JPEG = 64_000_000  # a JPEG is read at a fraction of its size
SMALLEST = 64  # pixels on a side
# signs of a second file behind or inside the image; none of them stands in what a camera writes about a picture
FOREIGN = (b"<script", b"<html", b"<svg", b"<?php", b"%pdf-", b"<!doctype")
ZIP_END, ZIP_TAIL = b"PK\x05\x06", 65_557  # an archive is known by its end
NOT_AN_IMAGE = _("Ce fichier n'est pas une image que nous savons lire : choisissez un fichier JPEG, PNG ou WebP.")
FOREIGN_FILE = _("Ce fichier contient autre chose qu'une image. Faites-en une capture d'écran, ou choisissez une autre image.")
TOO_LARGE = _("Cette image est trop lourde : 10 Mo au plus.")
TOO_MANY_PIXELS = _("Cette image a trop de pixels : réduisez-la, ou choisissez-en une autre.")
TOO_SMALL = _("Cette image est trop petite : il faut au moins 64 pixels de côté.")

_one_at_a_time = Lock()  # of each process: several large pictures at once must not fill the machine's memory


def renditions(file: UploadedFile, largest: int, make: Callable[[Image.Image], Mapping[K, Image.Image]]) -> dict[K, bytes]:
    """What ``make`` makes of the picture, as WebP: no metadata, no second file, nothing of the original's bytes.

    ``make`` is given the pixels upright, opaque (on white), and never smaller than the file had them or ``largest`` asks for.

    Raises:
        ValidationError: with the sentence that says why the file cannot be a picture.
    """
    if (file.size or 0) > MOST_BYTES:
        raise ValidationError(TOO_LARGE)
    data = file.read()
    with _one_at_a_time:
        return {key: _webp(image) for key, image in _made(data, largest, make).items()}


def _made(data: bytes, largest: int, make: Callable[[Image.Image], Mapping[K, Image.Image]]) -> Mapping[K, Image.Image]:
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            _check_size(image)
            if _has_more(data):
                raise ValidationError(FOREIGN_FILE)
            # a JPEG is unfolded at the smallest fraction that still fills the largest rendition
            image.draft("RGB", (2 * largest, 2 * largest))
            image.load()
            return make(_flat(_upright(image)))
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


def _webp(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "WEBP", quality=82, method=4)
    return written.getvalue()
