"""The side panels of a referent's lists, and the files taken of them (R18, R51, P6)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from renfort.audit.selectors import history_of
from renfort.jobs.views import export_page
from renfort.kernel.actors import Actor
from renfort.kernel.http import Request
from renfort.missions.components import dressed, mission_badge, participation_badge, timeline_of
from renfort.missions.components.lists import facts_of_mission
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.mission import with_places
from renfort.missions.selectors.territory import territory_missions, territory_organisations, territory_participations
from renfort.missions.services.mission import CLOSED
from renfort.missions.views.listing import PANEL_ALONE
from renfort.missions.workflow import MISSION, PARTICIPATION
from renfort.organisations.components import organisation_badge
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import managers_of
from renfort.organisations.selectors.decisions import names_of
from renfort.organisations.views.territory import enter_referent

SHOWN = 8  # lines of history in a panel
# the keys of the files, which ``missions.exporters`` declares
TERRITORY_ORGANISATIONS, TERRITORY_MISSIONS = "missions.territory_organisations", "missions.territory_missions"
TERRITORY_PARTICIPATIONS = "missions.territory_participations"
TEMPLATES = {kind: f"missions/referent/_{kind}_panel.html" for kind in ("organisation", "mission", "participation")}


def organisation_panel_of(actor: Actor, pk: int, close_url: str) -> dict[str, Any] | None:
    """What the panel of an organisation shows; None: not for this reader. Two queries."""
    rows = territory_organisations(actor, {}).select_related("department", "legal_status")
    found: Organisation | None = rows.filter(pk=pk).first()
    if found is None:
        return None
    return {
        "kind": "organisation",
        "title": found.name,
        "close_url": close_url,
        "organisation": found,
        "badge": organisation_badge(found),
        "managers": [grant.person for grant in managers_of(pk)],
        "page_url": reverse("missions:referent-organisation", args=[pk]),
        "missions_url": f"{reverse('missions:referent-missions')}?structure={pk}",
    }


def mission_panel_of(actor: Actor, pk: int, close_url: str) -> dict[str, Any] | None:
    """What the panel of a mission shows; None: not for this reader. Three queries."""
    rows = with_places(territory_missions(actor, {})).select_related("domain", "department", "responsible", "organisation")
    found: Mission | None = rows.filter(pk=pk).first()
    if found is None:
        return None
    lines = history_of(found, most=SHOWN)
    return {
        "kind": "mission",
        "title": found.title,
        "close_url": close_url,
        "mission": dressed(found),
        "badge": mission_badge(found, reader=True),
        "facts": facts_of_mission(found),
        "timeline": timeline_of(lines, MISSION, names_of(line.entry.actor_id for line in lines)),
        "page_url": reverse("missions:referent-mission", args=[pk]),
        "edit_url": reverse("missions:referent-mission-edit", args=[pk]) if found.state not in CLOSED else "",
        "participations_url": f"{reverse('missions:referent-participations')}?mission={pk}",
    }


def participation_panel_of(actor: Actor, pk: int, close_url: str) -> dict[str, Any] | None:
    """What the panel of a participation shows, never contact data (R37); None: not for this reader. Two queries."""
    rows = territory_participations(actor, {}).select_related("person", "mission__department", "organisation")
    found: Participation | None = rows.filter(pk=pk).first()
    if found is None:
        return None
    lines = history_of(found, most=SHOWN)
    return {
        "kind": "participation",
        "title": found.person.full_name,
        "close_url": close_url,
        "participation": found,
        "badge": participation_badge(found),
        "timeline": timeline_of(lines, PARTICIPATION, {found.person_id: found.person.full_name}),
        "page_url": reverse("missions:referent-participation", args=[pk]),
    }


def opened(request: Request) -> int | None:
    """The row whose panel the address opens."""
    said = request.GET.get("volet", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None  # noqa: PLR2004 -- a number of a row


def without_panel(request: Request) -> str:
    """What the address asks, without its panel."""
    asked = request.GET.copy()
    asked.pop("volet", None)
    return asked.urlencode()


def _alone(request: Request, path: str, pk: int, panel: dict[str, Any] | None) -> HttpResponse:
    """The panel alone, for the script; whoever opens its address gets the list with the panel beside it."""
    if panel is None:
        raise Http404
    if request.headers.get(PANEL_ALONE) is None:
        return redirect(f"{path}?volet={pk}")
    return render(request, TEMPLATES[panel["kind"]], {"panel": panel})


@login_required
@require_safe
def organisation_panel(request: Request, pk: int) -> HttpResponse:
    """« Structures »."""
    actor, path = enter_referent(request), reverse("missions:referent-organisations")
    return _alone(request, path, pk, organisation_panel_of(actor, pk, path))


@login_required
@require_safe
def mission_panel(request: Request, pk: int) -> HttpResponse:
    """« Missions »."""
    actor, path = enter_referent(request), reverse("missions:referent-missions")
    return _alone(request, path, pk, mission_panel_of(actor, pk, path))


@login_required
@require_safe
def participation_panel(request: Request, pk: int) -> HttpResponse:
    """« Participations »."""
    actor, path = enter_referent(request), reverse("missions:referent-participations")
    return _alone(request, path, pk, participation_panel_of(actor, pk, path))


# ── files ─────────────────────────────────────────────────────────────────────────────────────────
@login_required
def export_organisations(request: Request) -> HttpResponse:
    """The organisations of the list, under its filters."""
    back = reverse("missions:referent-organisations")
    actor = enter_referent(request)
    return export_page(request, kind="missions.territory_organisations", actor=actor, organisation=None, back=back)


@login_required
def export_missions(request: Request) -> HttpResponse:
    """The missions of the list, under its filters."""
    back = reverse("missions:referent-missions")
    actor = enter_referent(request)
    return export_page(request, kind="missions.territory_missions", actor=actor, organisation=None, back=back)


@login_required
def export_participations(request: Request) -> HttpResponse:
    """The participations of the list, under its filters; no contact data (R37)."""
    back = reverse("missions:referent-participations")
    actor = enter_referent(request)
    return export_page(request, kind="missions.territory_participations", actor=actor, organisation=None, back=back)
