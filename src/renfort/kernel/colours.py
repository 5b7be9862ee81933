"""Colours that people choose: are they readable (WCAG 2.2, 1.4.3)?"""

from __future__ import annotations

import re

HEX = re.compile(r"#[0-9a-f]{6}")
READABLE = 4.5  # the least contrast of a text with what is behind it
LIGHT, DARK = "#fbf7ef", "#182238"  # the lightest ground of the light theme that a link stands on, the lightest of the dark one


def contrast(one: str, other: str) -> float:
    """The contrast of two colours « #rrggbb »: 1 (the same) to 21 (black and white)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lightened(colour: str, ground: str, least: float = READABLE) -> str:
    """The same hue, mixed with white until it is readable on a dark ground."""
    mixed = colour
    for step in range(1, 21):
        if contrast(mixed, ground) >= least:
            return mixed
        mixed = "#" + "".join(f"{round(part + (255 - part) * step / 20):02x}" for part in _parts(colour))
    return mixed


def darkened(colour: str, share: float = 0.35) -> str:
    """The same hue, mixed with black: what a link shows under the pointer."""
    return "#" + "".join(f"{round(part * (1 - share)):02x}" for part in _parts(colour))


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in _parts(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)  # noqa: PLR2004 -- sRGB
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
