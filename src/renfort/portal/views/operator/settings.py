"""What the operator sets without a developer: one page per sheet of settings, with its history (R58)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.kernel.colours import DARK, darkened, lightened
from renfort.kernel.http import Request
from renfort.kernel.messages import MESSAGES
from renfort.missions.selectors.mission import submitted_count
from renfort.notifications.catalogue import mail_sheet
from renfort.parameters.catalogue import GENERAL, LOGO, SHEETS, AnySetting, Kind, Setting, Sheet
from renfort.parameters.selectors import PARTS, Change, changes_of, picture_paths, site_colour, value_of
from renfort.parameters.services import set_value
from renfort.people.selectors import names_of
from renfort.portal.forms import SheetForm
from renfort.portal.views.operator import enter_operator
from renfort.portal.views.site import picture_url

UNPROCESSABLE = 422
MAIL = "e-mail-"
SHORT = 200  # characters of a text that the history shows


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history as the page shows it."""

    pk: int
    label: str
    before: str
    after: str
    at: datetime
    who: str


def _sheet_or_404(slug: str) -> Sheet:
    if slug.startswith(MAIL) and slug.removeprefix(MAIL) in MESSAGES:
        return mail_sheet(MESSAGES[slug.removeprefix(MAIL)])
    if slug not in SHEETS:
        raise Http404
    return SHEETS[slug]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: Request) -> HttpResponse:
    """« Réglages »: the rules of the réserve, and the way to everything else that can be set."""
    return _edit(request, GENERAL)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: Request, slug: str) -> HttpResponse:
    """The settings of one sheet: what they are, what they were, who changed them."""
    if slug == GENERAL.slug:
        return redirect("portal:operator-settings")
    return _edit(request, _sheet_or_404(slug))


def _edit(request: Request, found: Sheet) -> HttpResponse:
    actor = enter_operator(request)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = SheetForm(*sent, sheet=found)
    if request.method == "POST" and form.is_valid():
        form.save(actor=actor)
        messages.success(request, _("Réglages enregistrés."))
        return redirect(_address(found))
    message = found.slug.removeprefix(MAIL) if found.slug.startswith(MAIL) else ""
    context = {
        "sheet": found,
        "form": form,
        "lines": _lines(changes_of(found.settings)),
        "origins": [each for each in found.settings if str(each.origin)],
        "message": message,
        "is_general": found is GENERAL,
        "submitted": submitted_count() if found is GENERAL else 0,
        "sheets": [(each, reverse("portal:operator-sheet", args=[each.slug])) for each in SHEETS.values() if each is not GENERAL],
        "picture": picture_url(form.now.get(LOGO.key, ""), "logo"),
        "restore_url": reverse("portal:operator-restore", args=[found.slug]),
    }
    return render(request, "portal/operator/sheet.html", context, status=UNPROCESSABLE if form.errors else 200)


@login_required
@require_POST
def restore(request: Request, slug: str) -> HttpResponse:
    """Bring back what a setting was before one line of its history."""
    actor = enter_operator(request)
    found = _sheet_or_404(slug)
    wanted = request.POST.get("ligne", "")
    change = next((each for each in changes_of(found.settings, most=1000) if str(each.pk) == wanted), None)
    if change is None:
        raise Http404
    try:
        set_value(cast(Setting[str], change.setting), change.before, actor=actor)
    except ValueError:  # the catalogue has changed since then
        messages.error(request, _("Cette valeur n'est plus possible aujourd'hui : choisissez-en une autre."))
    else:
        messages.success(request, _("« %(label)s » est rétabli.") % {"label": change.setting.label})
    return redirect(_address(found))


def _address(found: Sheet) -> str:
    return reverse("portal:operator-settings") if found is GENERAL else reverse("portal:operator-sheet", args=[found.slug])


def _lines(changes: Iterable[Change]) -> list[Line]:
    told = list(changes)
    names = names_of({each.by for each in told if each.by is not None})
    return [
        Line(
            each.pk,
            str(each.setting.label),
            said(each.setting, each.before),
            said(each.setting, each.after),
            each.at,
            names.get(each.by or 0, ""),
        )
        for each in told
    ]


def said(setting: AnySetting, value: Any) -> str:
    """A value as people read it: the words of a choice, a text cut short, « d'origine » for an empty one."""
    if setting.choices:
        labels = dict(setting.choices)
        keys = str(value).split(",") if setting.kind == Kind.SEVERAL else [value]
        return ", ".join(str(labels.get(key, key)) for key in keys if key) or _("aucun")
    text = str(value)
    if not text:
        return _("aucun") if setting.kind == Kind.PICTURE else _("valeur d'origine")
    if setting.kind == Kind.PICTURE:
        return _("image %(name)s") % {"name": text[:8]}
    return text if len(text) <= SHORT else f"{text[:SHORT].rstrip()}…"


@require_safe
@cache_control(public=True, max_age=31536000, immutable=True)
def theme(request: Request) -> HttpResponse:
    """``/theme.css``: the operator's colour, in a file because the site's policy refuses styles in pages (decision 26)."""
    colour = site_colour()
    css = ""
    if colour:
        light = f"--link:{colour};--link-hover:{darkened(colour)};--focus:{colour};--coral-text:{colour}"
        pale = lightened(colour, DARK)
        dark = f"--link:{pale};--link-hover:{lightened(colour, DARK, 9)};--focus:{pale};--coral-text:{pale}"
        css = (
            f':root{{{light}}}\n@media (prefers-color-scheme: dark){{:root:not([data-theme="light"]){{{dark}}}}}\n'
            f':root[data-theme="dark"]{{{dark}}}\n'
        )
    return HttpResponse(css, content_type="text/css; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=31536000, immutable=True)
def picture(request: Request, name: str, part: str) -> HttpResponse:
    """One file of the operator's logo, for everybody; its address says what it holds, so that it never changes.

    Raises:
        Http404: it is not the logo in force.
    """
    path = dict(zip(PARTS, picture_paths(name), strict=True)).get(part)
    if path is None or value_of(LOGO) != name or not default_storage.exists(path):
        raise Http404
    with default_storage.open(path) as file:
        return HttpResponse(file.read(), content_type="image/webp")
