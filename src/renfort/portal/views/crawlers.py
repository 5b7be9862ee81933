"""What search engines are told: where not to look, and which public pages there are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import ceil
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from renfort.missions.models.mission import organisation_url
from renfort.portal.selectors import public_missions_count, public_missions_part, public_organisations

Entry = tuple[str, datetime | None]

PER_PART = 10_000  # addresses; a sitemap may hold 50,000
CLOSED = (
    "/espace/",
    "/operateur/",
    "/demo/",
    "/connexion/",
    "/mot-de-passe/",
    "/confirmer/",
    "/nouvelle-adresse/",
    "/ancienne-adresse/",
)
PAGES = ("portal:home", "missions:public-list", "portal:rules", "people:sign-up-volunteer", "organisations:sign-up")
XML = '<?xml version="1.0" encoding="UTF-8"?>'
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """``/robots.txt``: a demonstration is nobody's to find; elsewhere only what is behind a sign-in is closed."""
    closed = ("/",) if settings.DEMO else CLOSED
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    if not settings.DEMO:
        lines += ["", f"Sitemap: {settings.BASE_URL}{reverse('portal:sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """``/sitemap.xml``: the list of the parts: pages and organisations first, then missions by ten thousands."""
    parts = range(1 + ceil(public_missions_count() / PER_PART))
    rows = "".join(
        f"<sitemap><loc>{escape(settings.BASE_URL + reverse('portal:sitemap-part', args=[part]))}</loc></sitemap>"
        for part in parts
    )
    return _xml(f'<sitemapindex xmlns="{SCHEMA}">{rows}</sitemapindex>')


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap_part(request: HttpRequest, part: int) -> HttpResponse:
    """``/sitemap-0.xml``: pages and organisations that look for somebody; the others: open missions. One query.

    Raises:
        Http404: no such part.
    """
    entries: list[Entry]
    if part == 0:
        entries = [(reverse(name), None) for name in PAGES]
        entries += [(organisation_url(each), None) for each in public_organisations()[:PER_PART]]
    else:
        # nobody's list is so long; a larger number would only make the database count
        missions = public_missions_part(part, PER_PART) if part <= PER_PART else []
        entries = [(mission.get_absolute_url(), mission.published_at) for mission in missions]
        if not entries:
            raise Http404
    return _xml(f'<urlset xmlns="{SCHEMA}">{"".join(_urls(entries))}</urlset>')


def _urls(entries: Iterable[Entry]) -> Iterable[str]:
    for path, at in entries:
        changed = f"<lastmod>{at:%Y-%m-%d}</lastmod>" if at is not None else ""
        yield f"<url><loc>{escape(settings.BASE_URL + path)}</loc>{changed}</url>"


def _xml(body: str) -> HttpResponse:
    return HttpResponse(f"{XML}\n{body}\n", content_type="application/xml; charset=utf-8")
