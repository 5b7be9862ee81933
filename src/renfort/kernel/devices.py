"""What a browser says of itself, in two words (« Chrome sur Android »): all that is kept of it (P10)."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

LONGEST = 400  # what is read of a User-Agent
# in this order: most browsers also name those that they descend from
BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|OPiOS/|OPT/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Vivaldi", r"Vivaldi/"),
    ("DuckDuckGo", r"DuckDuckGo/|Ddg/"),
    ("Firefox", r"Firefox/|FxiOS/|Focus/"),
    ("Chromium", r"Chromium/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Version/[\d.]+ .*Safari/|Safari/"),
)
SYSTEMS = (
    ("iPhone", r"iPhone|iPod"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("ChromeOS", r"CrOS"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("Linux", r"Linux|X11"),
)
PHONES = frozenset({"iPhone", "Android"})


def device_of(user_agent: str) -> str:
    """The device of a User-Agent header as it is kept: « Chrome/Android », « /Windows », « Firefox/ », « / »."""
    text = user_agent[:LONGEST]
    return f"{_first(BROWSERS, text)}/{_first(SYSTEMS, text)}"


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in known if re.search(pattern, text)), "")


def device_words(device: str) -> str:
    """« Chrome sur Android », « Firefox », « un navigateur sur Windows »."""
    browser, _slash, system = device.partition("/")
    if browser and system:
        return _("%(browser)s sur %(system)s") % {"browser": browser, "system": system}
    if system:
        return _("Un navigateur sur %(system)s") % {"system": system}
    return browser or _("Un navigateur inconnu")


def is_phone(device: str) -> bool:
    """Whether it is held in one hand: for the picture beside the words."""
    return device.partition("/")[2] in PHONES
