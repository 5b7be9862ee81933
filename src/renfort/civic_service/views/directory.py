"""The directory: bring it in, look at what it would change, confirm, follow, take back; national case managers, operator (S1)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.civic_service.components.directory import card, counts_of, differences
from renfort.civic_service.enums import DirectoryState
from renfort.civic_service.forms.directory import (
    MOST_LINES,
    WHOLE,
    ConfirmForm,
    DirectoryFileForm,
    UndoForm,
    model_rows,
    refused_rows,
)
from renfort.civic_service.models import DirectoryRun
from renfort.civic_service.selectors.delivery import directory_port
from renfort.civic_service.selectors.directory import directory_words, last_good, runs_visible
from renfort.civic_service.selectors.establishments import establishments_visible
from renfort.civic_service.services import directory as service
from renfort.jobs.forms import OnceForm
from renfort.jobs.services import once
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request, enter
from renfort.kernel.pages import page_of
from renfort.kernel.sheets import Column, write_csv
from renfort.organisations.enums import Programme, Role

UNPROCESSABLE, CONFLICT = 422, 409
S = DirectoryState
GET_OR_POST = ["GET", "HEAD", "POST"]


def enter_directory(request: Request) -> Actor:
    """Open a page of the directory as a national case manager, else as the operator (S1).

    Raises:
        Http404: the person is neither.
    """
    if request.actor.holds(Programme.CIVIC_SERVICE, Role.CASE_MANAGER):
        return enter(request, Programme.CIVIC_SERVICE, Role.CASE_MANAGER)
    return enter(request, Programme.PLATFORM, Role.OPERATOR)


def _enter(request: Request, pk: int) -> tuple[Actor, DirectoryRun]:
    actor = enter_directory(request)
    return actor, get_object_or_404(runs_visible(actor), pk=pk)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Annuaire"), reverse("civic_service:directory"))]


@login_required
@require_safe
@never_cache
def runs(request: Request) -> HttpResponse:
    """Every reading, the newest first; when the directory was last read to its end."""
    return _runs(request, enter_directory(request))


def _runs(request: Request, actor: Actor, *refusals: str) -> HttpResponse:
    page = page_of(request, runs_visible(actor))
    context = {
        "page": page,
        "cards": [card(each) for each in page.object_list],
        "is_busy": any(each.is_open for each in page.object_list),
        "is_on": directory_port().is_on,
        "good": last_good(),
        "called": directory_words()[0],
        "form": OnceForm(),
        "refusals": refusals,
    }
    return render(request, "civic_service/directory/runs.html", context, status=CONFLICT if refusals else 200)


@login_required
@require_http_methods(GET_OR_POST)
@never_cache
def bring(request: Request) -> HttpResponse:
    """« Envoyer un fichier »: read at once, compared by the worker, written once confirmed."""
    actor = enter_directory(request)
    form = DirectoryFileForm(*((request.POST, request.FILES) if request.method == "POST" else (None, None)))
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                return redirect(
                    once(form.cleaned_data["form_token"], owner=str(request.user.pk), make=lambda: _bring(actor, form))
                )
            except Refused as refused:
                form.add_error(None, str(refused))
                status = CONFLICT
    columns = model_rows()[0]
    context = {"form": form, "crumbs": _crumbs(), "columns": columns, "most": MOST_LINES}
    return render(request, "civic_service/directory/file.html", context, status=status)


def _bring(actor: Actor, form: DirectoryFileForm) -> str:
    is_complete = form.cleaned_data["scope"] == WHOLE
    run = service.bring(
        actor=actor, lines=form.lines, name=form.name, is_complete=is_complete, language=get_language() or "fr"
    )  # fmt: skip
    return reverse("civic_service:directory-run", args=[run.pk])


@login_required
@require_safe
def model(request: Request) -> HttpResponse:
    """The file to begin with."""
    enter_directory(request)
    return _csv("annuaire-modele.csv", *model_rows())


@login_required
@require_POST
def ask(request: Request, organisation: int | None = None) -> HttpResponse:
    """« Relire maintenant »: everything, or one establishment."""
    actor = enter_directory(request)
    establishment = None
    if organisation is not None:
        establishment = get_object_or_404(establishments_visible(actor), pk=organisation)
    form = OnceForm(request.POST)
    if not form.is_valid():
        raise Http404

    def make() -> str:
        run = service.ask(actor=actor, establishment=establishment, language=get_language() or "fr")
        return reverse("civic_service:directory-run", args=[run.pk])

    try:
        return redirect(once(form.cleaned_data["form_token"], owner=str(request.user.pk), make=make))
    except Refused as refused:
        return _runs(request, actor, str(refused))


@login_required
@require_safe
@never_cache
def run(request: Request, pk: int) -> HttpResponse:
    """One reading: its progress, its preview, its result."""
    _actor, found = _enter(request, pk)
    return _run(request, found)


def _run(
    request: Request, found: DirectoryRun, *refusals: str, form: ConfirmForm | None = None, status: int = 200
) -> HttpResponse:
    counts = counts_of(found.counts)
    asked = request.GET.get("voir", "")
    is_written = found.applied_at is not None and found.state in (S.DONE, S.UNDONE)
    page = None
    if is_written:
        thing, _point, action = asked.partition(".")
        rows = found.changes.order_by("id").values_list("thing", "action", "label", "before", "after")
        page = page_of(request, rows.filter(thing=thing, action=action) if action else rows)
        shown = differences(page.object_list)
    else:
        shown = differences(row for row in found.samples if not asked or asked == f"{row[0]}.{row[1]}")
    context: dict[str, Any] = {
        "run": found, "card": card(found), "crumbs": _crumbs(), "counts": counts, "shown": shown, "page": page, "asked": asked,
        "is_busy": found.is_open, "is_held": found.state == S.HELD, "is_written": is_written, "is_done": found.state == S.DONE,
        "is_undone": found.state == S.UNDONE, "refused": len(found.refused), "some_refused": found.refused[:10],
        "notes": found.notes[:30], "more_notes": max(0, len(found.notes) - 30), "refusals": refusals,
        "error": service.errors().get(found.error, ""), "form": form or ConfirmForm(is_braked=bool(found.brakes)),
        "may_undo": found.state == S.DONE and is_written and bool(asked or (page and page.paginator.count)),
    }  # fmt: skip
    return render(request, "civic_service/directory/run.html", context, status=status)


@login_required
@require_POST
def confirm(request: Request, pk: int) -> HttpResponse:
    """« Confirmer »: what the page showed, and nothing else."""
    actor, found = _enter(request, pk)
    form = ConfirmForm(request.POST, is_braked=bool(found.brakes))
    if not form.is_valid():
        return _run(request, found, form=form, status=UNPROCESSABLE)
    try:
        service.confirm(
            actor=actor, run=found, seen=request.POST.get("seen", ""), reason=form.cleaned_data.get("reason", "")
        )  # fmt: skip
    except Refused as refused:
        found = get_object_or_404(runs_visible(actor), pk=pk)
        return _run(request, found, str(refused), status=CONFLICT)
    return redirect("civic_service:directory-run", pk)


@login_required
@require_POST
def drop(request: Request, pk: int) -> HttpResponse:
    """« Laisser de côté »."""
    actor, found = _enter(request, pk)
    try:
        service.drop(actor=actor, run=found)
    except Refused as refused:
        return _run(request, get_object_or_404(runs_visible(actor), pk=pk), str(refused), status=CONFLICT)
    messages.success(request, _("Cette lecture est laissée de côté : rien n'a été écrit."))
    return redirect("civic_service:directory")


@login_required
@require_POST
def stop(request: Request, pk: int) -> HttpResponse:
    """« Arrêter »."""
    actor, found = _enter(request, pk)
    if service.stop(actor=actor, run=found):
        messages.success(request, _("L'arrêt est demandé : ce qui n'est pas écrit ne le sera pas."))
    else:
        messages.info(request, _("Cette lecture ne peut plus être arrêtée."))
    return redirect("civic_service:directory-run", pk)


@login_required
@require_http_methods(GET_OR_POST)
@never_cache
def undo(request: Request, pk: int) -> HttpResponse:
    """« Défaire cette lecture »: as a whole, with the reason."""
    actor, found = _enter(request, pk)
    form = UndoForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                service.undo(actor=actor, run=found, reason=form.cleaned_data["reason"])
                return redirect("civic_service:directory-run", pk)
            except Refused as refused:
                form.add_error(None, str(refused))
                status = CONFLICT
    crumbs = [*_crumbs(), (card(found).title, reverse("civic_service:directory-run", args=[pk]))]
    context = {"run": found, "form": form, "crumbs": crumbs, "counts": counts_of(found.counts)}
    return render(request, "civic_service/directory/undo.html", context, status=status)


@login_required
@require_safe
def wrong_lines(request: Request, pk: int) -> HttpResponse:
    """The lines that were refused, with their reasons, to mend and send again."""
    _actor, found = _enter(request, pk)
    if not found.refused:
        raise Http404
    return _csv("annuaire-a-corriger.csv", *refused_rows(found.refused))


def _csv(name: str, titles: list[str], rows: list[list[str]]) -> HttpResponse:
    columns = [Column(key=str(place), label=title) for place, title in enumerate(titles)]
    with tempfile.NamedTemporaryFile(prefix="renfort-directory-", suffix=".csv") as file:
        write_csv(Path(file.name), columns=columns, batches=[[list(cells) for cells in zip(*rows, strict=True)]] if rows else [])
        response = HttpResponse(Path(file.name).read_bytes(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store, private"
    return response
