"""Rules of the pages that can be checked without a browser."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from types import SimpleNamespace

from django.template.loader import render_to_string

PACKAGE = Path(__file__).parents[2] / "src" / "renfort"
STATIC = PACKAGE / "kernel" / "static"
TEMPLATES = [path for path in PACKAGE.glob("*/templates/**/*.html") if "/email/" not in str(path)]


def test_no_style_and_no_script_inside_a_page():
    for path in TEMPLATES:
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", text), path
        assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/(ld\+)?json\")", text), path


def test_nothing_comes_from_another_site():
    for path in [*TEMPLATES, *STATIC.glob("renfort/*")]:
        text = path.read_text("utf-8").replace("http://www.w3.org/", "")
        assert not re.search(r"(?:src|href)=\"https?://|url\([\"']?https?://|@import", text), path


def test_only_the_tokens_name_colours():
    for name in ("renfort.css", "public.css"):
        css = re.sub(r"url\([^)]*\)", "", (STATIC / "renfort" / name).read_text("utf-8"))
        screen = css.split("@media print")[0]
        assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", screen)) <= {"#fff"}, name


def test_both_ways_to_the_dark_give_the_same_colours():
    css = (STATIC / "renfort" / "tokens.css").read_text("utf-8")
    by_system = css.split('[data-theme="light"]) {', 1)[1].split("}", 1)[0]
    by_hand = css.split('[data-theme="dark"] {', 1)[1].split("}", 1)[0].replace("color-scheme: dark;", "")
    assert by_system.split() == by_hand.split()


def test_the_front_end_is_light():
    files = [STATIC / "renfort" / name for name in ("tokens.css", "renfort.css", "public.css", "interface.js", "forms.js")]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) < 25_000


def test_the_page_of_a_breakdown_needs_nothing():
    assert "Une panne de notre côté" in render_to_string("500.html")


def test_an_e_mail_is_written_twice_from_one_set_of_blocks():
    blocks = {
        "subject": "Votre participation est acceptée",
        "greeting": "Bonjour Awa,",
        "sentences": ["Secours Bordeaux & vous."],
        "facts": [("Quand", "mardi 1er décembre")],
        "action": SimpleNamespace(label="Voir ma mission", url="https://example.org/x/?a=1&b=2"),
        "closing": "À bientôt",
        "site": SimpleNamespace(name="Renfort"),
        "programme": "Réserve civique",
        "preferences_url": "https://example.org/p/",
    }
    text, html = render_to_string("email/message.txt", blocks), render_to_string("email/message.html", blocks)
    assert "Secours Bordeaux & vous." in text
    assert "https://example.org/x/?a=1&b=2" in text
    assert "Secours Bordeaux &amp; vous." in html
    assert html.count("<a ") == 2  # one action, and the preferences
    assert len(html.encode()) < 60_000
