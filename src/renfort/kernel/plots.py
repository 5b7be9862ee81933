"""What the plots drawn on the server share: their frame, their scale, a bar. Attributes and classes alone, no style (P11)."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from django.utils.html import conditional_escape as esc

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 12, 28
INNER = HEIGHT - TOP - BOTTOM
WORD = 12  # what a figure of the scale takes, as large as a phone shows it
STEPS = (1, 2, 5)


def nice_top(most: int) -> int:
    """The round number that a scale ends with: four parts of 1, 2 or 5 times a power of ten, at least 4."""
    part, power = max(1, ceil(most / 4)), 1
    while True:
        for step in STEPS:
            if step * power >= part:
                return 4 * step * power
        power *= 10


def left_of(longest: int) -> int:
    """Where the drawing begins, beside figures of so many signs."""
    return max(LEFT, 8 + WORD * longest)


def scale(words: Sequence[str], left: int) -> list[str]:
    """The lines of the scale with their words, from the top down to the ground."""
    lines = []
    for part, word in enumerate(words):
        y = TOP + INNER * part / (len(words) - 1)
        lines.append(
            f'<line class="plot-line" x1="{left}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="plot-word" x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{esc(word)}</text>'
        )
    return lines


def bar(x: float, width: float, share: float, kind: str) -> str:
    """A bar that reaches this share of the scale, between 0 and 1; ``kind`` is its class."""
    height = INNER * share
    return f'<rect class="{kind}" x="{x:.1f}" y="{TOP + INNER - height:.1f}" width="{width:.1f}" height="{height:.1f}" rx="3"/>'


def under(x: float, word: str) -> str:
    """A word under the ground line."""
    return f'<text class="plot-word" x="{x:.1f}" y="{HEIGHT - 8}" text-anchor="middle">{esc(word)}</text>'
