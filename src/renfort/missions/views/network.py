"""The place of work of the head of a national network: its figures and its lists, to be read (R56).

Whatever is shown comes through ``selectors.network``, which knows the actor; whose contact data are shown is noted (R37).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from renfort.audit.enums import Way
from renfort.audit.selectors import history_of
from renfort.kernel.actors import Actor
from renfort.kernel.http import Request
from renfort.kernel.pages import dressed_page
from renfort.kernel.templatetags.ui import number
from renfort.missions.components import dressed, mission_badge, participation_badge, timeline_of
from renfort.missions.components.contact import hidden_since
from renfort.missions.components.lists import Place, age_words, filter_field
from renfort.missions.components.network import mission_line, organisation_line, participation_line
from renfort.missions.components.plot import Week, weekly_plot
from renfort.missions.enums import ParticipationState
from renfort.missions.forms.network import (
    NetworkFilterForm,
    NetworkMissionFilterForm,
    NetworkOrganisationFilterForm,
    NetworkParticipationFilterForm,
)
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.mission import with_places
from renfort.missions.selectors.network import (
    ALONE,
    SHORT,
    NetworkFigures,
    network_figures,
    network_missions,
    network_organisations,
    network_participations,
    summed,
)
from renfort.missions.selectors.territory import LEFT, ONLINE, OTHERS, PROPOSED, online, weeks_of
from renfort.missions.services.contacts import note_contacts
from renfort.missions.views.listing import PANEL_ALONE, way_back
from renfort.missions.workflow import MISSION, PARTICIPATION
from renfort.organisations.components import organisation_badge
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import managers_of
from renfort.organisations.selectors.memberships import membership_in
from renfort.organisations.views.network import enter_network
from renfort.territories.selectors import departments

S = ParticipationState


# ── the dashboard ─────────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def dashboard(request: Request, network: int) -> HttpResponse:
    """What to see to first, the figures, each a link to the rows that it counts, department by department; twelve weeks."""
    actor = enter_network(request, network)
    by_department = network_figures(actor)
    total = summed(by_department)
    weeks = [Week(*each) for each in weeks_of(network_participations(actor, {}))]
    names = {each.code: str(each) for each in departments()}
    context = {
        "network": network,
        "first": _first(request, network, total),
        "organisations": [
            (total.organisations, _("Structures"), _list(network, "organisations")),
            (total.alone, _("Sans mission"), _list(network, "organisations", missions=ALONE)),
        ],
        "missions": [
            (total.missions, _("Missions"), _list(network, "missions", statut=PROPOSED)),
            (total.online, _("En ligne"), _list(network, "missions", statut=ONLINE)),
            (total.with_room, _("Avec des places"), _list(network, "missions", statut=LEFT)),
        ],
        "left": total.left,
        "places": total.places,
        "participations": [
            (total.total, _("Participations"), _list(network, "participations")),
            *(
                (total.participations.get(state, 0), label, _list(network, "participations", statut=state))
                for state, label in (
                    (S.PENDING, _("En attente de mission")),
                    (S.ACCEPTED, _("À venir")),
                    (S.ONGOING, _("En cours de mission")),
                    (S.DONE, _("Mission effectuée")),
                )
            ),
            (total.others, _("Autres"), _list(network, "participations", statut=OTHERS)),
        ],
        "weeks": weeks,
        "plot": weekly_plot(weeks),
        "rows": [_department_row(network, each, names.get(each.code, each.code)) for each in by_department],
    }
    return render(request, "missions/network/dashboard.html", context)


def _list(network: int, kind: str, **said: object) -> str:
    """The address of a list, under the filters of a figure."""
    url = reverse(f"missions:network-{kind}", args=[network])
    return f"{url}?{urlencode(said)}" if said else url


def _first(request: Request, network: int, total: NetworkFigures) -> list[dict[str, Any]]:
    """« À traiter d'abord »: the most pressing first; nothing that counts nothing. The menu has counted the claims."""
    claims = request.counted.get("claims", 0)
    lines = [
        (claims, "warning", "building", reverse("organisations:network-claims", args=[network]), ngettext(
            "%(n)s structure dit faire partie de votre réseau",
            "%(n)s structures disent faire partie de votre réseau", claims)),
        (total.short, "warning", "clock", _list(network, "missions", statut=SHORT), ngettext(
            "%(n)s mission commence dans les 14 jours et manque de monde",
            "%(n)s missions commencent dans les 14 jours et manquent de monde", total.short)),
        (total.alone, "info", "document", _list(network, "organisations", missions=ALONE), ngettext(
            "%(n)s structure n'a encore proposé aucune mission",
            "%(n)s structures n'ont encore proposé aucune mission", total.alone)),
    ]  # fmt: skip
    return [
        {"tone": tone, "icon": icon, "url": url, "words": words % {"n": number(count)}}
        for count, tone, icon, url, words in lines
        if count
    ]


