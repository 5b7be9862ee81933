"""The referent's place of work: the figures of the territory and its lists, to be read (R51, R52)."""

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

from renfort.audit.selectors import history_of
from renfort.kernel.actors import Actor
from renfort.kernel.http import Request
from renfort.kernel.pages import dressed_page
from renfort.kernel.templatetags.ui import number
from renfort.missions.components import dressed, mission_badge, mission_row, participation_badge, timeline_of
from renfort.missions.components.contact import hidden_since
from renfort.missions.components.lists import Place, filter_field
from renfort.missions.components.plot import Week, weekly_plot
from renfort.missions.components.territory import organisation_row, read_participation_row, waits_words, with_panel
from renfort.missions.enums import ParticipationState
from renfort.missions.forms.territory import (
    OrganisationFilterForm,
    TerritoryFilterForm,
    TerritoryMissionFilterForm,
    TerritoryParticipationFilterForm,
)
from renfort.missions.models import Mission, Participation
from renfort.missions.rules import MOVABLE, is_of_its_team, may_reach
from renfort.missions.selectors.notes import mission_notes
from renfort.missions.selectors.room import count_places
from renfort.missions.selectors.territory import (
    LATE_CASES,
    LEFT,
    ONLINE,
    OTHERS,
    PROPOSED,
    TO_VALIDATE,
    DepartmentFigures,
    online,
    roomy_missions,
    summed,
    territory_figures,
    territory_missions,
    territory_organisations,
    territory_participations,
    territory_people,
    territory_weeks,
    validation_waits,
)
from renfort.missions.selectors.transfers import open_transfer
from renfort.missions.services.accesses import shown_contact
from renfort.missions.services.mission import CLOSED
from renfort.missions.views.referent_panels import (
    mission_panel_of,
    opened,
    organisation_panel_of,
    participation_panel_of,
    without_panel,
)
from renfort.missions.workflow import MISSION, PARTICIPATION
from renfort.organisations.components import timeline_of as organisation_timeline
from renfort.organisations.selectors import managers_of
from renfort.organisations.selectors.decisions import names_of
from renfort.organisations.selectors.notes import organisation_notes
from renfort.organisations.selectors.perimeter import departments_overseen
from renfort.organisations.views.notes import notes_block
from renfort.organisations.views.territory import enter_referent
from renfort.territories.selectors import departments

S = ParticipationState


# ── the dashboard ─────────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def dashboard(request: Request) -> HttpResponse:
    """The figures of R51, each a link to the list that it counts; what to see to first; the last twelve weeks."""
    actor = enter_referent(request)
    codes = departments_overseen(actor)
    form = TerritoryFilterForm(request.GET, codes=codes)
    where = str(form.said.get("departement") or "")
    by_department = territory_figures(actor, where)
    total, people = summed(by_department), territory_people(actor, where)
    weeks = [Week(*each) for each in territory_weeks(actor, where)]
    names = {each.code: str(each) for each in departments()}
    context = {
        "form": form,
        "several": len(codes) > 1,
        "first": _first(total, where),
        "organisations": [
            (total.organisations, _("Structures"), _list("organisations", where)),
            (total.new_organisations, _("Inscrites depuis 30 jours"), _list("organisations", where, depuis=30)),
        ],
        "missions": [
            (total.missions, _("Missions"), _list("missions", where, statut=PROPOSED)),
            (total.to_validate, _("À valider ou à relire"), _list("missions", where, statut=TO_VALIDATE)),
            (total.online, _("En ligne"), _list("missions", where, statut=ONLINE)),
            (total.left, _("Places disponibles"), _list("missions", where, statut=LEFT)),
        ],
        "participations": [
            (total.total, _("Participations"), _list("participations", where)),
            (total.pending, _("En attente de mission"), _list("participations", where, statut=S.PENDING)),
            (total.participations.get(S.ACCEPTED, 0), _("À venir"), _list("participations", where, statut=S.ACCEPTED)),
            (total.participations.get(S.ONGOING, 0), _("En cours de mission"), _list("participations", where, statut=S.ONGOING)),
            (total.participations.get(S.DONE, 0), _("Mission effectuée"), _list("participations", where, statut=S.DONE)),
            (total.others, _("Autres"), _list("participations", where, statut=OTHERS)),
        ],
        "volunteers": people.volunteers,
        "answer": waits_words(people.answer),
        "validation": waits_words(validation_waits(actor, where)),
        "weeks": weeks,
        "plot": weekly_plot(weeks),
        "rows": [_department_row(each, names.get(each.code, each.code)) for each in by_department],
    }
    return render(request, "missions/referent/dashboard.html", context)


