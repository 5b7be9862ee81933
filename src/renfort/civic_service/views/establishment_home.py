"""« Accueil » of an establishment: what is mine to do first, the campaign, its places, the projects (S2, S3, S5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renfort.civic_service.components.projects import title_of
from renfort.civic_service.enums import ProjectState
from renfort.civic_service.models import Establishment, HostProject
from renfort.civic_service.selectors.campaigns import campaigns_filing
from renfort.civic_service.selectors.places import places_of
from renfort.civic_service.selectors.projects import projects_visible
from renfort.civic_service.selectors.readiness import today_at
from renfort.civic_service.selectors.records import MissingFact, missing_facts
from renfort.civic_service.selectors.roles import establishments_led
from renfort.civic_service.views.menus import enter_establishment
from renfort.civic_service.views.projects import rows_of
from renfort.kernel.http import Request

P = ProjectState
SHOWN = 20  # projects on the home page; the others are on « Projets »


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing that waits for this person: what, by when, and where it is done."""

    words: str
    url: str
    link: str
    due_on: date | None = None


def tasks_of(establishment: Establishment, missing: list[MissingFact], found: list[HostProject]) -> list[Task]:
    """What the lead has to do, the first thing first: the record, corrections asked, drafts by their deadline."""
    tasks = []
    if missing:
        words = _("La fiche de l'établissement est incomplète. Il manque : %(facts)s.") % {
            "facts": ", ".join(str(each.label) for each in missing)
        }
        tasks.append(Task(words=words, url=_record_page(establishment, missing), link=_("Compléter la fiche")))
    for each in found:
        if each.state == P.CHANGES_REQUESTED:
            words = _("Un gestionnaire demande de corriger « %(title)s ».") % {"title": title_of(each)}
            tasks.append(Task(words=words, url=reverse("civic_service:project", args=[each.pk]), link=_("Lire la demande")))
    drafts = [each for each in found if each.state == P.DRAFT and each.campaign.files_until >= today_at(establishment)]
    for each in sorted(drafts, key=lambda draft: (draft.campaign.files_until, draft.pk)):
        words = _("Le brouillon « %(title)s » n'est pas encore déposé.") % {"title": title_of(each)}
        url = reverse("civic_service:project", args=[each.pk])
        tasks.append(Task(words=words, url=url, link=_("Reprendre le brouillon"), due_on=each.campaign.files_until))
    return tasks


def _record_page(establishment: Establishment, missing: list[MissingFact]) -> str:
    return next((each.url for each in missing if each.url), reverse("civic_service:establishment", args=[establishment.pk]))


@login_required
@require_safe
def home(request: Request, organisation: int) -> HttpResponse:
    """What an establishment has to do, by role: its lead does, tutors and co-tutors read, their own projects first."""
    actor, establishment = enter_establishment(request, organisation)
    is_lead = establishment.pk in establishments_led(actor)
    every = projects_visible(actor).filter(establishment=establishment).order_by("-campaign__opens_on", "-pk")
    named = Q(tutor=actor.person_id) | Q(co_tutor=actor.person_id)
    found = list(every[: SHOWN + 1] if is_lead else every.filter(named)[: SHOWN + 1])
    filing = list(campaigns_filing(today_at(establishment)))
    campaign = filing[0] if filing else None
    context = {
        "establishment": establishment, "is_lead": is_lead, "rows": rows_of(found[:SHOWN]), "has_more": len(found) > SHOWN,
        "campaign": campaign, "places": places_of(campaign, establishment) if campaign is not None else None,
        "others": filing[1:],
        "tasks": tasks_of(establishment, missing_facts(establishment), found[:SHOWN]) if is_lead else [],
    }  # fmt: skip
    return render(request, "civic_service/establishment/home.html", context)
