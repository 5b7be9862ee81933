"""Rows of the lists of a national network's head: to be read, each opening its panel (R37, R56)."""

from __future__ import annotations

from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from renfort.kernel.templatetags.ui import gauge, number, period_words, relative_time
from renfort.missions.components.contact import reach
from renfort.missions.components.lists import Place
from renfort.missions.components.rows import mission_badge, participation_badge, place_of
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.mission import places_offered, places_taken
from renfort.organisations.components import organisation_badge
from renfort.organisations.models import Organisation


def organisation_line(organisation: Organisation, place: Place, online: int) -> SafeString:
    """Name and place, missions online, status, since when on the platform."""
    missions, came = _("Missions en ligne"), _("Inscrite")
    return mark_safe(  # noqa: S308 -- every part is escaped
        f'{place.row(organisation.pk)}<th scope="row" class="row-title">{place.link(organisation.pk, organisation.name)}'
        f'<span class="soft">{esc(organisation.city)} · {esc(str(organisation.department))}</span></th>'
        f'<td data-label="{esc(missions)}">{esc(number(online))}</td>'
        f'<td class="cell-first">{organisation_badge(organisation)}</td>'
        f'<td class="cell-tight" data-label="{esc(came)}">{relative_time(at=organisation.created_at)}</td></tr>'
    )


def mission_line(mission: Mission, place: Place) -> SafeString:
    """Title and whose it is, dates, city, places, status."""
    dates, city = _("Dates"), _("Ville")
    return mark_safe(  # noqa: S308 -- every part is escaped
        f'{place.row(mission.pk)}<th scope="row" class="row-title">{place.link(mission.pk, mission.title)}'
        f'<span class="soft">{esc(mission.organisation.name)} · {esc(mission.domain.short)}</span></th>'
        f'<td data-label="{esc(dates)}">{esc(period_words(starts_on=mission.starts_on, ends_on=mission.ends_on))}</td>'
        f'<td data-label="{esc(city)}">{esc(place_of(mission))}</td>'
        f"<td>{gauge(taken=places_taken(mission), total=places_offered(mission))}</td>"
        f'<td class="cell-first"><div class="badges">{mission_badge(mission)}</div></td></tr>'
    )


def participation_line(participation: Participation, place: Place) -> SafeString:
    """Who, how to reach them as long as R37 allows, for what, where it stands; nothing to decide."""
    mission, came = _("Mission"), _("Reçue")
    return mark_safe(  # noqa: S308 -- every part is escaped
        f'{place.row(participation.pk)}<th scope="row" class="row-title">'
        f"{place.link(participation.pk, participation.person.full_name)}{reach(participation)}</th>"
        f'<td data-label="{esc(mission)}">{esc(participation.mission.title)}'
        f'<span class="soft">{esc(participation.organisation.name)} · {esc(str(participation.mission.department))}</span></td>'
        f'<td class="cell-first">{participation_badge(participation)}</td>'
        f'<td class="cell-tight" data-label="{esc(came)}">'
        f"{relative_time(at=participation.created_at, zone=participation.mission.zone)}</td></tr>"
    )
