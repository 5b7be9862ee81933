"""What every page knows of the site and of its reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

THEMES = frozenset({"light", "dark"})


@dataclass(frozen=True, slots=True)
class Site:
    """The name and the dress of the site."""

    name: str
    demo: bool
    theme: str
    theme_css: str = ""


def context(request: HttpRequest) -> dict[str, Any]:
    """The one context processor of ours: no query, only what middleware and views have left on the request."""
    theme = request.COOKIES.get("theme", "")
    return {
        "site": Site(
            name=settings.SITE_NAME,
            demo=settings.DEMO,
            theme=theme if theme in THEMES else "",
            theme_css=getattr(request, "theme_css", ""),
        ),
        "nav": getattr(request, "nav", None),
    }
