"""The components of every page (docs/adr/0008-look.md).

Each is declared with keyword-only arguments, so that a template which misspells one fails when it is compiled.
The small ones are plain functions that return safe HTML: a row of a table calls them from Python, twice as fast as
through a tag.
The library is a template builtin: no ``{% load %}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.core.paginator import Page
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from renfort.kernel import devices
from renfort.kernel.typography import spaced

register = template.Library()
register.filter("spaced", spaced)  # what somebody wrote in French, as it is shown

BUTTON_TONES = frozenset({"primary", "secondary", "quiet", "danger"})
TONES = {
    "neutral": "",
    "info": "info",
    "success": "check-circle",
    "warning": "warning",
    "danger": "cross-circle",
}
ILLUSTRATIONS = frozenset({"food", "children", "contact", "shopping", "place", "generic"})

_SPRITE = Path(__file__).parents[1] / "static" / "renfort" / "icons.svg"
_ICONS: dict[str, str] = dict(re.findall(r'<symbol id="([a-z-]+)">(.*?)</symbol>', _SPRITE.read_text("utf-8")))
ICONS = tuple(_ICONS)


def esc(value: object) -> str:
    """Escape what is not known to be safe; lazy texts are read in the reader's language first.

    As Django's ``conditional_escape``, without its look at lazy arguments: a list page calls this three hundred times.
    """
    text = str(value)
    return text if hasattr(text, "__html__") else SafeString(escape(text))


# ── small pieces, usable from Python ──────────────────────────────────────────────────────────────
@cache
def _icon(name: str, label: str) -> SafeString:
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return mark_safe(f'<svg class="icon" viewBox="0 0 24 24" {said}>{_ICONS[name]}</svg>')  # noqa: S308 -- our own file


@register.simple_tag
def icon(name: str, *, label: str = "") -> SafeString:
    """One of ``ICONS``, in the text's colour. Silent for screen readers unless ``label`` is given."""
    return _icon(name, str(label))


@register.simple_tag
def badge(*, label: object, tone: str = "neutral", icon: str | None = None) -> SafeString:
    """A state in one or two words. The icon doubles the colour; ``icon=""`` leaves it out."""
    name = TONES[tone] if icon is None else icon
    drawing = _icon(name, "") if name else ""
    plain = "" if name else " badge-plain"
    return mark_safe(f'<span class="badge badge-{tone}{plain}">{drawing}{esc(label)}</span>')  # noqa: S308 -- escaped


@register.simple_tag
def button(
    *,
    label: object,
    url: str = "",
    tone: str = "secondary",
    size: str = "",
    icon: str = "",
    trailing: str = "",
    name: str = "",
    value: object = "",
    wide: bool = False,
    dialog: str = "",
    described_by: str = "",
    hint: str = "",
) -> SafeString:
    """A link when there is a ``url``, else a submit button; ``dialog`` opens the dialog of that id without JavaScript.

    ``hint`` is added for screen readers, so that ten « Modifier » of a list differ.
    """
    if tone not in BUTTON_TONES:
        raise ValueError(f"unknown tone of button: {tone}")
    classes = f"btn btn-{tone}" + (f" btn-{size}" if size else "") + (" btn-wide" if wide else "")
    inside = f"{_icon(icon, '') if icon else ''}{esc(label)}"
    if hint:
        inside += f' <span class="sr">{esc(hint)}</span>'
    if trailing:
        inside += _icon(trailing, "")
    extra = f' aria-describedby="{esc(described_by)}"' if described_by else ""
    if url:
        return mark_safe(f'<a class="{classes}" href="{esc(url)}"{extra}>{inside}</a>')  # noqa: S308 -- escaped
    if dialog:
        extra += f' popovertarget="{esc(dialog)}" aria-haspopup="dialog"'
        return mark_safe(f'<button type="button" class="{classes}"{extra}>{inside}</button>')  # noqa: S308 -- escaped
    pair = f' name="{esc(name)}" value="{esc(value)}"' if name else ""
    return mark_safe(f'<button type="submit" class="{classes}"{pair}{extra}>{inside}</button>')  # noqa: S308 -- escaped


@register.simple_tag
def count(*, value: int | None, label: object = "") -> SafeString:
    """The figure that matters beside a menu entry; nothing for none or zero."""
    if not value:
        return SafeString("")
    return format_html(
        '<span class="count">{}{}</span>',
        number(value),
        format_html('<span class="sr"> {}</span>', label) if label else "",
    )


