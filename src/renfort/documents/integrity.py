"""What must always hold of the papers."""

from __future__ import annotations

from typing import Any

from renfort.documents.enums import PaperState
from renfort.documents.models import Paper
from renfort.documents.selectors import digest_of
from renfort.kernel.integrity import Check, register


def _files_that_differ() -> list[dict[str, Any]]:
    """The valid papers whose file is away or is another. Reads each file: 40 kB each."""
    broken = []
    for paper in Paper.objects.filter(state=PaperState.VALID).order_by("pk").iterator(chunk_size=500):
        try:
            with paper.file.open("rb") as opened:
                what = "" if digest_of(opened.read()) == paper.digest else "other"
        except (OSError, ValueError):
            what = "missing"
        if what:
            broken.append({"id": paper.pk, "file": paper.file.name, "what": what})
    return broken


register(
    Check(
        "documents.file",
        "Chaque document valable a son fichier, tel qu'il a été établi : son empreinte est celle qui est gardée (P5).",
        find=_files_that_differ,
    ),
)
