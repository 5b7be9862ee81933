"""Who came, how many hours, and the papers that an organisation gives (R33, R35, R36)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from renfort.kernel.durations import duration_words
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.pages import page_of
from renfort.kernel.views import act
from renfort.missions.components import participation_badge
from renfort.missions.enums import HoursState, ParticipationState, Side
from renfort.missions.forms.hours import AttendanceForm, DeclareForm
from renfort.missions.models import Participation
from renfort.missions.selectors.absences import attendance_of
from renfort.missions.selectors.hours import (
    confirmed_quarters,
    entries_of,
    hours_of_mission,
    hours_visible,
    with_people,
)
from renfort.missions.services.hours import ABSENT, PRESENT, Outcome, confirm_many, say_who_came
from renfort.missions.services.papers import issue_attestation, issue_certificate
from renfort.missions.views.given import host_block, lines_of, timeline_of_hours
from renfort.missions.views.host import enter_host, mission_or_404, team_names
from renfort.missions.views.host_participations import participation_or_404
from renfort.missions.views.volunteer_hours import declared, proposed_days
from renfort.missions.workflow import HOURS
from renfort.people.selectors import today

UNPROCESSABLE, CONFLICT = 422, 409
MANY = 50  # people on one page of « Qui est venu ? »: as many as one form may carry in one go on a phone


def hours_url(organisation: int) -> Any:
    """The address of what can be done with one declaration."""
    return lambda entry, path: reverse("missions:host-hours-act", args=[organisation, entry, path])


@login_required
def presence(request: Request, organisation: int, pk: int) -> HttpResponse:
    """« Qui est venu ? »: everybody on one page, present or absent, with hours; one submit (R36)."""
    actor = enter_host(request, organisation)
    mission = mission_or_404(actor, organisation, pk)
    page = page_of(request, attendance_of(mission), per_page=MANY)
    people: list[Any] = list(page.object_list)
    for each in people:
        each.mission = mission
    said = request.POST if request.method == "POST" else None
    forms = [
        AttendanceForm(said, prefix=f"p{each.pk}", initial=_known(each), said_quarters=each.said_quarters) for each in people
    ]
    status = 200
    if said is not None:
        # somebody who came on the list since the page was opened is not in the form, and nothing is said of them
        pairs = [(each, form) for each, form in zip(people, forms, strict=True) if f"{form.prefix}-seen" in said]
        wrong = [form for _each, form in pairs if not form.is_valid()]  # each says its errors, not the first alone
        if not wrong:
            outcomes = say_who_came(actor=actor, rows=[form.answer(each) for each, form in pairs])
            _report(request, outcomes)
            return redirect(request.get_full_path())
        status = UNPROCESSABLE
    context = {
        "organisation": organisation,
        "mission": mission,
        "page": page,
        "rows": [
            (each, form, participation_badge(each, for_host=True), duration_words(each.said_quarters or 0))
            for each, form in zip(people, forms, strict=True)
        ],
        "can_say": mission.has_begun,
        "wrong": status != 200,  # noqa: PLR2004 -- the status of an ordinary page
    }
    return render(request, "missions/host/presence.html", context, status=status)


def _known(participation: Participation) -> dict[str, Any]:
    known = {ParticipationState.DONE: PRESENT, ParticipationState.NO_SHOW: ABSENT}
    return {"seen": participation.version, "came": known.get(ParticipationState(participation.state), "")}


def _report(request: Request, outcomes: list[Outcome]) -> None:
    """Say what became of many: how many were done, and each that could not be."""
    done = sum(not outcome.why for outcome in outcomes)
    if done:
        text = ngettext("%(count)d réponse enregistrée.", "%(count)d réponses enregistrées.", done)
        messages.success(request, text % {"count": done})
    for outcome in outcomes:
        if outcome.why:
            messages.error(request, _("%(what)s : %(state)s") % {"what": outcome.who, "state": outcome.why})
    if not outcomes:
        messages.info(request, _("Rien n'a changé."))


@login_required
def mission_hours(request: Request, organisation: int, pk: int) -> HttpResponse:
    """« Heures de la mission »: every declaration, those that wait confirmed in one go (R33)."""
    actor = enter_host(request, organisation)
    mission = mission_or_404(actor, organisation, pk)
    found = hours_of_mission(actor, mission)
    if request.method == "POST":
        waiting = found.filter(state=HoursState.DECLARED, side=Side.VOLUNTEER)
        if request.POST.get("which") != "all":
            chosen = [int(each) for each in request.POST.getlist("entry") if each.isascii() and each.isdigit() and len(each) < 18]  # noqa: PLR2004 -- fits a bigint
            waiting = waiting.filter(pk__in=chosen)
        _report(request, confirm_many(actor=actor, entries=list(waiting)))
        return redirect(request.get_full_path())
    page = page_of(request, found, per_page=MANY)
    entries = list(page.object_list)
    context = {
        "organisation": organisation,
        "mission": mission,
        "page": page,
        "lines": lines_of(entries, actor, Side.HOST, hours_url(organisation)),
        "waiting": found.filter(state=HoursState.DECLARED, side=Side.VOLUNTEER).count(),
    }
    return render(request, "missions/host/mission_hours.html", context)


@login_required
def participation_hours(request: Request, organisation: int, pk: int) -> HttpResponse:
    """One person's hours, as the organisation says and confirms them."""
    actor = enter_host(request, organisation)
    participation = participation_or_404(actor, organisation, pk)
    form, status = DeclareForm(initial=proposed_days(participation)), 200
    if request.method == "POST":
        form = DeclareForm(request.POST)
        status = declared(actor, participation, form)
        if not status:
            messages.success(
                request, _("Heures déclarées. La personne les confirme ; sans réponse sous 14 jours, elles comptent.")
            )
            return redirect("missions:host-hours", organisation, pk)
    entries = entries_of(participation)
    names = {**team_names(organisation), participation.person_id: participation.person.full_name}
    context = {
        **host_block(actor, participation),
        "organisation": organisation,
        "participation": participation,
        "mission": participation.mission,
        "lines": lines_of(entries, actor, Side.HOST, hours_url(organisation)),
        "total": duration_words(confirmed_quarters(participation)) if entries else "",
        "timeline": timeline_of_hours(entries, names),
        "form": form,
    }
    return render(request, "missions/host/participation_hours.html", context, status=status)


