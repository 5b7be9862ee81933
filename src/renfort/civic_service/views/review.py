"""The case managers' pages: home with figures, queue, one project after the other, the list of all (S5 step 2, S10)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from renfort.audit.selectors import history_of
from renfort.civic_service.components.projects import history_words, project_badge
from renfort.civic_service.components.review import opinion_badge, project_row, review_row, weekly_plot
from renfort.civic_service.enums import UNDECIDED, ProjectState
from renfort.civic_service.forms.review import OpinionForm, ReviewFilterForm
from renfort.civic_service.models import Campaign, HostProject, Opinion
from renfort.civic_service.rules.project import is_own_establishment
from renfort.civic_service.selectors.opinions import opinions_of
from renfort.civic_service.selectors.places import places_of
from renfort.civic_service.selectors.project_facts import PEOPLE, differences, facts_of, said, versions_of
from renfort.civic_service.selectors.review import (
    ACCEPTED,
    MINE,
    NATIONAL,
    before_in,
    campaigns_studied,
    departments_managed,
    frozen_record,
    in_order,
    lapses_at,
    late_before,
    narrowed,
    next_in,
    projects_managed,
    review_queue,
    waiting_counts,
    who_was_first,
)
from renfort.civic_service.selectors.review_figures import Figures, figures_by_department, summed, weeks_of
from renfort.civic_service.selectors.roles import is_national
from renfort.civic_service.selectors.schools import INCOMPLETE
from renfort.civic_service.services.opinions import note_opinion
from renfort.civic_service.views.menus import enter_manager
from renfort.civic_service.workflow import PROJECT
from renfort.jobs.services import once
from renfort.jobs.views import export_page
from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.pages import dressed_page
from renfort.kernel.views import act
from renfort.people.selectors import names_of, today

IN_TABLE = (1, 2, 4, 6, 7, 9, 11)  # places in ``_cells``: what waits, what was given, what is left and what is missing
UNPROCESSABLE, CONFLICT, FOUND = 422, 409, 302
READ = ["GET", "HEAD", "POST"]
WITH = ("campaign", "establishment__organisation__department", "taken_by")
LONG = ("aim", "tasks", "setting", "audience", "place", "minors_support")  # what no row shows
STAYS = ("prendre", "rendre")  # what is done on a project without leaving it


def at(name: str, federation: int | None, *args: object, **query: object) -> str:
    """The address of a case manager's page, of a federation or, without one, of the national ones; ``query``: its filters."""
    whose = "national" if federation is None else "manager"
    numbers = args if federation is None else (federation, *args)
    url = reverse(f"civic_service:{whose}-{name}" if name else f"civic_service:{whose}", args=numbers)
    kept = {key: value for key, value in query.items() if value}
    return f"{url}?{urlencode(kept)}" if kept else url


def filters_of(request: Request, actor: Actor, *, queue: bool) -> ReviewFilterForm:
    """What the address says. At most three queries."""
    return ReviewFilterForm(
        request.GET, campaigns=campaigns_studied(), departments=departments_managed(actor), whole=is_national(actor), queue=queue
    )


# ── home ──────────────────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def home(request: Request, federation: int | None = None) -> HttpResponse:
    """What waits, and the figures of a campaign by department, each with its list."""
    actor = enter_manager(request, federation)
    form = filters_of(request, actor, queue=True)
    known = form.campaigns
    campaign = next((each for each in known if str(each.pk) == form.said.get("campagne")), known[0] if known else None)
    where = str(form.said.get("departement") or "")
    context: dict[str, Any] = {
        "form": form,
        "campaign": campaign,
        "several": len(known) > 1 or len(form.departments) > 1,
        "first": _first(actor, federation),
        "queue_url": at("queue", federation),
    }
    if campaign is not None:
        rows, weeks = figures_by_department(actor, campaign, department=where), weeks_of(actor, campaign, department=where)
        names = {each.code: str(each) for each in form.departments}
        stats = _cells(summed(rows), federation, campaign, where)
        context |= {
            "stats": stats,
            "columns": _narrowed(stats),
            "rows": [
                (
                    names.get(row.code, row.code), at("", federation, campagne=campaign.pk, departement=row.code),
                    _narrowed(_cells(row, federation, campaign, row.code)),
                )
                for row in rows
            ],
            "weeks": weeks,
            "plot": weekly_plot(weeks),
        }  # fmt: skip
    return render(request, "civic_service/manager/home.html", context)


