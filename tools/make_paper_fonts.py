"""Make the fonts of the papers (docs/adr/0019-documents.md): typst reads neither WOFF2 nor variable fonts.

Needs fontTools, brotli and DejaVu Sans on the machine of whoever makes them anew:
    python tools/make_paper_fonts.py DejaVuSans.ttf

The weights come from the site's own variable fonts; DejaVu Sans, cut to what those lack, stands in for other scripts.
``coverage.txt`` lists what can be printed: ranges of characters, hexadecimal, one a line.
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parents[1] / "src" / "renfort"
WEB, OUT = ROOT / "kernel" / "static" / "vendor" / "fonts", ROOT / "documents" / "fonts"
STYLES = {400: "Regular", 700: "Bold"}
FAMILIES = {"atkinson-hyperlegible-next": ("Renfort Text", (400, 700)), "bricolage-grotesque": ("Renfort Head", (700,))}
SCRIPTS = [(0x0180, 0x06FF), (0x0750, 0x077F), (0x10A0, 0x10FF), (0x1E00, 0x1FFF), (0x2000, 0x206F), (0x2190, 0x21FF),
           (0x25A0, 0x25FF), (0x2C60, 0x2C7F), (0xFB00, 0xFDFF), (0xFE70, 0xFEFF)]  # fmt: skip


def rename(font: TTFont, family: str, style: str) -> None:
    """Name an instance, so that two subsets of one family are two families that follow each other."""
    whole = f"{family} {style}"
    for number, text in {1: family, 2: style, 3: whole, 4: whole, 6: whole.replace(" ", "")}.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    for number in (16, 17, 21, 22, 25):
        font["name"].removeNames(nameID=number)


def main(dejavu: str) -> None:
    """Write every font, and what they can print."""
    covered: set[int] = set()
    for source, (family, weights) in FAMILIES.items():
        for part, suffix in (("latin", ""), ("latin-ext", " Ext")):
            for weight in weights:
                font = TTFont(WEB / f"{source}-{part}-wght-normal.woff2")
                limits = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes} | {"wght": weight}
                font = instancer.instantiateVariableFont(font, limits)
                rename(font, family + suffix, STYLES[weight])
                font["OS/2"].usWeightClass = weight
                font["OS/2"].fsSelection = 0x20 if weight == 700 else 0x40
                font["head"].macStyle = 1 if weight == 700 else 0
                font.flavor = None
                font.save(OUT / f"{family}{suffix} {STYLES[weight]}.ttf".replace(" ", "-").lower())
                if family == "Renfort Text":
                    covered |= set(font.getBestCmap())
    options = subset.Options(layout_features=["*"], name_IDs=["*"], notdef_outline=True)
    font = TTFont(dejavu)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for first, last in SCRIPTS for code in range(first, last + 1)])
    cutter.subset(font)
    rename(font, "Renfort Scripts", "Regular")
    font.save(OUT / "renfort-scripts-regular.ttf")
    covered |= set(font.getBestCmap())
    numbers = sorted(code for code in covered if code >= 0x20)
    runs = [[code for _i, code in run] for _key, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    (OUT / "coverage.txt").write_text("".join(f"{run[0]:04X} {run[-1]:04X}\n" for run in runs), encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1])
