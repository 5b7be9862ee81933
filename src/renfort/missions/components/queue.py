"""Rows of the queue of missions (R52)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from renfort.kernel.templatetags.ui import badge, relative_time
from renfort.missions.checks import Finding
from renfort.missions.components.rows import mission_badge
from renfort.missions.models import Mission
from renfort.organisations.components import findings_badge, taken_badge


def queue_row(
    mission: Mission,
    url: str,
    *,
    late_before: datetime,
    holder: str,
    is_mine: bool,
    is_orphan: bool = False,
    findings: Iterable[Finding] = (),
) -> SafeString:
    """One mission that waits: title and organisation, domain, department, since when, what to look at, who has it in hand."""
    domain, place, since = _("Domaine"), _("Département"), _("Reçue")
    late = badge(label=_("En retard"), tone="danger", icon="clock") if mission.queued_at < late_before else ""
    opinion = badge(label=_("Second avis à donner"), tone="info", icon="eye") if mission.opinion_at else ""
    orphan = badge(label=_("Sans référent"), tone="neutral", icon="info") if is_orphan else ""
    hand = taken_badge(holder, is_mine=is_mine)
    return mark_safe(  # noqa: S308 -- every part is escaped
        f'<tr data-row="{mission.pk}"><th scope="row" class="row-title"><a href="{esc(url)}">{esc(mission.title)}</a>'
        f'<span class="soft">{esc(mission.organisation.name)}</span></th>'
        f'<td data-label="{esc(domain)}">{esc(mission.domain.short)}</td>'
        f'<td data-label="{esc(place)}">{esc(mission.department.name)}</td>'
        f'<td data-label="{esc(since)}">{relative_time(at=mission.queued_at)} {late}</td>'
        f'<td class="cell-first"><div class="badges">{mission_badge(mission, reader=True)}'
        f"{opinion}{orphan}{hand}{findings_badge(findings)}</div></td></tr>"
    )
