"""Rows and plots of the case managers' pages (S10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.html import conditional_escape as esc
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from renfort.civic_service.components.projects import project_badge
from renfort.civic_service.enums import Domain, OpinionKind
from renfort.civic_service.models import HostProject, Opinion
from renfort.civic_service.selectors.review_figures import Week
from renfort.kernel.plots import HEIGHT, RIGHT, WIDTH, bar, left_of, nice_top, scale, under
from renfort.kernel.templatetags.ui import badge, number, relative_time
from renfort.organisations.components import taken_badge

OPINION_TONES = {
    OpinionKind.FAVOURABLE: "success", OpinionKind.RESERVED: "warning", OpinionKind.UNFAVOURABLE: "danger",
}  # fmt: skip


def opinion_badge(opinion: Opinion) -> SafeString:
    """« Avis réservé »."""
    words = _("Avis\u00a0: %(kind)s") % {"kind": str(OpinionKind(opinion.kind).label).lower()}
    return badge(label=words, tone=OPINION_TONES[OpinionKind(opinion.kind)])


def review_row(
    project: HostProject, url: str, *, late_before: datetime, reader: int | None, lacks_opinion: bool = False
) -> SafeString:
    """One project that waits: title and establishment, campaign, department, asked, since when, who has it in hand."""
    where, zone = project.establishment.organisation, project.establishment.organisation.department.time_zone
    late = badge(label=_("En retard"), tone="danger", icon="clock") if _is_late(project, late_before) else ""
    again = badge(label=_("Déposé à nouveau"), tone="info", icon="edit") if project.filings > 1 else ""
    opinion = badge(label=_("Avis à recueillir"), tone="neutral", icon="info") if lacks_opinion else ""
    holder = project.taken_by.full_name if project.taken_by else ""
    hand = taken_badge(holder, is_mine=project.taken_by_id is not None and project.taken_by_id == reader)
    cells = (
        _cell(_("Département"), str(where.department)),
        _cell(_("Domaine"), _domain(project)),
        _cell(_("Demandés"), number(project.asked), "num"),
        _cell(_("Déposé"), format_html("{} {}", relative_time(at=project.queued_at, zone=zone), late)),
        format_html('<td class="cell-first"><div class="badges">{}{}{}</div></td>', again, opinion, hand),
    )
    return format_html('<tr data-row="{}">{}{}</tr>', project.pk, _title(project, url), joined(cells))


def project_row(project: HostProject, url: str) -> SafeString:
    """One project of the list: title and establishment, department, domain, asked and granted, state."""
    where = project.establishment.organisation
    granted = number(project.granted) if project.granted is not None else "–"
    cells = (
        _cell(_("Campagne"), project.campaign.title),
        _cell(_("Département"), str(where.department)),
        _cell(_("Domaine"), _domain(project)),
        _cell(_("Demandés"), number(project.asked), "num"),
        _cell(_("Accordés"), granted, "num"),
        format_html('<td class="cell-first">{}</td>', project_badge(project)),
    )
    return format_html("<tr>{}{}</tr>", _title(project, url), joined(cells))


def joined(cells: Iterable[SafeString]) -> SafeString:
    """Cells one after the other."""
    return format_html_join("", "{}", ((each,) for each in cells))


def _cell(label: str, content: str, css: str = "") -> SafeString:
    return format_html('<td class="{}" data-label="{}">{}</td>', css, label, content)


def _title(project: HostProject, url: str) -> SafeString:
    where = project.establishment.organisation
    place = " · ".join(part for part in (where.name, where.city) if part)
    return format_html(
        '<th scope="row" class="row-title"><a href="{}">{}</a><span class="soft">{}</span></th>', url, project.title, place
    )


def _domain(project: HostProject) -> str:
    return str(Domain(project.domain).label) if project.domain in Domain.values else ""


def _is_late(project: HostProject, late_before: datetime) -> bool:
    return project.queued_at is not None and project.queued_at < late_before


def weekly_plot(weeks: Sequence[Week]) -> SafeString:
    """Two bars a week, filed and decided; the table beside it says the same."""
    top = nice_top(max((max(week.filed, week.decided) for week in weeks), default=0))
    left = left_of(len(number(top)))
    slot = (WIDTH - left - RIGHT) / max(1, len(weeks))
    wide = min(18.0, slot / 2 - 4)
    lines = scale([number(top - top * part // 4) for part in range(5)], left)
    for place, week in enumerate(weeks):
        middle = left + slot * (place + 0.5)
        lines.append(bar(middle - wide - 1, wide, week.filed / top, "plot-filed"))
        lines.append(bar(middle + 1, wide, week.decided / top, "plot-decided"))
        if (len(weeks) - 1 - place) % 3 == 0:
            lines.append(under(middle, f"{week.monday.day:02}/{week.monday.month:02}"))
    said = esc(_("Projets déposés et décidés par semaine ; les chiffres sont dans le tableau qui suit."))
    drawing = "".join(lines)
    return mark_safe(f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{said}">{drawing}</svg>')  # noqa: S308 -- our own drawing; the words are escaped