def _department_row(network: int, figures: NetworkFigures, name: str) -> dict[str, Any]:
    code = figures.code
    pending = figures.participations.get(S.PENDING, 0)
    return {
        "name": name,
        "cells": [
            (_("Structures"), figures.organisations, _list(network, "organisations", departement=code)),
            (_("En ligne"), figures.online, _list(network, "missions", departement=code, statut=ONLINE)),
            (_("Avec des places"), figures.with_room, _list(network, "missions", departement=code, statut=LEFT)),
            (_("Participations"), figures.total, _list(network, "participations", departement=code)),
            (_("En attente"), pending, _list(network, "participations", departement=code, statut=S.PENDING)),
        ],
    }


# ── the lists ─────────────────────────────────────────────────────────────────────────────────────
def _opened(request: Request) -> int | None:
    """The row whose panel is open."""
    said = request.GET.get("volet", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None  # noqa: PLR2004 -- a number of a row


def _place(request: Request, path: str) -> Place:
    asked = request.GET.copy()
    asked.pop("volet", None)
    return Place(path, asked.urlencode(), _opened(request))


def _context(actor: Actor, network: int, form: NetworkFilterForm, place: Place, page: Any) -> dict[str, Any]:
    def chip_words(name: str, value: Any) -> str:
        """What the chip of a hidden filter says, of what the actor may read."""
        if name == "structure":
            title = network_organisations(actor, {}).filter(pk=value).values_list("name", flat=True).first()
            return _("Structure\u00a0: %(name)s") % {"name": title or value}
        if name == "mission":
            title = network_missions(actor, {}).filter(pk=value).values_list("title", flat=True).first()
            return _("Mission\u00a0: %(title)s") % {"title": title or value}
        return ""

    return {
        "network": network,
        "filters": form,
        "filter_fields": [filter_field(field) for field in form.visible_fields() if field.name != "q"],
        "chips": form.chips(chip_words),
        "path": place.path,
        "page": page,
        "panel": None,
        "is_filtered": bool(form.in_force),
    }


@login_required
@require_safe
def organisation_list(request: Request, network: int) -> HttpResponse:
    """« Structures »: those that were confirmed; which wait stands above."""
    actor = enter_network(request, network)
    form = NetworkOrganisationFilterForm(request.GET)
    place = _place(request, _list(network, "organisations"))
    found = network_organisations(actor, form.said).order_by("-id")
    page = dressed_page(request, found, _organisations(actor), by_words=bool(form.said.get("q")), also=place.opened)
    shown = list(page.object_list)
    counts = dict(
        Mission.objects.filter(online(timezone.now()), organisation_id__in=[each.pk for each in shown])
        .order_by()
        .values_list("organisation_id")
        .annotate(n=Count("*"))
    )
    context = _context(actor, network, form, place, page) | {
        "rows": [organisation_line(each, place, counts.get(each.pk, 0)) for each in shown],
        "claims": request.counted.get("claims", 0),
    }
    if page.beside is not None:
        context["panel"] = _organisation_block(actor, network, page.beside) | {"close_url": place.back}
    return render(request, "missions/network/organisation_list.html", context)


@login_required
@require_safe
def mission_list(request: Request, network: int) -> HttpResponse:
    """« Missions » of the network's organisations, wherever they are."""
    actor = enter_network(request, network)
    form = NetworkMissionFilterForm(request.GET)
    place = _place(request, _list(network, "missions"))
    page = dressed_page(
        request,
        network_missions(actor, form.said).order_by("-id"),
        _missions(actor),
        by_words=bool(form.said.get("q")),
        also=place.opened,
    )
    context = _context(actor, network, form, place, page) | {"rows": [mission_line(each, place) for each in page.object_list]}
    if page.beside is not None:
        context["panel"] = _mission_block(actor, network, page.beside) | {"close_url": place.back}
    return render(request, "missions/network/mission_list.html", context)


@login_required
@require_safe
def participation_list(request: Request, network: int) -> HttpResponse:
    """« Participations » of the network's organisations, with contact data as long as R37 allows; each reading is noted."""
    actor = enter_network(request, network)
    form = NetworkParticipationFilterForm(request.GET)
    place = _place(request, _list(network, "participations"))
    page = dressed_page(
        request,
        network_participations(actor, form.said).order_by("-id"),
        _participations(actor),
        by_words=bool(form.said.get("q")),
        also=place.opened,
    )
    shown = list(page.object_list)
    context = _context(actor, network, form, place, page) | {"rows": [participation_line(each, place) for each in shown]}
    if page.beside is not None:
        context["panel"] = _participation_block(actor, network, page.beside) | {"close_url": place.back}
        shown.append(page.beside)
    note_contacts(viewer=actor, participations=shown, organisation=None, way=Way.LIST)
    return render(request, "missions/network/participation_list.html", context)


# ── one of each: beside its list, or on a page of its own ─────────────────────────────────────────
def _organisations(actor: Actor) -> QuerySet[Organisation]:
    found = network_organisations(actor, {})
    return found.select_related("department", "legal_status", "type", "subtype")


def _missions(actor: Actor) -> QuerySet[Mission]:
    return with_places(network_missions(actor, {})).select_related("domain", "organisation", "department", "responsible", "rules")


def _participations(actor: Actor) -> QuerySet[Participation]:
    return network_participations(actor, {}).select_related("person", "organisation", "mission__department")


def _organisation_block(actor: Actor, network: int, organisation: Organisation) -> dict[str, Any]:
    pk = organisation.pk
    membership = membership_in(network, pk)
    return {
        "title": organisation.name,
        "network": network,
        "organisation": organisation,
        "managers": [grant.person for grant in managers_of(pk)],
        "state_badge": organisation_badge(organisation),
        "since": membership.decided_at if membership else None,
        "end_url": reverse("organisations:network-act", args=[network, membership.pk, "terminer"]) if membership else "",
        "missions_url": _list(network, "missions", structure=pk),
        "participations_url": _list(network, "participations", structure=pk),
        "page_url": reverse("missions:network-organisation", args=[network, pk]),
    }


def _mission_block(actor: Actor, network: int, mission: Mission) -> dict[str, Any]:
    team = {grant.person_id: grant.person.full_name for grant in managers_of(mission.organisation_id)}
    return {
        "title": mission.title,
        "network": network,
        "mission": dressed(mission),
        "state_badge": mission_badge(mission),
        "participations_url": _list(network, "participations", mission=mission.pk),
        "organisation_url": reverse("missions:network-organisation", args=[network, mission.organisation_id]),
        "contacts": list(mission.contacts.all()),
        "publics": list(mission.publics.all()),
        "timeline": timeline_of(history_of(mission, most=20), MISSION, team),
        "page_url": reverse("missions:network-mission", args=[network, mission.pk]),
    }


def _participation_block(actor: Actor, network: int, participation: Participation) -> dict[str, Any]:
    person = participation.person
    return {
        "title": person.full_name,
        "network": network,
        "participation": participation,
        "state_badge": participation_badge(participation),
        "contact_hidden": hidden_since(participation),
        "age": age_words(person.birth_date),
        "mission_url": reverse("missions:network-mission", args=[network, participation.mission_id]),
        "timeline": timeline_of(history_of(participation, most=20), PARTICIPATION, {person.pk: person.full_name}),
        "page_url": reverse("missions:network-participation", args=[network, participation.pk]),
    }


Rows = Callable[[Actor], QuerySet[Any]]
Block = Callable[[Actor, int, Any], dict[str, Any]]


KINDS: dict[str, tuple[Rows, Block]] = {
    "organisation": (_organisations, _organisation_block),
    "mission": (_missions, _mission_block),
    "participation": (_participations, _participation_block),
}


PAGES = {
    "organisation": "missions/network/organisation_detail.html",
    "mission": "missions/network/mission_detail.html",
    "participation": "missions/network/participation_detail.html",
}
PANELS = {
    "organisation": "missions/network/_organisation_panel.html",
    "mission": "missions/network/_mission_panel.html",
    "participation": "missions/network/_participation_panel.html",
}


def _one(request: Request, network: int, pk: int, *, kind: str, panel: bool) -> HttpResponse:
    """One row's page; or its panel for the script: whoever opens a panel's address gets the list with the panel beside it."""
    actor = enter_network(request, network)
    rows, block = KINDS[kind]
    found = rows(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    path = _list(network, f"{kind}s")
    if panel and request.headers.get(PANEL_ALONE) is None:
        return redirect(f"{path}?volet={pk}")
    if isinstance(found, Participation):
        note_contacts(viewer=actor, participations=[found], organisation=None, way=Way.PANEL if panel else Way.PAGE)
    context = block(actor, network, found)
    if panel:
        context["close_url"] = way_back(request, path, fallback=path)
        return render(request, PANELS[kind], {"panel": context})
    return render(request, PAGES[kind], {"panel": context, "list_url": path})


@login_required
@require_safe
def organisation_detail(request: Request, network: int, pk: int, *, panel: bool = False) -> HttpResponse:
    """One organisation, with whom to call."""
    return _one(request, network, pk, kind="organisation", panel=panel)


@login_required
@require_safe
def mission_detail(request: Request, network: int, pk: int, *, panel: bool = False) -> HttpResponse:
    """One mission."""
    return _one(request, network, pk, kind="mission", panel=panel)


@login_required
@require_safe
def participation_detail(request: Request, network: int, pk: int, *, panel: bool = False) -> HttpResponse:
    """One participation, to be read: its mission, its status, how to reach the volunteer as long as R37 allows."""
    return _one(request, network, pk, kind="participation", panel=panel)