@register.simple_tag
def avatar(*, initials: str, name: str = "", picture: str = "", size: str = "") -> SafeString:
    """A picture, or initials until there is one. Decorative when the name is written beside (``name`` empty)."""
    classes = "avatar" + (f" avatar-{size}" if size else "")
    if picture:
        return format_html('<img class="{}" src="{}" alt="{}" width="64" height="64" loading="lazy">', classes, picture, name)
    said = format_html(' role="img" aria-label="{}"', name) if name else SafeString(' aria-hidden="true"')
    return format_html('<span class="{}"{}>{}</span>', classes, said, initials)


@register.simple_tag
def illustration(name: str, *, label: str = "") -> SafeString:
    """One of ``ILLUSTRATIONS``; an unknown key (a domain that the operator added) shows the generic one."""
    return _illustration(name if name in ILLUSTRATIONS else "generic", str(label), static("renfort/illustrations.svg"))


@cache
def _illustration(key: str, label: str, sprite: str) -> SafeString:
    said = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="art art-{}" viewBox="0 0 240 160" preserveAspectRatio="xMidYMid slice" {}><use href="{}#{}"/></svg>',
        key,
        said,
        sprite,
        key,
    )


@register.simple_tag
def gauge(*, taken: int, total: int) -> SafeString:
    """Places taken of a total, told as it is even when more were taken than offered."""
    left = total - taken
    kind = "over" if left < 0 else "full" if left == 0 else "free"
    if left < 0:
        words = ngettext(
            "%(taken)s\u00a0/\u00a0%(total)s\u00a0: %(over)s de trop",
            "%(taken)s\u00a0/\u00a0%(total)s\u00a0: %(over)s de trop",
            -left,
        )
    elif left == 0:
        words = _("Complet %(taken)s\u00a0/\u00a0%(total)s")
    else:
        words = ngettext(
            "%(left)s place %(taken)s\u00a0/\u00a0%(total)s", "%(left)s places %(taken)s\u00a0/\u00a0%(total)s", left
        )
    text = words % {"taken": number(taken), "total": number(total), "over": number(-left), "left": number(left)}
    most = max(total, 1)
    bar = f'<progress max="{most}" value="{min(taken, most)}" aria-hidden="true"></progress>'
    return mark_safe(f'<span class="gauge gauge-{kind}"><span>{esc(text)}</span>{bar}</span>')  # noqa: S308 -- escaped


@register.simple_tag
def stat(*, value: int | None, label: object, url: str = "", tone: str = "") -> SafeString:
    """One figure of a dashboard, inside ``<ul class="stats"><li>``; it opens the list that it counts."""
    shown = "–" if value is None else number(value)
    classes = "stat" + (f" stat-{tone}" if tone else "")
    inside = format_html("<b>{}</b><span>{}</span>", shown, label)
    if url:
        return format_html('<a class="{}" href="{}">{}</a>', classes, url, inside)
    return format_html('<div class="{}">{}</div>', classes, inside)


@register.simple_tag
def places_left(*, left: int) -> SafeString:
    """« 2 places restantes », « Complet »."""
    if left <= 0:
        return badge(label=_("Complet"), tone="neutral", icon="people")
    words = ngettext("%(n)s place restante", "%(n)s places restantes", left) % {"n": number(left)}
    return badge(label=words, tone="success", icon="people")


# ── numbers and dates in words ────────────────────────────────────────────────────────────────────
@register.filter
def number(value: float | None) -> str:
    """In the reader's form: 12 345,6 in French."""
    if value is None:
        return "–"
    # nothing to group below a thousand: the fast way of most rows; ``type``, because a lazy count is an int to isinstance
    if type(value) is int and 0 <= value < 1000:  # noqa: PLR2004 -- idem
        return str(value)
    return number_format(value, use_l10n=True, force_grouping=True)


def _local(value: datetime, zone: str | ZoneInfo | None) -> datetime:
    if timezone.is_naive(value):
        return value
    return timezone.localtime(value, ZoneInfo(zone) if isinstance(zone, str) and zone else zone or None)


def _day(value: date, *, pattern: str) -> str:
    return _day_in(value, pattern, get_language())


