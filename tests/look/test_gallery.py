"""The gallery under axe-core, in both themes, wide and narrow."""

from __future__ import annotations

from pathlib import Path

import pytest

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text("utf-8")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"]
RULES = '{runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}'


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_the_gallery_is_accessible(live_server, theme, width):
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme, bypass_csp=True).new_page()
        page.goto(f"{live_server.url}/galerie/")
        page.evaluate(AXE)
        found = page.evaluate(f"axe.run(document, {RULES})")
        overflow = page.evaluate("document.documentElement.scrollWidth") - width
        browser.close()
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found["violations"]] == []
    assert overflow <= 0