def _narrowed(cells: list[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    """Those of the figures that a table by department has room for."""
    return [cells[place] for place in IN_TABLE]


def _cells(figures: Figures, federation: int | None, campaign: Campaign, where: str) -> list[tuple[int, str, str]]:
    """The figures with their words, each with the list that it counts; "" for those that no list counts."""

    def listed(**said: object) -> str:
        return at("projects", federation, campagne=campaign.pk, departement=where, **said)

    def schools(**said: object) -> str:
        numbers = [] if federation is None else [federation]
        query = urlencode({name: value for name, value in {"departement": where, **said}.items() if value})
        url = reverse("civic_service:schools" if numbers else "civic_service:national-schools", args=numbers)
        return f"{url}?{query}" if query else url

    waiting = at("queue", federation, campagne=campaign.pk, departement=where)
    return [
        (figures.filed, _("Projets déposés"), listed()),
        (figures.waiting, _("À étudier"), waiting),
        (figures.late, _("En retard"), waiting),
        (figures.to_correct, _("À corriger"), listed(etat=ProjectState.CHANGES_REQUESTED)),
        (figures.accepted, _("Acceptés"), listed(etat=ACCEPTED)),
        (figures.refused, _("Refusés"), listed(etat=ProjectState.REFUSED)),
        (figures.asked, _("Places demandées"), listed()),
        (figures.granted, _("Places accordées"), listed(etat=ACCEPTED)),
        (figures.allowed, _("Places permises"), ""),
        (figures.left, _("Places encore libres"), ""),
        (figures.establishments, _("Établissements"), schools()),
        (figures.incomplete, _("Fiches à compléter"), schools(etat=INCOMPLETE)),
    ]


def _first(actor: Actor, federation: int | None) -> list[dict[str, Any]]:
    """« À traiter d'abord »: the late ones, what waits, what is in hand; nothing that counts nothing. One or two queries."""
    now = waiting_counts(actor)
    lines: list[dict[str, Any]] = []
    if now.late:
        words = ngettext("%(n)d projet en retard", "%(n)d projets en retard", now.late) % {"n": now.late}
        lines.append({"tone": "danger", "icon": "clock", "words": words, "url": at("queue", federation)})
    if now.national and is_national(actor):
        words = ngettext(
            "%(n)d projet dans la file nationale", "%(n)d projets dans la file nationale", now.national
        ) % {"n": now.national}  # fmt: skip
        lines.append({"tone": "warning", "icon": "list", "words": words, "url": at("queue", federation, dossiers=NATIONAL)})
    if now.waiting:
        words = ngettext("%(n)d projet à étudier", "%(n)d projets à étudier", now.waiting) % {"n": now.waiting}
        lines.append({"tone": "info", "icon": "list", "words": words, "url": at("queue", federation)})
    if now.mine:
        words = ngettext("%(n)d projet que vous avez pris", "%(n)d projets que vous avez pris", now.mine) % {"n": now.mine}
        lines.append({"tone": "info", "icon": "hand", "words": words, "url": at("queue", federation, dossiers=MINE)})
    return lines


# ── the queue ─────────────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def queue(request: Request, federation: int | None = None) -> HttpResponse:
    """« Projets à étudier »: the oldest first, those that are late marked, who has which in hand."""
    actor = enter_manager(request, federation)
    form = filters_of(request, actor, queue=True)
    found = narrowed(review_queue(actor), form.said, actor)
    page = dressed_page(request, found, HostProject.objects.select_related(*WITH).defer(*LONG))
    late, suffix = late_before(), form.suffix()
    asking = {each.pk for each in page.object_list if each.campaign.asks_opinion}
    heard = set(Opinion.objects.filter(project__in=asking).values_list("project_id", flat=True)) if asking else set()
    context = {
        "page": page,
        "rows": [
            review_row(
                each, f"{at('case', federation, each.pk)}{suffix}", late_before=late, reader=actor.person_id,
                lacks_opinion=each.pk in asking and each.pk not in heard,
            )
            for each in page.object_list
        ],
        "filters": form,
        "chips": form.chips(),
        "is_filtered": bool(suffix),
        "late_count": found.order_by().filter(queued_at__lt=late).count(),
        "all_url": at("projects", federation),
    }  # fmt: skip
    return render(request, "civic_service/manager/queue.html", context)


@login_required
@require_safe
def projects(request: Request, federation: int | None = None) -> HttpResponse:
    """« Projets »: all that were filed, under the filters and in the order of the address."""
    actor = enter_manager(request, federation)
    form = filters_of(request, actor, queue=False)
    found = in_order(narrowed(projects_managed(actor), form.said, actor), request.GET.get("tri", ""))
    dressed = HostProject.objects.select_related(*WITH).defer(*LONG)
    page = dressed_page(request, found, dressed, by_words=bool(form.said.get("q")))
    context = {
        "page": page,
        "rows": [project_row(each, at("case", federation, each.pk)) for each in page.object_list],
        "filters": form,
        "chips": form.chips(),
        "queue_url": at("queue", federation),
        "export_url": f"{at('projects-export', federation)}?{request.GET.urlencode()}",
    }
    return render(request, "civic_service/manager/projects.html", context)


@login_required
def projects_export(request: Request, federation: int | None = None) -> HttpResponse:
    """« Exporter » the projects of the list, under its filters (P6)."""
    actor = enter_manager(request, federation)
    return export_page(
        request, kind="civic_service.projects", actor=actor, organisation=federation, back=at("projects", federation)
    )


# ── one project after the other ───────────────────────────────────────────────────────────────────
def case_or_404(actor: Actor, pk: int) -> HostProject:
    """One project of the territory, with all that its page reads."""
    joined = ("campaign__approval", "establishment__organisation__department", "establishment__head", "taken_by")
    found = projects_managed(actor).select_related(*joined).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def case(request: Request, pk: int, federation: int | None = None) -> HttpResponse:
    """One project: what was filed, what changed since, the record and the places, what can be decided."""
    actor = enter_manager(request, federation)
    project = case_or_404(actor, pk)
    form = filters_of(request, actor, queue=True)
    waiting, suffix = narrowed(review_queue(actor), form.said, actor), form.suffix()
    address = at("case", federation, pk)
    following, before = next_in(waiting, project, actor), before_in(waiting, project)
    versions, lines = versions_of(project), history_of(project)
    kept = [each.facts for each in versions[-2:]] or [facts_of(project)]
    people = {line.entry.actor_id for line in lines} | {facts.get(name) for facts in kept for name in PEOPLE}
    names = names_of({each for each in people if each})
    actions = actions_of(PROJECT, project, actor, lambda path: f"{address}{path}/{suffix}", in_person=True)
    at_once = [each for each in actions if each.transition.path in STAYS and not each.refusals]  # done without another page
    waits, opinions = project.state in UNDECIDED, list(opinions_of(project))
    context = {
        "project": project,
        "school": project.establishment.organisation,
        "state_badge": project_badge(project),
        "facts": said(kept[-1], names),
        "changes": differences(kept[0], kept[1], names) if len(kept) > 1 else [],
        "versions": versions,
        "record": frozen_record(project),
        "places": places_of(project.campaign, project.establishment, without=project),
        "opinions": [(each, opinion_badge(each)) for each in opinions],
        "asks_opinion": project.campaign.asks_opinion,
        "opinion_url": f"{address}avis/{suffix}" if waits else "",
        "actions": [each for each in actions if each not in at_once],
        "at_once": at_once[0] if at_once else None,
        "waits": waits,
        "is_late": waits and project.queued_at is not None and project.queued_at < late_before(),
        "is_mine": project.taken_by_id is not None and project.taken_by_id == actor.person_id,
        "holder": project.taken_by.full_name if project.taken_by else "",
        "until": lapses_at(project),
        "is_own": is_own_establishment.stands(actor, project),
        "timeline": history_words(lines, names),
        "next_url": f"{at('case', federation, following)}{suffix}" if following else "",
        "before_url": f"{at('case', federation, before)}{suffix}" if before else "",
        "queue_url": f"{at('queue', federation)}{suffix}",
    }
    return render(request, "civic_service/manager/case.html", context)


@login_required
@require_http_methods(READ)
def case_act(request: Request, pk: int, path: str, federation: int | None = None) -> HttpResponse:
    """Take, give back, decide; after a decision, the next project at once."""
    actor = enter_manager(request, federation)
    project = case_or_404(actor, pk)
    form = filters_of(request, actor, queue=True)
    suffix, following = form.suffix(), next_in(narrowed(review_queue(actor), form.said, actor), project, actor)
    back = f"{at('case', federation, pk)}{suffix}"
    title = f"{project.title} · {project.establishment.organisation.name}"
    answer = act(request, PROJECT, project, path, actor=actor, title=title, back=back, told=who_was_first)
    if answer.status_code != FOUND or path in STAYS:
        return answer
    if following is None:
        return redirect(f"{at('queue', federation)}{suffix}")
    return redirect(f"{at('case', federation, following)}{suffix}")


@login_required
@require_http_methods(READ)
def opinion(request: Request, pk: int, federation: int | None = None) -> HttpResponse:
    """« Noter l'avis » of an adviser."""
    actor = enter_manager(request, federation)
    project = case_or_404(actor, pk)
    suffix = filters_of(request, actor, queue=True).suffix()
    back = f"{at('case', federation, pk)}{suffix}"
    form, status = OpinionForm(initial={"given_on": today()}), 200
    if request.method == "POST":
        form, status = OpinionForm(request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                token = form.cleaned_data.pop("form_token")
                once(token, owner=f"person:{actor.person_id}", make=lambda: _noted(actor, project, form, back))
                messages.success(request, _("Avis noté."))
                return redirect(back)
            except Refused as refused:
                for sentence in refused.sentences:
                    form.add_error(None, sentence)
                status = CONFLICT
    context = {
        "form": form, "title": _("Noter l'avis"), "lead": f"{project.title} · {project.establishment.organisation.name}",
        "button": _("Enregistrer l'avis"), "back": back,
    }  # fmt: skip
    return render(request, "civic_service/manager/opinion.html", context, status=status)


def _noted(actor: Actor, project: HostProject, form: OpinionForm, back: str) -> str:
    note_opinion(actor=actor, project=project, facts=form.cleaned_data)
    return back