@lru_cache(maxsize=4096)  # the rows of a list share a few days, and formatting one costs as much as the rest of its cell
def _day_in(value: date, pattern: str, _language: str | None) -> str:
    words = format_date(value, pattern)
    if value.day == 1:
        first = pgettext("premier du mois", "1er")
        words = re.sub(r"(?<!\d)1(?!\d)", first, words, count=1)
    return words


def _patterns(year_too: bool) -> str:
    # Translators: PHP-style date patterns of Django; « l » is the weekday, « j » the day, « F » the month
    return pgettext("date", "l j F Y") if year_too else pgettext("date", "l j F")


@register.filter
def day_words(value: date | datetime | None, zone: str | ZoneInfo | None = None) -> str:
    """« lundi 4 mars », with the year when it is not this one. A moment is read in ``zone``, that of the place."""
    if value is None:
        return ""
    day = _local(value, zone).date() if isinstance(value, datetime) else value
    return _day(day, pattern=_patterns(day.year != timezone.localdate().year))


def hour_words(value: datetime) -> str:
    """« 14 h », « 14 h 30 »."""
    if value.minute:
        return pgettext("heure", "%(hour)s\u00a0h\u00a0%(minute)02d") % {"hour": value.hour, "minute": value.minute}
    return pgettext("heure", "%(hour)s\u00a0h") % {"hour": value.hour}


@register.filter
def moment_words(value: datetime | None, zone: str | ZoneInfo | None = None) -> str:
    """« lundi 4 mars, 14 h 30 », in the zone of the place."""
    if value is None:
        return ""
    place = str(zone or timezone.get_current_timezone_name())
    return _moment_in(value.replace(second=0, microsecond=0), place, timezone.localdate().year, get_language())


@lru_cache(maxsize=8192)  # a list shows the same moments each time that it is opened, and words cost more than all else in a row
def _moment_in(value: datetime, zone: str, _year: int, _language: str | None) -> str:
    local = _local(value, zone)
    return _("%(day)s, %(hour)s") % {"day": day_words(local.date()), "hour": hour_words(local)}


@register.filter
def moment_day(value: datetime | None, zone: str | ZoneInfo | None = None) -> str:
    """« lundi 4 mars »: the day of a moment, in the zone of the place."""
    return day_words(_local(value, zone).date()) if value is not None else ""


@register.simple_tag
def span_words(*, starts_at: datetime, ends_at: datetime, zone: str | ZoneInfo | None = None) -> str:
    """« lundi 4 mars, 14 h – 17 h »; over several days « du lundi 4 mars, 14 h au mardi 5 mars, 9 h »."""
    start, end = _local(starts_at, zone), _local(ends_at, zone)
    if start.date() == end.date():
        return _("%(day)s, %(from)s\u00a0– %(to)s") % {
            "day": day_words(start.date()),
            "from": hour_words(start),
            "to": hour_words(end),
        }
    return _("du %(from)s au %(to)s") % {"from": moment_words(start), "to": moment_words(end)}


@register.simple_tag
def period_words(*, starts_on: date | None, ends_on: date | None) -> str:
    """Days of a mission: « lundi 4 mars », « du 4 au 8 mars », « à partir du 4 mars », « dates à convenir »."""
    if starts_on is None and ends_on is None:
        return _("dates à convenir")
    this_year = timezone.localdate().year
    last = ends_on or starts_on
    year_too = last is not None and last.year != this_year
    full = pgettext("date sans jour de semaine", "j F Y") if year_too else pgettext("date sans jour de semaine", "j F")
    if starts_on is None or ends_on is None:
        if starts_on is not None:
            return _("à partir du %(day)s") % {"day": _day(starts_on, pattern=full)}
        return _("jusqu’au %(day)s") % {"day": _day(ends_on, pattern=full) if ends_on else ""}
    if starts_on == ends_on:
        return _day(starts_on, pattern=_patterns(year_too))
    short = full
    if (starts_on.year, starts_on.month) == (ends_on.year, ends_on.month):
        short = pgettext("jour seul", "j")
    elif starts_on.year == ends_on.year:
        short = pgettext("date sans jour de semaine", "j F")
    elif not year_too:
        short = pgettext("date sans jour de semaine", "j F Y")
    return _("du %(from)s au %(to)s") % {"from": _day(starts_on, pattern=short), "to": _day(ends_on, pattern=full)}


