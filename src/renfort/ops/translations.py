"""Compile catalogues (``.po`` to ``.mo``) without the gettext programs, which many machines lack."""

from __future__ import annotations

import sys
from pathlib import Path

import polib


def compile_catalogue(po: Path) -> Path:
    """Write the ``.mo`` beside ``po``; readers never see half a file.

    Returns:
        The compiled file.
    """
    mo = po.with_suffix(".mo")
    part = mo.with_suffix(".mo.part")
    polib.pofile(str(po)).save_as_mofile(str(part))  # type: ignore[no-untyped-call]  # polib has no types
    part.replace(mo)
    return mo


if __name__ == "__main__":
    for name in sys.argv[1:]:
        compile_catalogue(Path(name))
