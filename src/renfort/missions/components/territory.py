"""Rows and figures of a referent's pages (R51)."""

from __future__ import annotations

from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.kernel.templatetags.ui import number, relative_time
from renfort.missions.components.lists import Place
from renfort.missions.components.rows import participation_badge
from renfort.missions.models import Participation
from renfort.missions.selectors.territory import Waits
from renfort.organisations.models import Organisation

HOUR, DAY = 3600, 86400


def organisation_row(organisation: Organisation, url: str, online: int) -> SafeString:
    """One row of « Structures »: name and place, status, missions online, since when."""
    kind, missions, came = _("Statut juridique"), _("Missions en ligne"), _("Inscrite")
    return mark_safe(  # noqa: S308 -- every part is escaped
        f'<tr><th scope="row" class="row-title"><a href="{esc(url)}">{esc(organisation.name)}</a>'
        f'<span class="soft">{esc(organisation.city)} · {esc(str(organisation.department))}</span></th>'
        f'<td data-label="{esc(kind)}">{esc(organisation.legal_status.label)}</td>'
        f'<td data-label="{esc(missions)}">{esc(number(online))}</td>'
        f'<td class="cell-tight" data-label="{esc(came)}">{relative_time(at=organisation.created_at)}</td></tr>'
    )


def read_participation_row(participation: Participation, url: str) -> SafeString:
    """One row of « Participations » as a referent reads it: no contact data, nothing to decide (R37, R52)."""
    mission, came = _("Mission"), _("Reçue")
    return mark_safe(  # noqa: S308 -- every part is escaped
        f'<tr><th scope="row" class="row-title"><a href="{esc(url)}">{esc(participation.person.full_name)}</a></th>'
        f'<td data-label="{esc(mission)}">{esc(participation.mission.title)}'
        f'<span class="soft">{esc(participation.organisation.name)} · {esc(str(participation.mission.department))}</span></td>'
        f'<td class="cell-first">{participation_badge(participation)}</td>'
        f'<td class="cell-tight" data-label="{esc(came)}">'
        f"{relative_time(at=participation.created_at, zone=participation.mission.zone)}</td></tr>"
    )


def with_panel(row: SafeString, pk: int, place: Place) -> SafeString:
    """The same row, whose link opens the panel beside the list where there is a script (R18)."""
    panel = f'<a data-panel="{place.path}{pk}/volet/" href='
    return mark_safe(row.replace("<tr>", place.row(pk), 1).replace("<a href=", panel, 1))  # noqa: S308 -- escaped before


def duration(seconds: float | None) -> str:
    """« 5 heures », « 2 jours »; "" when nothing was counted."""
    if seconds is None:
        return ""
    if seconds < DAY:
        hours = max(1, round(seconds / HOUR))
        return ngettext("%(n)s heure", "%(n)s heures", hours) % {"n": number(hours)}
    days = round(seconds / DAY)
    return ngettext("%(n)s jour", "%(n)s jours", days) % {"n": number(days)}


def waits_words(waits: Waits) -> tuple[str, str]:
    """The median, and the time within which nine of ten are done."""
    return duration(waits.median), duration(waits.ninetieth)