def _ago(delta: timedelta) -> str:
    seconds = abs(int(delta.total_seconds()))
    if seconds < 60:  # noqa: PLR2004 -- one minute
        return _("à l’instant")
    past = delta.total_seconds() <= 0
    for size, past_words, future_words in (
        (365 * 86400, ("il y a %(n)s an", "il y a %(n)s ans"), ("dans %(n)s an", "dans %(n)s ans")),
        (30 * 86400, ("il y a %(n)s mois", "il y a %(n)s mois"), ("dans %(n)s mois", "dans %(n)s mois")),
        (86400, ("il y a %(n)s jour", "il y a %(n)s jours"), ("dans %(n)s jour", "dans %(n)s jours")),
        (3600, ("il y a %(n)s heure", "il y a %(n)s heures"), ("dans %(n)s heure", "dans %(n)s heures")),
        (60, ("il y a %(n)s minute", "il y a %(n)s minutes"), ("dans %(n)s minute", "dans %(n)s minutes")),
    ):
        if seconds >= size:
            return _so_many(*(past_words if past else future_words), seconds // size, get_language())
    raise AssertionError("a minute at least")


@lru_cache(maxsize=1024)
def _so_many(one: str, many: str, n: int, _language: str | None) -> str:
    return ngettext(one, many, n) % {"n": n}


def _catalogue() -> None:
    """Never called: shows makemessages the plurals that ``_ago`` picks from its table."""
    n = 2
    ngettext("il y a %(n)s an", "il y a %(n)s ans", n)
    ngettext("il y a %(n)s mois", "il y a %(n)s mois", n)
    ngettext("il y a %(n)s jour", "il y a %(n)s jours", n)
    ngettext("il y a %(n)s heure", "il y a %(n)s heures", n)
    ngettext("il y a %(n)s minute", "il y a %(n)s minutes", n)
    ngettext("dans %(n)s an", "dans %(n)s ans", n)
    ngettext("dans %(n)s mois", "dans %(n)s mois", n)
    ngettext("dans %(n)s jour", "dans %(n)s jours", n)
    ngettext("dans %(n)s heure", "dans %(n)s heures", n)
    ngettext("dans %(n)s minute", "dans %(n)s minutes", n)


@register.simple_tag
def relative_time(*, at: datetime | None, zone: str | ZoneInfo | None = None) -> SafeString:
    """« il y a 3 jours », with the exact moment on hover and on focus."""
    if at is None:
        return SafeString("–")
    words, exact = _ago(at - timezone.now()), moment_words(at, zone)
    return mark_safe(  # noqa: S308 -- escaped
        f'<time datetime="{at.isoformat()}" title="{esc(exact)}" tabindex="0">{esc(words)}</time>'
    )


OVERSEAS = ("+262", "+508", "+590", "+594", "+596")
NATIONAL = 9  # digits of a French number after the country's code


@register.filter
def address(value: str) -> SafeString:
    """An e-mail address that a narrow column cuts before its « @ »."""
    name, at, host = value.rpartition("@")
    return format_html("{}<wbr>{}{}", name, at, host)


@register.filter
def phone(value: str | None) -> str:
    """« 06 39 98 23 88 » for a French number kept as « +33639982388 »; another country's is shown as it is."""
    if not value:
        return ""
    size = 4 if value.startswith(OVERSEAS) else 3 if value.startswith("+33") else 0
    digits = value[size:]
    if not size or len(digits) != NATIONAL or not digits.isdecimal():
        return value
    whole = "0" + digits
    if size == 4:  # noqa: PLR2004 -- « 0692 12 34 56 » overseas
        return f"{whole[:4]}\u00a0{whole[4:6]}\u00a0{whole[6:8]}\u00a0{whole[8:]}"
    return "\u00a0".join((whole[:2], whole[2:4], whole[4:6], whole[6:8], whole[8:]))


register.filter("device_words", devices.device_words)
register.filter("is_phone", devices.is_phone)


# ── lists and structures ──────────────────────────────────────────────────────────────────────────
@register.simple_tag
def facts(*, items: Iterable[tuple[object, object]], inline: bool = False) -> SafeString:
    """A definition list; a fact without a value is left out."""
    rows = format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", ((k, v) for k, v in items if v not in (None, "")))
    return format_html('<dl class="facts{}">{}</dl>', " facts-inline" if inline else "", rows)


@register.simple_tag
def chips(*, chips: Iterable[Any], label: str = "") -> SafeString:
    """Filters in force (``label``, ``url`` without it), each a link that takes it away."""
    cross = _icon("cross", "")
    rows = format_html_join(
        "",
        '<li><a class="chip chip-on" href="{}"><span class="sr">{} </span>{}{}</a></li>',
        ((_attr(c, "url"), _("Retirer le filtre\u00a0:"), _attr(c, "label"), cross) for c in chips),
    )
    if not rows:
        return SafeString("")
    return format_html('<ul class="chips" aria-label="{}">{}</ul>', label or _("Filtres actifs"), rows)


def _attr(thing: Any, name: str) -> Any:
    return thing[name] if isinstance(thing, Mapping) else getattr(thing, name)


@register.inclusion_tag("ui/breadcrumb.html")
def breadcrumb(*, items: Sequence[tuple[object, str]], here: object) -> dict[str, Any]:
    """Where one is: ``items`` of (label, url), then ``here``."""
    return {"items": items, "here": here}


@register.inclusion_tag("ui/steps.html")
def steps(*, labels: Sequence[object], current: int) -> dict[str, Any]:
    """Progress through a long form; ``current`` counts from 1, one past the end means all done."""
    return {
        "steps": [(i, label, i < current, i == current) for i, label in enumerate(labels, 1)],
        "current": current,
        "total": len(labels),
    }


@register.inclusion_tag("ui/timeline.html")
def timeline(*, entries: Iterable[Any], zone: str | None = None) -> dict[str, Any]:
    """What happened to an object: entries with ``when``, ``who``, ``what`` and perhaps ``why`` and ``icon``."""
    return {"entries": entries, "zone": zone}


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: template.Context, *, page: Page[Any], results: str = "") -> dict[str, Any]:
    """« Affiche 1 à 20 sur 57 résultats » and the pages, keeping what the address already says."""
    total = page.paginator.count
    if results:
        words = results
    elif not total:
        words = _("Aucun résultat")
    else:
        words = ngettext(
            "Affiche %(first)s à %(last)s sur %(total)s résultat",
            "Affiche %(first)s à %(last)s sur %(total)s résultats",
            total,
        ) % {"first": number(page.start_index()), "last": number(page.end_index()), "total": number(total)}
    return {
        "page": page,
        "words": words,
        "pages": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
        "gap": page.paginator.ELLIPSIS,
        "query": context["request"].GET,
    }