def _list(kind: str, where: str, **said: object) -> str:
    """The address of a list, under the filters of a figure."""
    query = urlencode({**({"departement": where} if where else {}), **said})
    url = reverse(f"missions:referent-{kind}")
    return f"{url}?{query}" if query else url


def _queue(kind: str, where: str) -> str:
    """Where cases are decided, in one department when the page is of one."""
    return reverse(f"{kind}:queue") + (f"?{urlencode({'departement': where})}" if where else "")


def _first(total: DepartmentFigures, where: str) -> list[dict[str, Any]]:
    """« À traiter d'abord »: the most pressing first; nothing that counts nothing."""
    queue = _queue("missions", where)
    oldest = (timezone.now() - total.oldest).days if total.oldest is not None else 0
    lines = [
        (total.late, "danger", "clock", queue, ngettext(
            "%(n)s mission attend depuis plus longtemps que le délai visé",
            "%(n)s missions attendent depuis plus longtemps que le délai visé", total.late)),
        (total.to_validate, "warning", "eye", queue, ngettext(
            "%(n)s mission à valider ou à relire",
            "%(n)s missions à valider ou à relire", total.to_validate)),
        (total.hosts_to_validate, "warning", "building", _queue("organisations", where), ngettext(
            "%(n)s structure à valider", "%(n)s structures à valider", total.hosts_to_validate)),
        (total.pending, "info", "people", _list("participations", where, statut=S.PENDING), ngettext(
            "%(n)s proposition attend la réponse d'une structure",
            "%(n)s propositions attendent la réponse d'une structure", total.pending)),
    ]  # fmt: skip
    told = [
        {"tone": tone, "icon": icon, "url": url, "words": words % {"n": number(count)}}
        for count, tone, icon, url, words in lines
        if count
    ]
    if total.to_validate and oldest and told:
        age = ngettext("la plus ancienne attend depuis %(n)s jour", "la plus ancienne attend depuis %(n)s jours", oldest)
        told[0]["words"] = f"{told[0]['words']} · {age % {'n': number(oldest)}}"
    return told


def _department_row(figures: DepartmentFigures, name: str) -> dict[str, Any]:
    code = figures.code
    return {
        "name": name,
        "url": f"?departement={code}",
        "cells": [
            (_("Structures"), figures.organisations, _list("organisations", code)),
            (_("En ligne"), figures.online, _list("missions", code, statut=ONLINE)),
            (_("À valider"), figures.to_validate, _list("missions", code, statut=TO_VALIDATE)),
            (_("Places"), figures.left, _list("missions", code, statut=LEFT)),
            (_("Participations"), figures.total, _list("participations", code)),
            (_("En attente"), figures.pending, _list("participations", code, statut=S.PENDING)),
        ],
    }


# ── the lists ─────────────────────────────────────────────────────────────────────────────────────
def _context(request: Request, actor: Actor, form: TerritoryFilterForm, page: Any) -> dict[str, Any]:
    def chip_words(name: str, value: Any) -> str:
        """What the chip of a hidden filter says, of what the actor may read."""
        if name == "structure":
            title = territory_organisations(actor, {}).filter(pk=value).values_list("name", flat=True).first()
            return _("Structure\u00a0: %(name)s") % {"name": title or value}
        if name == "mission":
            title = territory_missions(actor, {}).filter(pk=value).values_list("title", flat=True).first()
            return _("Mission\u00a0: %(title)s") % {"title": title or value}
        return ""

    return {
        "filters": form,
        "filter_fields": [filter_field(field) for field in form.visible_fields() if field.name != "q"],
        "chips": form.chips(chip_words),
        "path": request.path,
        "page": page,
        "is_filtered": bool(form.in_force),
        "export_url": f"{request.path}exporter/",
    }


