"""The compiled catalogues, as a pytest plugin: made when missing or older than their texts, once, before any process starts.

Those that are served stand beside their texts. Tests read a second set, ``PLAIN``, with French spaces as they are typed:
a test says which words are read, ``test_typography`` which spaces stand between them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "src" / "renfort" / "locale"
PLAIN = ROOT / "var" / "plain-locale"  # as in the tests' settings


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile what is stale; the processes of pytest-xdist find it done."""
    from renfort.kernel import typography
    from renfort.ops import translations

    if hasattr(session.config, "workerinput"):
        return
    makers = [Path(str(module.__file__)) for module in (translations, typography)]
    for po in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        latest = max(each.stat().st_mtime for each in (po, *makers))
        for to, spaced in ((po.with_suffix(".mo"), True), (PLAIN / po.relative_to(LOCALE).with_suffix(".mo"), False)):
            if not to.is_file() or to.stat().st_mtime < latest:
                translations.compile_catalogue(po, to, spaced=spaced)
