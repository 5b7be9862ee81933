"""The pages of a kind of import, for whichever storey declares it: file, columns, preview, progress, result (P6).

The storey above says who enters (P13) and gives the pages their addresses; the steps, the limits and the sentences are here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.jobs.components.imports import aside_words, import_card, preview_tabs, result_tabs, shown_lines
from renfort.jobs.enums import FileFormat, ImportState, LineOutcome
from renfort.jobs.forms.imports import ImportFileForm, MatchForm
from renfort.jobs.models import Import
from renfort.jobs.selectors.imports import (
    LATELY,
    counts_of,
    imports_of,
    lines_shown,
    outcomes_of,
    same_before,
    wrong_lines,
)
from renfort.jobs.services import imports as service
from renfort.jobs.services import once
from renfort.jobs.views import TYPES
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused, Stale
from renfort.kernel.http import Request
from renfort.kernel.imports import IMPORT_KINDS, ImportKind, Place, Standing
from renfort.kernel.pages import page_of
from renfort.kernel.sheets import Column, write_csv, write_xlsx
from renfort.kernel.views import seen_of

UNPROCESSABLE, CONFLICT = 422, 409
STEPS = ("file", "columns", "preview", "result")


@dataclass(frozen=True, slots=True)
class Entered:
    """Who is at the door, acting in one role, and where the pages lead back to."""

    actor: Actor
    place: Place
    crumbs: Sequence[tuple[str, str]] = field(default_factory=tuple)


Enter = Callable[..., Entered]


class ImportPages:
    """All pages of one kind. ``enter(request, **parts)`` judges the role of the address, and raises Http404 for anybody else."""

    def __init__(self, kind: str, enter: Enter) -> None:
        self.key, self._enter = kind, enter

    @cached_property
    def kind(self) -> ImportKind:
        return IMPORT_KINDS[self.key]

    def urls(self, prefix: str, name: str) -> list[URLPattern]:
        """The addresses, under ``prefix``; their names begin with ``name``, as ``kind.pages`` says with its space."""
        one = f"{prefix}<int:pk>/"
        return [
            path(prefix, self._page(self.start), name=name),
            path(f"{prefix}modele/<slug:form>/", self._page(self.model, safe=True), name=f"{name}-model"),
            path(one, self._page(self.one, safe=True), name=f"{name}-one"),
            path(f"{one}colonnes/", self._page(self.match), name=f"{name}-match"),
            path(f"{one}confirmer/", self._page(self.confirm, post=True), name=f"{name}-confirm"),
            path(f"{one}arreter/", self._page(self.stop, post=True), name=f"{name}-stop"),
            path(f"{one}a-corriger/<slug:form>/", self._page(self.wrong, safe=True), name=f"{name}-wrong"),
        ]

    def _page(self, view: Callable[..., HttpResponse], *, safe: bool = False, post: bool = False) -> Callable[..., HttpResponse]:
        def answer(request: Request, **parts: Any) -> HttpResponse:
            own = {key: parts.pop(key) for key in ("pk", "form") if key in parts}
            entered = self._enter(request, **parts)
            actor = self.kind.acts(request.actor, entered.place)
            if actor is None:
                raise Http404
            return view(request, entered, **own)

        methods = require_safe if safe else require_POST if post else require_http_methods(["GET", "HEAD", "POST"])
        return never_cache(login_required(methods(answer)))

    # ── addresses ─────────────────────────────────────────────────────────────────────────────────
    def address(self, place: Place, page: str = "", **more: Any) -> str:
        """The address of one of these pages."""
        return reverse(self.kind.pages + (f"-{page}" if page else ""), kwargs={**self.kind.address(place), **more})

    def _mine(self, entered: Entered, pk: int) -> Import:
        found = imports_of(entered.actor, self.key, entered.place.scope).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def _context(self, entered: Entered, step: str, **more: Any) -> dict[str, Any]:
        return {
            "label": str(self.kind.label),
            "crumbs": [*entered.crumbs, (str(self.kind.label), self.address(entered.place))],
            "outer": list(entered.crumbs),
            "labels": [_("Fichier"), _("Colonnes"), _("Aperçu"), _("Résultat")],
            "current": STEPS.index(step) + 1,
            "start": self.address(entered.place),
            **more,
        }

    # ── pages ─────────────────────────────────────────────────────────────────────────────────────
    def start(self, request: Request, entered: Entered) -> HttpResponse:
        """Choose a file; what one brought in lately."""
        posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        form = ImportFileForm(*posted, kind=self.kind)
        if request.method == "POST" and form.is_valid():
            return HttpResponseRedirect(
                once(form.cleaned_data["form_token"], owner=str(request.user.pk), make=lambda: self._receive(entered, form))
            )
        lately = imports_of(entered.actor, self.key, entered.place.scope)[:LATELY]
        cards = [(import_card(each), self.address(entered.place, "one", pk=each.pk)) for each in lately]
        models = [(each, self.address(entered.place, "model", form=each)) for each in FileFormat.values]
        columns = [(column, column.field().required) for column in self.kind.columns()]
        context = self._context(entered, "file", form=form, cards=cards, models=models, columns=columns, most=self.kind.most)
        return render(request, "jobs/import_start.html", context, status=UNPROCESSABLE if form.errors else 200)

    def _receive(self, entered: Entered, form: ImportFileForm) -> str:
        made = service.receive(
            actor=entered.actor, kind=self.kind, place=entered.place, table=form.table, name=form.name,
            language=get_language() or "fr",
        )  # fmt: skip
        return self.address(entered.place, "one" if made.is_checked else "match", pk=made.pk)

    def match(self, request: Request, entered: Entered, pk: int) -> HttpResponse:
        """Say which column is which."""
        imported = self._mine(entered, pk)
        here = self.address(entered.place, "one", pk=pk)
        if imported.state != ImportState.DRAFT:
            return redirect(here)
        example = imported.lines.order_by("number").values_list("cells", flat=True).first() or []
        form = MatchForm(request.POST if request.method == "POST" else None, kind=self.kind, imported=imported, example=example)
        status = UNPROCESSABLE if form.errors else 200
        if request.method == "POST" and form.is_valid():
            try:
                service.match(actor=entered.actor, kind=self.kind, imported=imported, matched=form.matched())
                return redirect(here)
            except Refused as refused:
                form.add_error(None, refused.sentences[0])
                status = CONFLICT
        context = self._context(
            entered, "columns", form=form, imported=imported, missing=[str(c.label) for c in self.kind.missing(imported.matched)]
        )
        return render(request, "jobs/import_match.html", context, status=status)

    def one(self, request: Request, entered: Entered, pk: int, **more: Any) -> HttpResponse:
        """The preview of a draft; once it is confirmed its progress, then its result."""
        imported = self._mine(entered, pk)
        if imported.state != ImportState.DRAFT:
            return self._result(request, entered, imported)
        if not imported.is_checked:
            return redirect(self.address(entered.place, "match", pk=pk))
        return self._preview(request, entered, imported)

    def _preview(
        self,
        request: Request,
        entered: Entered,
        imported: Import,
        *,
        form: Any = None,
        refusals: Sequence[str] = (),
        status: int = 200,
    ) -> HttpResponse:
        counts = counts_of(imported)
        default = Standing.WRONG if counts[Standing.WRONG] else ""
        asked = request.GET.get("lignes", default)
        page = page_of(request, lines_shown(imported, asked))
        ready, wrong = counts[Standing.READY], counts[Standing.WRONG]
        if form is None and self.kind.options is not None:
            form = self.kind.options(entered.actor, entered.place, None, counts[Standing.OTHERWISE])
        before = same_before(imported)
        context = self._context(
            entered, "preview", imported=imported, counts=counts, form=form, refusals=refusals, page=page,
            tabs=preview_tabs(self.kind, counts, asked if asked in Standing.values else ""),
            lines=shown_lines(self.kind, imported, page.object_list),
            ready=ready, wrong=wrong, go=self.kind.go(ready), aside=aside_words(wrong + counts[Standing.KNOWN]),
            nothing=not ready and not counts[Standing.OTHERWISE], before=before,
            has_aside=bool(wrong or counts[Standing.KNOWN]), warns=self.kind.warns(ready),
            fixes=[(each, self.address(entered.place, "wrong", pk=imported.pk, form=each)) for each in FileFormat.values],
            match=self.address(entered.place, "match", pk=imported.pk),
            confirm=self.address(entered.place, "confirm", pk=imported.pk),
            stop=self.address(entered.place, "stop", pk=imported.pk),
        )  # fmt: skip
        return render(request, "jobs/import_preview.html", context, status=status)

    def confirm(self, request: Request, entered: Entered, pk: int) -> HttpResponse:
        """« Inviter les 1 940 antennes »; sent twice it is done once."""
        imported = self._mine(entered, pk)
        here = self.address(entered.place, "one", pk=pk)
        if imported.state != ImportState.DRAFT:
            return redirect(here)
        otherwise = counts_of(imported)[Standing.OTHERWISE]
        form = self.kind.options(entered.actor, entered.place, request.POST, otherwise) if self.kind.options else None
        if form is not None and not form.is_valid():
            return self._preview(request, entered, imported, form=form, status=UNPROCESSABLE)
        options = dict(form.cleaned_data) if form is not None else {}
        try:
            service.confirm(actor=entered.actor, kind=self.kind, imported=imported, options=options, seen=seen_of(request))
        except Stale as stale:
            imported.refresh_from_db()
            return self._preview(request, entered, imported, refusals=stale.sentences, status=CONFLICT)
        except Refused as refused:
            return self._preview(request, entered, imported, form=form, refusals=refused.sentences, status=CONFLICT)
        return redirect(here)

    def stop(self, request: Request, entered: Entered, pk: int) -> HttpResponse:
        """« Arrêter »; a draft is forgotten."""
        imported = self._mine(entered, pk)
        if imported.state == ImportState.DRAFT:
            try:
                service.drop(actor=entered.actor, imported=imported)
            except Refused as refused:
                messages.warning(request, refused.sentences[0])
            else:
                messages.success(request, _("Ce fichier est oublié : rien n'a été fait."))
            return redirect(self.address(entered.place))
        if service.stop(actor=entered.actor, imported=imported):
            messages.success(request, _("L'import s'arrête. Ce qui est fait le reste."))
        else:
            messages.info(request, _("Cet import n'est plus en cours."))
        return redirect(self.address(entered.place, "one", pk=pk))

    def _result(self, request: Request, entered: Entered, imported: Import) -> HttpResponse:
        counts = outcomes_of(imported)
        asked = request.GET.get("lignes", "")
        page = page_of(request, lines_shown(imported, asked))
        aside = counts[LineOutcome.LEFT] + counts[LineOutcome.FAILED]
        context = self._context(
            entered, "result", imported=imported, card=import_card(imported), page=page, counts=counts,
            lines=shown_lines(self.kind, imported, page.object_list), done=counts[LineOutcome.DONE],
            tabs=result_tabs(counts, asked), has_wrong=bool(aside) or wrong_lines(imported).exists(),
            fixes=[(each, self.address(entered.place, "wrong", pk=imported.pk, form=each)) for each in FileFormat.values],
            stop=self.address(entered.place, "stop", pk=imported.pk), home=self.kind.home(entered.place),
            here=self.address(entered.place, "one", pk=imported.pk),
        )  # fmt: skip
        return render(request, "jobs/import_result.html", context)

    # ── files ─────────────────────────────────────────────────────────────────────────────────────
    def model(self, request: Request, entered: Entered, form: str) -> HttpResponse:
        """The file to begin with."""
        table = self.kind.model()
        return _file(
            form, name=_("modele-%(what)s") % {"what": self.kind.file_name}, titles=table.titles, rows=[table.rows[0].cells]
        )

    def wrong(self, request: Request, entered: Entered, pk: int, form: str) -> HttpResponse:
        """The lines to mend, as they were sent, with what is wrong at their end: mended, the file is sent again."""
        imported = self._mine(entered, pk)
        width = len(imported.titles)
        rows = [
            [
                *line.cells[:width],
                str(line.number),
                " ".join(dict.fromkeys([*(said for _key, said in line.problems), line.note])).strip(),
            ]
            for line in wrong_lines(imported)
        ]
        titles = [title or _("Colonne %(n)d") % {"n": place} for place, title in enumerate(imported.titles, 1)]
        return _file(
            form,
            name=_("a-corriger-%(what)s") % {"what": self.kind.file_name},
            titles=[*titles, _("Ligne"), _("À corriger")],
            rows=rows,
        )


def _file(form: str, *, name: str, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> HttpResponse:
    """A small file, made while the page waits."""
    if form not in FileFormat.values:
        raise Http404
    columns = [Column(key=str(place), label=title) for place, title in enumerate(titles)]
    batches = [[list(cells) for cells in zip(*rows, strict=True)]] if rows else []
    with tempfile.NamedTemporaryFile(prefix="renfort-import-", suffix=f".{form}") as file:
        target = Path(file.name)
        if form == FileFormat.XLSX:
            write_xlsx(target, title=name, columns=columns, batches=batches)
        else:
            write_csv(target, columns=columns, batches=batches)
        response = HttpResponse(target.read_bytes(), content_type=TYPES[FileFormat(form)])
    response.headers["Content-Disposition"] = f'attachment; filename="{slugify(name)}.{form}"'
    response.headers["Cache-Control"] = "no-store, private"
    return response