def _place(request: Request) -> Place:
    return Place(request.path, without_panel(request), opened(request))


def _panel(request: Request, actor: Actor, of: Callable[[Actor, int, str], dict[str, Any] | None]) -> dict[str, Any] | None:
    """The panel that the address opens; none for a row that is not the reader's."""
    number = opened(request)
    return of(actor, number, _place(request).back) if number is not None else None


@login_required
@require_safe
def organisation_list(request: Request) -> HttpResponse:
    """« Structures » of the territory, by the department of their seat."""
    actor = enter_referent(request)
    form = OrganisationFilterForm(request.GET, codes=departments_overseen(actor))
    found = territory_organisations(actor, form.said).order_by("-id")
    rows = territory_organisations(actor, {}).select_related("department", "legal_status")
    page = dressed_page(request, found, rows, by_words=bool(form.said.get("q")))
    shown = list(page.object_list)
    counts = dict(
        Mission.objects.filter(online(timezone.now()), organisation_id__in=[each.pk for each in shown])
        .order_by()
        .values_list("organisation_id")
        .annotate(n=Count("*"))
    )
    context = _context(request, actor, form, page) | {
        "rows": [
            with_panel(organisation_row(each, f"{request.path}{each.pk}/", counts.get(each.pk, 0)), each.pk, _place(request))
            for each in shown
        ],
        "panel": _panel(request, actor, organisation_panel_of),
    }
    return render(request, "missions/referent/organisation_list.html", context)


@login_required
@require_safe
def mission_list(request: Request) -> HttpResponse:
    """« Missions » of the territory."""
    actor = enter_referent(request)
    form = TerritoryMissionFilterForm(request.GET, codes=departments_overseen(actor))
    waiting = form.said.get("statut") in (TO_VALIDATE, LATE_CASES)  # the oldest first: they have waited longest
    found: QuerySet[Mission] | list[int]
    if form.said.get("statut") == LEFT:  # all places are counted at once, and once
        found = roomy_missions(actor, form.said)
    else:
        found = territory_missions(actor, form.said).order_by("id" if waiting else "-id")
    page = dressed_page(
        request,
        found,
        territory_missions(actor, {}).select_related("domain", "organisation").defer("schedule", "description", "safety"),
        by_words=bool(form.said.get("q")),
    )
    count_places(page.object_list)
    rows = [
        with_panel(mission_row(each, f"{request.path}{each.pk}/", reader=True), each.pk, _place(request))
        for each in page.object_list
    ]
    context = _context(request, actor, form, page) | {"rows": rows, "panel": _panel(request, actor, mission_panel_of)}
    return render(request, "missions/referent/mission_list.html", context)


@login_required
@require_safe
def participation_list(request: Request) -> HttpResponse:
    """« Participations » of the territory, to be read: contact data and decisions are the organisations' (R37, R52)."""
    actor = enter_referent(request)
    form = TerritoryParticipationFilterForm(request.GET, codes=departments_overseen(actor))
    rows = territory_participations(actor, {}).select_related("person", "mission__department", "organisation")
    page = dressed_page(
        request, territory_participations(actor, form.said).order_by("-id"), rows, by_words=bool(form.said.get("q"))
    )
    lines = [
        with_panel(read_participation_row(each, f"{request.path}{each.pk}/"), each.pk, _place(request))
        for each in page.object_list
    ]
    context = _context(request, actor, form, page) | {"rows": lines, "panel": _panel(request, actor, participation_panel_of)}
    return render(request, "missions/referent/participation_list.html", context)


