"""« Exporter » and « Mes téléchargements »: ask for a file, see how far it is, take it, stop it (P6)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from renfort.jobs.components import export_card
from renfort.jobs.enums import FileFormat, WorkState
from renfort.jobs.forms import ExportForm
from renfort.jobs.models import Export
from renfort.jobs.selectors import acting, exports_of, last_columns, open_count, parts_of
from renfort.jobs.services import exports as service
from renfort.jobs.services import once
from renfort.kernel.actors import Actor
from renfort.kernel.exports import EXPORT_KINDS, Asked
from renfort.kernel.http import Request
from renfort.kernel.pages import page_of
from renfort.kernel.templatetags.ui import number

SMALL = 2000  # rows: made while the page waits a moment
MOMENT = 1.2  # seconds
UNPROCESSABLE, CONFLICT = 422, 409
TYPES = {
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.CSV: "text/csv; charset=utf-8",
}
NOT_FILTERS = ("page", "volet", "exporter")  # what the address of a list says beside filters and sort


def export_page(request: Request, *, kind: str, actor: Actor, organisation: int | None, back: str) -> HttpResponse:
    """The page « Exporter » of one list: how many rows, which columns, what for. Called by the view that judged the role.

    ``actor`` acts in the role of the list (P13); ``back`` is the address of the list. The filters come in the query string, and
    stay in it.
    """
    declared = EXPORT_KINDS[kind]
    asked = Asked(role=actor.role_key, organisation=organisation, query=filters_of(request))
    may = declared.acts(request.actor, asked)
    if may is None:
        raise Http404
    rows = declared.count(may, asked)
    kept = last_columns(request.actor, kind)
    form = ExportForm(request.POST if request.method == "POST" else None, columns=declared.columns(), kept=kept)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            if open_count(request.actor) >= service.MOST_OPEN:
                form.add_error(None, _("Plusieurs de vos fichiers sont déjà en préparation : attendez la fin de l'un d'eux."))
                status = CONFLICT
            else:
                return _asked(request, form, asked, kind=kind, actor=may, rows=rows)
        else:
            status = UNPROCESSABLE
    return _export_form(request, form, asked, kind=kind, rows=rows, back=back, status=status)


def _asked(request: Request, form: ExportForm, asked: Asked, *, kind: str, actor: Actor, rows: int) -> HttpResponse:
    said = form.cleaned_data
    declared = EXPORT_KINDS[kind]

    def make() -> str:
        export = service.ask(
            actor=actor,
            kind=declared,
            asked=asked,
            columns=declared.chosen(said["columns"]),
            format=said["format"],
            purpose=said["purpose"],
            purpose_words=said["purpose_words"],
            language=get_language() or "fr",
        )
        return f"{reverse('jobs:downloads')}?nouveau={export.pk}"

    address = once(said["form_token"], owner=str(request.user.pk), make=make)
    if rows < SMALL:
        made = exports_of(request.actor).filter(pk=int(address.rpartition("=")[2])).first()
        if made is not None:
            service.wait_for(made, seconds=MOMENT)
    return redirect(address)


def _export_form(
    request: Request, form: ExportForm, asked: Asked, *, kind: str, rows: int, back: str, status: int = 200
) -> HttpResponse:
    declared = EXPORT_KINDS[kind]
    words = ngettext("%(n)s ligne", "%(n)s lignes", rows) % {"n": number(rows)}
    context = {
        "form": form,
        "label": str(declared.label),
        "crumbs": [(declared.label, f"{back}?{asked.query}" if asked.query else back)],
        "rows": rows,
        "rows_words": words,
        "filters": list(declared.filters(asked)),
        "back": f"{back}?{asked.query}" if asked.query else back,
        "has_contacts": any(column.is_contact for column in declared.columns()),
    }
    return render(request, "jobs/export_form.html", context, status=status)


def filters_of(request: HttpRequest) -> str:
    """The filters and the sort that the address of a list says, as a query string."""
    query = request.GET.copy()
    for name in NOT_FILTERS:
        query.pop(name, None)
    return query.urlencode()[:4000]


@login_required
@require_safe
@never_cache
def downloads(request: Request) -> HttpResponse:
    """All my files: state, progress, how long they are kept. The page's script asks for it again while something runs."""
    page = page_of(request, exports_of(request.actor))
    newest = request.GET.get("nouveau", "")
    context = {
        "page": page,
        "cards": [
            export_card(each, may_fetch=acting(request.actor, each) is not None, is_new=str(each.pk) == newest)
            for each in page.object_list
        ],
        "is_busy": any(each.is_open for each in page.object_list),
    }
    return render(request, "jobs/downloads.html", context)


def _of_mine(view: Callable[[Request, Export], HttpResponseBase]) -> Callable[[Request, int], HttpResponseBase]:
    """A form of one of my files; another's does not exist."""

    def answer(request: Request, pk: int) -> HttpResponseBase:
        return view(request, get_object_or_404(exports_of(request.actor), pk=pk))

    return login_required(require_POST(answer))


@_of_mine
def download(request: Request, export: Export) -> HttpResponseBase:
    """The file, if it is still there and the role in which it was asked for is still held."""
    actor = acting(request.actor, export)
    if actor is None:
        raise Http404
    if export.state != WorkState.DONE or export.removed_at is not None:
        sentence = _("Ce fichier n'est plus disponible : il est gardé 24 heures. Refaites l'export depuis la liste.")
        if export.is_open:
            sentence = _("Ce fichier n'est pas encore prêt.")
        messages.warning(request, sentence)
        return redirect("jobs:downloads")
    service.fetched(actor=actor, export=export)
    response = StreamingHttpResponse(parts_of(export), content_type=TYPES[FileFormat(export.format)])
    response.headers["Content-Disposition"] = f'attachment; filename="{export.name}"'
    response.headers["Content-Length"] = str(export.size)
    response.headers["Content-Encoding"] = "identity"  # compressed already, or streamed: nothing more is to be done to it
    response.headers["Cache-Control"] = "no-store, private"
    return response


@_of_mine
def stop(request: Request, export: Export) -> HttpResponse:
    """« Arrêter »."""
    if service.stop(actor=request.actor, export=export):
        messages.success(request, _("La préparation du fichier est arrêtée."))
    else:
        messages.info(request, _("Ce fichier n'est plus en préparation."))
    return redirect("jobs:downloads")
