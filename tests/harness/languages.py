"""The compiled catalogues, as a pytest plugin: made when missing or older than their texts, once, before any process starts."""

from __future__ import annotations

from pathlib import Path

import pytest

LOCALE = Path(__file__).resolve().parents[2] / "src" / "renfort" / "locale"


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile what is stale; the processes of pytest-xdist find it done."""
    from renfort.ops.translations import compile_catalogue

    if hasattr(session.config, "workerinput"):
        return
    for po in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if not mo.is_file() or mo.stat().st_mtime < po.stat().st_mtime:
            compile_catalogue(po)