# ── one of each ───────────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def organisation_detail(request: Request, pk: int) -> HttpResponse:
    """One organisation as its referent reads it, with whom to call."""
    actor = enter_referent(request)
    found = territory_organisations(actor, {}).filter(pk=pk)
    organisation = found.select_related("department", "legal_status", "type", "subtype").first()
    if organisation is None:
        raise Http404
    managers = [grant.person for grant in managers_of(pk)]
    context = {
        "organisation": organisation,
        "managers": managers,
        **notes_block(actor, reverse("organisations:note", args=[pk]), organisation_notes(actor, organisation)),
        "missions_url": f"{reverse('missions:referent-missions')}?structure={pk}",
        "timeline": organisation_timeline(history_of(organisation), {each.pk: each.full_name for each in managers}),
    }
    return render(request, "missions/referent/organisation_detail.html", context)


def _mission_or_404(actor: Actor, pk: int) -> Mission:
    missions = territory_missions(actor, {}).filter(pk=pk)
    found = missions.select_related("domain", "department", "rules", "responsible", "organisation").first()
    if found is None:
        raise Http404
    count_places([found])
    return found


@login_required
@require_safe
def mission_detail(request: Request, pk: int) -> HttpResponse:
    """One mission as its referent reads it."""
    actor = enter_referent(request)
    mission = _mission_or_404(actor, pk)
    lines = history_of(mission)
    team = names_of([mission.responsible_id, *(line.entry.actor_id for line in lines)])
    is_own = is_of_its_team.stands(actor, mission)
    can_edit = not is_own and mission.state not in CLOSED
    context = {
        "is_own": is_own,
        **notes_block(actor, reverse("missions:referent-mission-note", args=[pk]), mission_notes(actor, mission)),
        "transfer": open_transfer(mission),
        "transfer_url": reverse("missions:referent-transfer", args=[pk])
        if not is_own and mission.state in MOVABLE and not mission.is_over
        else "",
        "edit_url": reverse("missions:referent-mission-edit", args=[pk]) if can_edit else "",
        "mission": dressed(mission),
        "state_badge": mission_badge(mission, reader=True),
        "participations_url": f"{reverse('missions:referent-participations')}?mission={pk}",
        "timeline": timeline_of(lines, MISSION, team),
        "contacts": list(mission.contacts.all()),
        "publics": list(mission.publics.all()),
    }
    return render(request, "missions/referent/mission_detail.html", context)


def participation_or_404(actor: Actor, pk: int) -> Participation:
    """One participation of the territory, with all that its page and its rules read."""
    rows = territory_participations(actor, {}).filter(pk=pk)
    found: Participation | None = rows.select_related("person", "mission__department", "organisation").first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def participation_detail(request: Request, pk: int) -> HttpResponse:
    """One participation, to be read: its mission, its status, what happened when (R52)."""
    actor = enter_referent(request)
    found = participation_or_404(actor, pk)
    access = shown_contact(actor=actor, participation=found)
    context = {
        "participation": found,
        "access": access,
        "contact_url": reverse("missions:referent-contact", args=[pk]) if access is None and may_reach(actor, found) else "",
        "contact_hidden": hidden_since(found),
        "state_badge": participation_badge(found),
        "timeline": timeline_of(history_of(found), PARTICIPATION, {found.person_id: found.person.full_name}),
    }
    return render(request, "missions/referent/participation_detail.html", context)


# ── the addresses that the programme promised ─────────────────────────────────────────────────────
@login_required
@require_safe
def territory(request: Request, code: str, page: str = "") -> HttpResponse:
    """``/territoire/33/missions/`` leads to that department's part of the referent's list; 404 for another department."""
    actor = enter_referent(request)
    if code.upper() not in departments_overseen(actor):
        raise Http404
    name = {"": "referent", "structures": "referent-organisations"}.get(page, f"referent-{page}")
    return redirect(f"{reverse(f'missions:{name}')}?departement={code.upper()}")