@login_required
def entry_act(request: Request, organisation: int, pk: int, path: str) -> HttpResponse:
    """Confirm, correct, contest or remove one declaration."""
    actor = enter_host(request, organisation)
    entries = with_people(hours_visible(actor)).filter(pk=pk, participation__organisation_id=organisation)
    found = entries.first()
    if found is None:
        raise Http404
    title = f"{found.participation.person.full_name} · {found.words}"
    back = reverse("missions:host-hours", args=[organisation, found.participation_id])
    return act(request, HOURS, found, path, actor=actor, title=title, back=back)


@login_required
@require_POST
def attestation(request: Request, organisation: int, pk: int) -> HttpResponse:
    """« Attestation de mission » of one volunteer."""
    actor = enter_host(request, organisation)
    participation = participation_or_404(actor, organisation, pk)
    try:
        paper = issue_attestation(actor=actor, participation=participation)
    except Refused as refused:
        return _back(request, organisation, pk, refused)
    return redirect(paper.download_path)


@login_required
@require_POST
def certificate(request: Request, organisation: int, pk: int) -> HttpResponse:
    """« Attestation d'engagement » of one volunteer, for what was given to this organisation alone."""
    actor = enter_host(request, organisation)
    participation = participation_or_404(actor, organisation, pk)
    try:
        paper = issue_certificate(
            actor=actor, person=participation.person, organisation=participation.mission.organisation,
            first_on=None, last_on=None, today=today(),
        )  # fmt: skip
    except Refused as refused:
        return _back(request, organisation, pk, refused)
    return redirect(paper.download_path)


def _back(request: Request, organisation: int, pk: int, refused: Refused) -> HttpResponse:
    messages.error(request, str(refused))
    return redirect("missions:host-participation", organisation, pk)
