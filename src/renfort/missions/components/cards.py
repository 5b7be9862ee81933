"""A mission in a public list, as safe HTML: results, home page, an organisation's page, « d'autres missions »."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from renfort.kernel.templatetags.ui import icon, illustration, number, period_words, places_left
from renfort.kernel.typography import spaced
from renfort.missions.components.favourites import heart
from renfort.missions.enums import Format
from renfort.missions.models import Mission
from renfort.missions.selectors.mission import places_left as left_on

FAR = 10  # km: from here on, tenths mean nothing


def mission_card(mission: Mission, *, distance: float | None = None, favourites: frozenset[int] | None = None) -> SafeString:
    """One card, to stand in ``<ul class="missions"><li>``; no query when the mission comes from ``for_cards``.

    ``distance``: how far the place is from the one that was asked for, in km. ``favourites``: those that the reader keeps, where
    the page has the form of the hearts; None: no heart.
    """
    left, domain = left_on(mission), mission.domain
    liked = "" if favourites is None else heart(mission, is_kept=mission.pk in favourites)
    if mission.is_remote:
        place = f"{icon('remote')}{_said('remote', get_language())}"
    else:
        away = f'<span class="mission-far"> · {esc(distance_words(distance))}</span>' if distance is not None else ""
        place = f"{icon('pin')}<span>{esc(mission.city)} ({esc(mission.department_id)}){away}</span>"
    return mark_safe(  # noqa: S308 -- every part is escaped
        f'<article class="card card-link mission{"" if left else " mission-full"}" id="mission-{mission.pk}">'
        f"{illustration(domain.illustration)}"
        f'<div class="mission-body"><h3><a href="{esc(mission.get_absolute_url())}">{esc(spaced(mission.title))}</a></h3>'
        f'<p class="mission-domain">{esc(domain.short)}</p><p class="mission-org">'
        f'<a href="{esc(mission.organisation_url)}">{esc(mission.organisation.name)}</a></p>'
        f'<ul class="mission-facts"><li>{place}</li>'
        f"<li>{icon('calendar')}{_period(mission.starts_on, mission.ends_on, localdate().year, get_language())}</li>"
        f"<li>{icon('repeat')}{_said(mission.format, get_language())}</li></ul>"
        f'<div class="mission-foot">{places_left(left=left)}{icon("arrow")}</div></div>{liked}</article>'
    )


def distance_words(distance: float) -> str:
    """« à 3,4 km », « à 23 km », « à moins de 1 km »."""
    if distance < 1:
        return _("à moins de 1\u00a0km")
    shown = round(distance, 1) if distance < FAR else round(distance)
    return _("à %(n)s\u00a0km") % {"n": number(shown)}


@lru_cache(maxsize=4096)
def _period(starts_on: date | None, ends_on: date | None, _year: int, _language: str | None) -> str:
    """« Du 4 au 8 mars »: twenty a page, and few different ones."""
    words = period_words(starts_on=starts_on, ends_on=ends_on)
    return esc(words[:1].upper() + words[1:])


@lru_cache(maxsize=32)
def _said(code: str, _language: str | None) -> str:
    return esc(_("À distance")) if code == "remote" else esc(str(Format(code).label))
