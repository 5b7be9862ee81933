"""Host projects: the establishment's list, form and copies; and the page that everybody concerned opens (S5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from renfort.audit.selectors import history_of
from renfort.civic_service.components.projects import (
    asked_to_correct,
    history_words,
    next_step,
    project_badge,
    title_of,
)
from renfort.civic_service.components.steps import step_words, steps_of
from renfort.civic_service.enums import ProjectState
from renfort.civic_service.forms.project import ProjectForm
from renfort.civic_service.models import Campaign, Establishment, HostProject, ProjectVersion
from renfort.civic_service.rules.project import EDITABLE, leads_its_establishment
from renfort.civic_service.selectors.campaigns import campaigns_filing
from renfort.civic_service.selectors.project_facts import (
    PEOPLE,
    changes_since,
    differences,
    facts_of,
    people_of,
    said,
    versions_of,
)
from renfort.civic_service.selectors.projects import projects_visible
from renfort.civic_service.selectors.readiness import blockers_of, today_at
from renfort.civic_service.selectors.records import missing_facts
from renfort.civic_service.selectors.roles import establishments_led, establishments_tutored
from renfort.civic_service.services.projects import change_project, copy_project, start_project
from renfort.civic_service.views.menus import enter_establishment, enter_lead, enter_project
from renfort.civic_service.workflow import PROJECT
from renfort.jobs.forms import OnceForm
from renfort.jobs.services import once
from renfort.kernel.actions import Action
from renfort.kernel.actors import Actor
from renfort.kernel.firing import NotAllowed, Refused, Stale
from renfort.kernel.http import Request
from renfort.kernel.pages import page_of
from renfort.kernel.views import act, seen_of
from renfort.people.selectors import names_of

UNPROCESSABLE, CONFLICT = 422, 409
READ = ["GET", "HEAD", "POST"]
FILE, FILE_AGAIN = PROJECT["file"], PROJECT["resubmit"]


# ── the establishment's list ──────────────────────────────────────────────────────────────────────
def rows_of(projects: list[HostProject]) -> list[dict[str, Any]]:
    """Projects as a list shows them, without a query."""
    return [
        {"project": each, "title": title_of(each), "badge": project_badge(each), "step": step_words(each)} for each in projects
    ]


@login_required
@require_safe
def projects(request: Request, organisation: int) -> HttpResponse:
    """« Projets »: all that the establishment wrote, the latest campaign first."""
    actor, establishment = enter_establishment(request, organisation)
    found = projects_visible(actor).filter(establishment=establishment).order_by("-campaign__opens_on", "-pk")
    page = page_of(request, found)
    context = {
        "establishment": establishment, "page": page, "rows": rows_of(list(page.object_list)),
        "is_lead": _is_lead(actor, establishment),
    }  # fmt: skip
    return render(request, "civic_service/projects/list.html", context)


def _is_lead(actor: Actor, establishment: Establishment) -> bool:
    return establishment.pk in establishments_led(actor)


# ── the form ──────────────────────────────────────────────────────────────────────────────────────
def _campaign_of(request: Request, establishment: Establishment) -> Campaign | None:
    """The campaign that the page is about: the one that the address names, else the one whose filing ends first."""
    filing = list(campaigns_filing(today_at(establishment)))
    wanted = request.GET.get("campagne", "")
    return next((each for each in filing if str(each.pk) == wanted), filing[0] if filing else None)


def _not_yet(request: Request, establishment: Establishment, campaign: Campaign | None) -> HttpResponse | None:
    """The page that says what comes before any project: the record complete (S2), a campaign that takes projects."""
    missing = missing_facts(establishment)
    if campaign is not None and not missing:
        return None
    context = {
        "establishment": establishment, "campaign": campaign, "missing": missing,
        "back": reverse("civic_service:projects", args=[establishment.pk]),
    }  # fmt: skip
    return render(request, "civic_service/projects/not_yet.html", context, status=CONFLICT)


def _page_of_form(
    request: Request, form: ProjectForm, establishment: Establishment, campaign: Campaign, *, status: int,
    project: HostProject | None = None,
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form, "establishment": establishment, "campaign": campaign, "project": project,
        "title": title_of(project) if project else _("Nouveau projet d'accueil"),
        "asked": asked_to_correct(history_of(project)) if project and project.filings else "",
        "is_draft": project is None or project.state == ProjectState.DRAFT,
        "back": reverse("civic_service:project", args=[project.pk]) if project
        else reverse("civic_service:projects", args=[establishment.pk]),
    }  # fmt: skip
    return render(request, "civic_service/projects/form.html", context, status=status)


def _say(form: ProjectForm, refused: Refused) -> int:
    for sentence in refused.sentences:
        form.add_error(None, sentence)
    return CONFLICT


def _onward(request: Request, project: HostProject) -> str:
    """Where a saved form leads: to the filing when that was asked, else to the project."""
    if request.POST.get("then") == "file":
        step = FILE if project.state == ProjectState.DRAFT else FILE_AGAIN
        return reverse("civic_service:project-act", args=[project.pk, step.path])
    return reverse("civic_service:project", args=[project.pk])


@login_required
@require_http_methods(READ)
@never_cache
def project_new(request: Request, organisation: int) -> HttpResponse:
    """« Nouveau projet »: anything may be missing of a draft; the same form sent twice makes one project."""
    actor, establishment = enter_lead(request, organisation)
    campaign = _campaign_of(request, establishment)
    if (page := _not_yet(request, establishment, campaign)) is not None:
        return page
    assert campaign is not None  # noqa: S101 -- for the type checker: without one the page above was the answer
    form, status = ProjectForm.blank(campaign, establishment, actor.person_id), 200
    if request.method == "POST":
        form, status = ProjectForm.blank(campaign, establishment, actor.person_id, request.POST), UNPROCESSABLE
        if form.is_valid():

            def make() -> str:
                made = start_project(actor=actor, establishment=establishment, campaign=campaign, facts=form.facts())
                return _onward(request, made)

            try:
                url = once(form.cleaned_data["form_token"], owner=f"person:{actor.person_id}", make=make)
            except Refused as refused:
                status = _say(form, refused)
            else:
                messages.success(request, _("Brouillon enregistré."))
                return redirect(url)
    return _page_of_form(request, form, establishment, campaign, status=status)


def _own(actor: Actor, establishment: Establishment, pk: int) -> HostProject:
    found = projects_visible(actor).filter(establishment=establishment, pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(READ)
@never_cache
def project_edit(request: Request, organisation: int, pk: int) -> HttpResponse:
    """« Modifier »: while it is a draft or to be corrected; what was filed once goes on saying everything."""
    actor, establishment = enter_lead(request, organisation)
    project = _own(actor, establishment, pk)
    if project.state not in EDITABLE:
        messages.error(request, _("Ce projet ne se modifie plus : c'est maintenant « %(state)s ».") % {
            "state": ProjectState(project.state).label
        })  # fmt: skip
        return redirect("civic_service:project", pk)
    form, status = ProjectForm.of(project), 200
    if request.method == "POST":
        form, status = ProjectForm.of(project, request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                project = change_project(actor=actor, project=project, facts=form.facts(), seen=seen_of(request))
            except Refused as refused:
                status = _say(form, refused)
                if isinstance(refused, Stale):
                    project.refresh_from_db()
            else:
                messages.success(request, _("Projet enregistré."))
                return redirect(_onward(request, project))
    return _page_of_form(request, form, establishment, project.campaign, status=status, project=project)


@login_required
@require_http_methods(READ)
def project_copy(request: Request, organisation: int, pk: int) -> HttpResponse:
    """« Copier »: another draft with its words, in the campaign that takes projects now."""
    actor, establishment = enter_lead(request, organisation)
    project = _own(actor, establishment, pk)
    campaign = _campaign_of(request, establishment)
    if (page := _not_yet(request, establishment, campaign)) is not None:
        return page
    assert campaign is not None  # noqa: S101 -- for the type checker: without one the page above was the answer
    form, refusals = OnceForm(request.POST if request.method == "POST" else None), []
    if request.method == "POST" and form.is_valid():
        try:
            url = once(
                form.cleaned_data["form_token"], owner=f"person:{actor.person_id}",
                make=lambda: reverse(
                    "civic_service:project-edit",
                    args=[establishment.pk, copy_project(actor=actor, project=project, campaign=campaign).pk],
                ),
            )  # fmt: skip
        except Refused as refused:
            refusals = refused.sentences
        else:
            messages.success(request, _("Projet copié : relisez-le avant de le déposer."))
            return redirect(url)
    context = {
        "title": _("Copier le projet"), "object_title": title_of(project), "button_label": _("Copier le projet"),
        "button_tone": "primary", "form": form, "seen": project.version, "refusals": refusals, "possible": not refusals,
        "consequences": [
            _("Un nouveau brouillon est créé dans la campagne « %(title)s ».") % {"title": campaign.title},
            _("Les personnes qui n'ont plus leur rôle et les dates hors de la campagne ne sont pas reprises."),
        ],
        "cancel_url": reverse("civic_service:project", args=[project.pk]),
    }  # fmt: skip
    return render(request, "ui/act.html", context, status=CONFLICT if refusals else 200)


# ── the page of a project, for everybody concerned ────────────────────────────────────────────────
def page_context(actor: Actor, project: HostProject, *, at: Callable[[str], str] | None = None) -> dict[str, Any]:
    """Everything that the page of a project shows to this actor; a case manager's page may include it (``_body.html``).

    ``at`` makes the address of a step from its path, where it is not the project's own page.
    """
    is_lead = leads_its_establishment(actor, project)
    lines, versions = history_of(project), versions_of(project)
    url = at or (lambda path: reverse("civic_service:project-act", args=[project.pk, path]))
    can_edit = is_lead and project.state in EDITABLE
    blockers = blockers_of(project) if can_edit else []
    filing = FILE if project.state == ProjectState.DRAFT else FILE_AGAIN
    steps = [  # but the filing, whose conditions stand beside it each with its link: they are asked once
        Action(each, url(each.path), each.refusals(project, actor))
        for each in PROJECT.from_state(project.state)
        if each not in (FILE, FILE_AGAIN) and each.who(actor, project) and each.is_offered(project)
    ]
    people = {line.entry.actor_id for line in lines if line.entry.actor_id}
    people |= {int(each.facts[name]) for each in versions for name in PEOPLE if each.facts.get(name)}
    names = people_of(project)
    names |= names_of(people - names.keys())
    shown = (
        versions[-1].facts if versions and not is_lead and project.state == ProjectState.CHANGES_REQUESTED else facts_of(project)
    )
    return {
        "project": project, "title": title_of(project), "badge": project_badge(project), "is_lead": is_lead,
        "establishment": project.establishment, "campaign": project.campaign, "steps": steps_of(project),
        "next_step": next_step(project, is_lead=is_lead), "can_edit": can_edit, "blockers": blockers,
        "file_url": url(filing.path), "file_label": filing.label, "actions": steps,
        "facts": said(shown, names), "versions": _compared(versions, names),
        "pending": changes_since(project, versions, names) if can_edit else [],
        "asked": asked_to_correct(lines) if project.state == ProjectState.CHANGES_REQUESTED else "",
        "can_copy": is_lead and project.state not in EDITABLE,
        "timeline": history_words(lines, names),
        "is_of_school": is_lead or project.establishment_id in establishments_tutored(actor),
        "zone": project.establishment.organisation.department.zone,
    }  # fmt: skip


def _compared(versions: list[ProjectVersion], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Each filing with what it changed from the one before, the newest first."""
    before = [None, *versions]
    return [
        {"version": each, "differences": differences(former.facts, each.facts, names) if former is not None else None}
        for former, each in reversed(list(zip(before, versions, strict=False)))
    ]


@login_required
@require_safe
@never_cache
def project(request: Request, pk: int) -> HttpResponse:
    """One project: its steps, what it says, what changed between its filings, its history, and what this person may do."""
    actor, found = enter_project(request, pk)
    return render(request, "civic_service/projects/project.html", page_context(actor, found))


@login_required
@require_http_methods(READ)
@never_cache
def project_act(request: Request, pk: int, path: str) -> HttpResponse:
    """Any step of its life; « Déposer » says everything that is missing, each with its link (409)."""
    actor, found = enter_project(request, pk)
    back = reverse("civic_service:project", args=[pk])
    transition = PROJECT.by_path(path)
    if transition in (FILE, FILE_AGAIN) and found.state in transition.source:
        if not transition.who(actor, found):
            raise NotAllowed(_("Cette action est réservée à : %(who)s.") % {"who": transition.who.label})
        if blockers := blockers_of(found):
            context = {"project": found, "title": title_of(found), "blockers": blockers, "back": back}
            return render(request, "civic_service/projects/not_ready.html", context, status=CONFLICT)
    return act(request, PROJECT, found, path, actor=actor, title=title_of(found), back=back)