@register.inclusion_tag("ui/actions.html")
def actions(*, actions: Iterable[Any], row: bool = False) -> dict[str, Any]:
    """The buttons of a workflow: the main one first, the dangerous last; those that cannot be used say why."""
    return {"actions": sorted(actions, key=_weight), "row": row}


def _weight(action: Any) -> tuple[bool, bool, bool, bool]:
    tone = str(_attr(action, "tone"))
    return tone == "danger", tone != "primary", bool(_attr(action, "refusals")), tone == "quiet"


@register.inclusion_tag("ui/error_summary.html")
def error_summary(*, form: Any) -> dict[str, Any]:
    """What is wrong in a form, with a link to each field. ``{{ form }}`` already begins with it."""
    return {"form": form}


@register.simple_tag(takes_context=True)
def sort_header(context: template.Context, *, key: str, label: object, param: str = "tri") -> SafeString:
    """A ``<th>`` whose link sorts the list, then the other way round; the address keeps it."""
    request = context["request"]
    now = request.GET.get(param, "")
    query = request.GET.copy()
    query[param] = f"-{key}" if now == key else key
    query.pop("page", None)
    order = {key: "ascending", f"-{key}": "descending"}.get(now)
    mark = {"ascending": " ↑", "descending": " ↓"}.get(order or "", "")
    said = format_html(' aria-sort="{}"', order) if order else ""
    return format_html(
        '<th scope="col"{}><a href="?{}">{}</a><span aria-hidden="true">{}</span></th>',
        said,
        query.urlencode(),
        label,
        mark,
    )


