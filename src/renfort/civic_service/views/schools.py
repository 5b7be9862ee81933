"""The establishments of a territory, for its case managers (S10)."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renfort.civic_service.components.establishments import record_gauge
from renfort.civic_service.models import Establishment
from renfort.civic_service.selectors.posts import phone_of
from renfort.civic_service.selectors.records import earliest_school_year, wrong_facts
from renfort.civic_service.selectors.schools import INCOMPLETE, LEFT, NO_LEAD, Wanted, leads_of, schools
from renfort.civic_service.views.menus import enter_manager
from renfort.kernel.actors import Actor
from renfort.kernel.http import Request
from renfort.kernel.pages import dressed_page
from renfort.territories.selectors import departments

MOST = 100  # characters of a search


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    url: str


def _states() -> dict[str, str]:
    return {INCOMPLETE: _("Fiche incomplète"), NO_LEAD: _("Sans référent"), LEFT: _("A quitté le réseau")}


def _without(query: QueryDict, name: str) -> str:
    kept = query.copy()
    kept.pop("page", None)
    kept.pop(name, None)
    return f"?{kept.urlencode()}"


@login_required
@require_safe
def of_federation(request: Request, federation: int) -> HttpResponse:
    """« Établissements » of a federation's territory."""
    return _list(request, enter_manager(request, federation))


@login_required
@require_safe
def national(request: Request) -> HttpResponse:
    """« Établissements » of the whole country."""
    return _list(request, enter_manager(request))


def _list(request: Request, actor: Actor) -> HttpResponse:
    query, states, everywhere = request.GET, _states(), departments()
    names = {each.code: each.name for each in everywhere}
    department, state = query.get("departement", ""), query.get("etat", "")
    wanted = Wanted(
        words=query.get("q", "").replace("\x00", "")[:MOST],
        department=department if department in names else "",
        state=state if state in states else "",
    )
    rows = Establishment.objects.select_related("organisation__department")
    page = dressed_page(request, schools(actor, wanted), rows, by_words=bool(wanted.words))
    year, leads = earliest_school_year(), leads_of(page.object_list)
    lines = [
        (each, record_gauge(wrong_facts(each, year=year)), [(post, phone_of(post.person)) for post in leads.get(each.pk, [])])
        for each in page.object_list
    ]
    chips = []
    if wanted.words:
        chips.append(Chip(f"« {wanted.words} »", _without(query, "q")))
    if wanted.department:
        chips.append(Chip(names[wanted.department], _without(query, "departement")))
    if wanted.state:
        chips.append(Chip(states[wanted.state], _without(query, "etat")))
    context = {
        "page": page, "lines": lines, "wanted": wanted, "chips": chips, "states": states.items(), "departments": everywhere,
    }  # fmt: skip
    return render(request, "civic_service/manager/schools.html", context)
