"""Views under a name, and columns, of an organisation's lists (R17, R32)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.missions.components.lists import COLUMNS
from renfort.missions.enums import ListKind
from renfort.missions.forms.filters import MissionFilterForm, ParticipationFilterForm
from renfort.missions.forms.lists import ViewForm
from renfort.missions.models import SavedView
from renfort.missions.selectors.views import views_visible
from renfort.missions.services.views import change_view, choose_columns, delete_view, move_view, open_with, save_view
from renfort.missions.views.host import enter_host
from renfort.missions.views.listing import EVERYTHING, kept_query, way_back

UNPROCESSABLE = 422
FORMS = {ListKind.MISSIONS: MissionFilterForm, ListKind.PARTICIPATIONS: ParticipationFilterForm}
LONGEST_QUERY = 600
MOVES = {"before": -1, "after": 1}


def _path(organisation: int, kind: str) -> str:
    return reverse(f"missions:host-{kind}", args=[organisation])


def _tab(organisation: int, view: SavedView) -> str:
    return f"{_path(organisation, view.kind)}?{'&'.join(filter(None, (view.query, f'vue={view.pk}')))}"


@login_required
@require_POST
def view_new(request: Request, organisation: int, kind: str) -> HttpResponse:
    """« Enregistrer cette vue »."""
    actor = enter_host(request, organisation)
    form = ViewForm(request.POST)
    said = QueryDict(request.POST.get("filtre", "")[:2000])
    query = kept_query(said, FORMS[ListKind(kind)](said))
    back = way_back(request, _path(organisation, kind), fallback=_path(organisation, kind))
    if not form.is_valid() or len(query) > LONGEST_QUERY:
        return _again(request, organisation, form, query, back)
    columns = [key for key in request.POST.getlist("colonne") if key in {column.key for column in COLUMNS[kind]}]
    try:
        view = save_view(
            actor=actor, organisation=organisation, kind=kind, query=query, columns=columns or None, **form.cleaned_data
        )
    except Refused as refused:
        form.add_error("name", str(refused))
        return _again(request, organisation, form, query, back)
    if request.POST.get("premiere"):
        open_with(actor=actor, organisation=organisation, kind=kind, view=view)
    messages.success(request, _("Vue « %(name)s » enregistrée.") % {"name": view.name})
    return redirect(_tab(organisation, view))


def _again(request: Request, organisation: int, form: ViewForm, query: str, back: str) -> HttpResponse:
    context = {"organisation": organisation, "form": form, "query": query, "back": back, "title": _("Enregistrer cette vue")}
    return render(request, "missions/host/view_form.html", context, status=UNPROCESSABLE)


@login_required
@require_POST
def view_change(request: Request, organisation: int, kind: str, pk: int) -> HttpResponse:
    """Rename, share, open first, move among the tabs, delete: what the menu of a view offers."""
    actor = enter_host(request, organisation)
    view = views_visible(actor, organisation, kind).filter(pk=pk).exclude(name="").first()
    if view is None:
        raise Http404
    then = request.POST.get("geste", "")
    if then in ("first", "not-first"):
        open_with(actor=actor, organisation=organisation, kind=kind, view=view if then == "first" else None)
        return redirect(_tab(organisation, view))
    if then in MOVES:
        move_view(actor=actor, view=view, step=MOVES[then])
        return redirect(_tab(organisation, view))
    if then == "delete":
        delete_view(actor=actor, view=view)
        messages.success(request, _("Vue « %(name)s » supprimée.") % {"name": view.name})
        return redirect(f"{_path(organisation, kind)}?vue={EVERYTHING}")
    form = ViewForm(request.POST)
    if form.is_valid():
        try:
            change_view(actor=actor, view=view, **form.cleaned_data)
        except Refused as refused:
            form.add_error("name", str(refused))
    if form.errors:
        return _again(request, organisation, form, view.query, _tab(organisation, view))
    messages.success(request, _("Vue « %(name)s » mise à jour.") % {"name": view.name})
    return redirect(_tab(organisation, view))


@login_required
@require_POST
def columns(request: Request, organisation: int, kind: str) -> HttpResponse:
    """« Colonnes »: kept for this person, on every machine."""
    actor = enter_host(request, organisation)
    path = _path(organisation, kind)
    known = [column.key for column in COLUMNS[kind]]
    chosen = [key for key in known if key in request.POST.getlist("colonne")]
    if request.POST.get("geste") == "usual":
        chosen = [column.key for column in COLUMNS[kind] if column.usual]
    choose_columns(actor=actor, organisation=organisation, kind=kind, columns=chosen)
    return redirect(way_back(request, path, fallback=path))