# ── blocks: a component around content ────────────────────────────────────────────────────────────
@register.simple_block_tag
def alert(content: str, *, tone: str = "info", title: object = "", role: str = "") -> SafeString:
    """A message within a page. ``role="alert"`` only for what appears after an action."""
    head = format_html('<p class="alert-title">{}</p>', title) if title else ""
    said = format_html(' role="{}"', role) if role else ""
    return format_html(
        '<div class="alert alert-{}"{}>{}<div class="alert-body">{}{}</div></div>',
        tone,
        said,
        _icon(TONES[tone] or "info", ""),
        head,
        content,
    )


@register.simple_block_tag
def card(content: str, *, title: object = "", level: int = 2, tone: str = "") -> SafeString:
    """A surface. Tones: none, ``sunk``, ``ink``."""
    head = format_html('<h{} class="card-title">{}</h{}>', level, title, level) if title else ""
    return format_html('<div class="card{}">{}{}</div>', f" card-{tone}" if tone else "", head, content)


@register.simple_block_tag
def empty_state(content: str, *, title: object, art: str = "generic", level: int = 2) -> SafeString:
    """An empty list shows what to do next: the content says it and holds the button."""
    return format_html('<div class="empty">{}<h{}>{}</h{}>{}</div>', illustration(art), level, title, level, content)


@register.simple_block_tag
def fold(content: str, *, title: object, opened: bool = False) -> SafeString:
    """Something to unfold, without JavaScript."""
    return format_html(
        '<details class="fold"{}><summary>{}{}</summary><div class="fold-body">{}</div></details>',
        SafeString(" open") if opened else "",
        title,
        _icon("chevron", ""),
        content,
    )


@register.simple_block_tag
def dialog(content: str, *, id: str, title: object) -> SafeString:
    """A window over the page, opened by ``{% button dialog=id %}`` without JavaScript; Escape closes it."""
    return format_html(
        '<dialog class="dialog" id="{0}" popover aria-labelledby="{0}-titre">'
        '<div class="dialog-head"><h2 id="{0}-titre">{1}</h2><button type="button" class="icon-link"'
        ' popovertarget="{0}" popovertargetaction="hide">{2}</button></div>{3}</dialog>',
        id,
        title,
        _icon("cross", _("Fermer")),
        content,
    )


@register.simple_block_tag
def table(content: str, *, label: object, stacked: bool = True, rows: bool = False) -> SafeString:
    """Rows (``<thead>``, ``<tbody>``) in a frame that scrolls alone; ``stacked`` turns rows into cards on a phone.

    ``rows``: a list to work through, compact, each row a card of its own on a phone.
    """
    return format_html(
        '<div class="table-wrap" role="region" aria-label="{0}" tabindex="0">'
        '<table class="table{1}"><caption class="sr">{0}</caption>{2}</table></div>',
        label,
        (" table-stacked" if stacked else "") + (" rows" if rows else ""),
        content,
    )


@register.simple_block_tag
def panel(content: str, *, title: object, close_url: str) -> SafeString:
    """The side panel of a list, beside it inside ``<div class="with-panel">``; the cross gives the list back."""
    return format_html(
        '<aside class="panel" id="panneau" tabindex="-1" aria-labelledby="panneau-titre" data-close="{0}">'
        '<div class="panel-head"><h2 id="panneau-titre">{1}</h2><a class="icon-link" href="{0}">{2}</a></div>{3}</aside>',
        close_url,
        title,
        _icon("cross", _("Fermer")),
        content,
    )


# ── forms ─────────────────────────────────────────────────────────────────────────────────────────
@register.filter
def form_sections(form: Any) -> list[dict[str, Any]]:
    """The visible fields under the headings that the form declares in ``sections``; those left over come last."""
    fields = {field.name: field for field in form.visible_fields()}
    parts: list[dict[str, Any]] = []
    for section in getattr(form, "sections", ()):
        own = [fields.pop(name) for name in section.fields if name in fields]
        folded = [fields.pop(name) for name in section.folded if name in fields]
        if own:
            parts.append(
                {
                    "title": section.title,
                    "help": section.help,
                    "fields": own,
                    "pairs": section.pairs,
                    "fold": section.fold,
                    "folded": folded,
                    "unfold": any(field.errors or (field.kind == "group" and field.value()) for field in folded),
                }
            )
    if fields:
        parts.append({"title": "", "help": "", "fields": list(fields.values()), "pairs": False, "folded": []})
    return parts
