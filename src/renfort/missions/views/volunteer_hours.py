"""A volunteer's hours and papers (R33, R35)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from renfort.documents.models import Paper
from renfort.documents.workflow import PAPER
from renfort.kernel.actors import Actor
from renfort.kernel.durations import duration_words
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.pages import page_of
from renfort.kernel.papers import PAPERS
from renfort.kernel.templatetags.ui import badge
from renfort.kernel.views import act
from renfort.missions.enums import Side
from renfort.missions.forms.hours import CertificateForm, DeclareForm
from renfort.missions.models import Participation
from renfort.missions.selectors.days import days_so_far, unsaid_days
from renfort.missions.selectors.hours import (
    confirmed_quarters,
    days_taken,
    entries_of,
    given_by,
    hours_visible,
    organisations_helped,
    with_people,
)
from renfort.missions.services.hours import declare
from renfort.missions.services.papers import issue_attestation, issue_certificate
from renfort.missions.views.given import lines_of, own_block, timeline_of_hours
from renfort.missions.views.volunteer import enter_volunteer, own_or_404
from renfort.missions.workflow import HOURS
from renfort.organisations.models import Organisation
from renfort.people.models import Person
from renfort.people.selectors import today

UNPROCESSABLE, CONFLICT = 422, 409


def proposed_days(participation: Participation) -> dict[str, Any]:
    """What a blank form proposes: the days that nothing was said of yet. One query."""
    so_far = days_so_far(participation)
    days = unsaid_days(so_far, days_taken(participation)) if so_far else None
    return {"first_on": days.first_on, "last_on": days.last_on} if days else {}


def declared(actor: Actor, participation: Participation, form: DeclareForm) -> int:
    """Declare what a bound form says; returns 0 when it was done, else the status of the page that shows the form again."""
    if not form.is_valid():
        return UNPROCESSABLE
    try:
        said = form.cleaned_data
        declare(
            actor=actor, participation=participation,
            first_on=said["first_on"], last_on=said["last_on"], quarters=said["quarters"],
        )  # fmt: skip
    except Refused as refused:
        for sentence in refused.sentences:
            form.add_error(None, sentence)
        return UNPROCESSABLE
    return 0


@login_required
def hours(request: Request, pk: int) -> HttpResponse:
    """« Mes heures » for one mission: what was declared, what waits, a new declaration."""
    actor = enter_volunteer(request)
    participation = own_or_404(actor, pk)
    form, status = DeclareForm(initial=proposed_days(participation)), 200
    if request.method == "POST":
        form = DeclareForm(request.POST)
        status = declared(actor, participation, form)
        if not status:
            messages.success(request, _("Heures déclarées. La structure les confirme, puis elles comptent."))
            return redirect("missions:volunteer-hours", pk)
    entries = entries_of(participation)
    context = {
        **own_block(actor, participation),
        "participation": participation,
        "mission": participation.mission,
        "lines": lines_of(
            entries, actor, Side.VOLUNTEER, lambda entry, path: reverse("missions:volunteer-hours-act", args=[entry, path])
        ),
        "total": duration_words(confirmed_quarters(participation)) if entries else "",
        "timeline": timeline_of_hours(entries, {participation.person_id: participation.person.full_name}),
        "form": form,
    }
    return render(request, "missions/volunteer/hours.html", context, status=status)


@login_required
def entry_act(request: Request, pk: int, path: str) -> HttpResponse:
    """Confirm, correct, contest or remove one declaration."""
    actor = enter_volunteer(request)
    found = with_people(hours_visible(actor)).filter(pk=pk, participation__person_id=actor.person_id or 0).first()
    if found is None:
        raise Http404
    title = f"{found.words} · {found.participation.mission.title}"
    back = reverse("missions:volunteer-hours", args=[found.participation_id])
    return act(request, HOURS, found, path, actor=actor, title=title, back=back)


@login_required
@require_POST
def attestation(request: Request, pk: int) -> HttpResponse:
    """« Attestation de mission »: leads to the file."""
    actor = enter_volunteer(request)
    participation = own_or_404(actor, pk)
    try:
        paper = issue_attestation(actor=actor, participation=participation)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("missions:volunteer-participation", pk)
    return redirect(paper.download_path)


@login_required
def papers(request: Request) -> HttpResponse:
    """« Mes attestations »: those given, and a new one over a period (R35)."""
    actor = enter_volunteer(request)
    person = Person.objects.get(pk=actor.person_id or 0)
    organisations, day = organisations_helped(person.pk), today()
    form, status = CertificateForm(organisations=organisations, today=day), 200
    if request.method == "POST":
        form = CertificateForm(request.POST, organisations=organisations, today=day)
        status = UNPROCESSABLE
        if form.is_valid():
            said = form.cleaned_data
            where = Organisation.objects.filter(pk=said["organisation"]).first() if said["organisation"] else None
            try:
                paper = issue_certificate(
                    actor=actor, person=person, organisation=where,
                    first_on=said["first_on"], last_on=said["last_on"], today=day,
                )  # fmt: skip
            except Refused as refused:
                form.add_error(None, str(refused))
                status = CONFLICT
            else:
                messages.success(request, _("Votre attestation est prête : téléchargez-la ci-dessous."))
                return redirect(f"{reverse('missions:volunteer-papers')}#p-{paper.pk}")
    page = page_of(request, Paper.objects.filter(person=person).order_by("-id"))
    given = given_by(person.pk)
    context = {
        "form": form,
        "page": page,
        "papers": [(paper, PAPERS[paper.kind].label, _about(paper), _paper_badge(paper)) for paper in page.object_list],
        "total": duration_words(sum(each.quarters for each in given)) if given else "",
        "missions_count": len(given),
    }
    return render(request, "missions/volunteer/papers.html", context, status=status)


def _about(paper: Paper) -> str:
    """What distinguishes a paper in a list: its mission, or its total and structure."""
    facts = paper.facts
    if "mission" in facts:
        return str(facts["mission"])
    return " · ".join(filter(None, (duration_words(facts["quarters"]), facts["organisation"] or _("Toutes les structures"))))


def _paper_badge(paper: Paper) -> str:
    return badge(label=PAPER.states(paper.state).label, tone=PAPER.tones[paper.state])
