"""Compile catalogues (``.po`` to ``.mo``) without the gettext programs, which many machines lack.

The French one gets its spaces here (``kernel.typography``): every sentence of ours, at no cost when a page is made.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import polib

from renfort.kernel import typography


def compile_catalogue(po: Path, to: Path | None = None, *, spaced: bool = True) -> Path:
    """Write the ``.mo`` beside ``po``, or ``to``; readers never see half a file. ``spaced`` False leaves the spaces as typed.

    Returns:
        The compiled file.
    """
    catalogue: Any = polib.pofile(str(po))  # type: ignore[no-untyped-call]  # polib has no types
    if spaced and po.parts[-3:-1] == ("fr", "LC_MESSAGES"):
        for entry in catalogue:
            space_out(entry)
    mo = to or po.with_suffix(".mo")
    mo.parent.mkdir(parents=True, exist_ok=True)
    part = mo.with_suffix(".mo.part")
    catalogue.save_as_mofile(str(part))
    part.replace(mo)
    return mo


def space_out(entry: Any) -> None:
    """Make a text of the French catalogue say itself with the right spaces; what needs none needs no entry."""
    if entry.msgid_plural:
        entry.msgstr_plural = {number: typography.spaced(text) for number, text in entry.msgstr_plural.items()}
    elif (said := typography.spaced(entry.msgstr or entry.msgid)) != entry.msgid:
        entry.msgstr = said


if __name__ == "__main__":
    for name in sys.argv[1:]:
        compile_catalogue(Path(name))
