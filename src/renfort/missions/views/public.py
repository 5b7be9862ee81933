"""What everybody sees: a mission's page, and the application (R13, R30, R31). The list is in ``search``."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renfort.jobs.catalogue import APPLY as APPLY_LIMIT
from renfort.jobs.catalogue import APPLY_UNKNOWN
from renfort.jobs.middleware import refused, told, too_late
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.missions.components import dressed, mission_card, participation_badge
from renfort.missions.components.map import place_map
from renfort.missions.components.share import share_of
from renfort.missions.forms.apply import ApplyForm
from renfort.missions.models import Mission
from renfort.missions.rules import has_joined
from renfort.missions.selectors.eligibility import Eligibility, eligibility
from renfort.missions.selectors.mission import (
    public_mission,
    rules_in_force,
    similar_missions,
)
from renfort.missions.services.participation import APPLY, apply
from renfort.organisations.rules import works_in
from renfort.people.models import Person
from renfort.people.services import remember


def _public_or_404(pk: int) -> Mission:
    mission = public_mission(pk)
    if mission is None:
        raise Http404
    return mission


def _person(request: HttpRequest) -> Person | None:
    return request.user.person if request.user.is_authenticated else None


@require_safe
def mission_detail(request: Request, pk: int, slug: str) -> HttpResponse:
    """The public page of a mission. An old address leads to the present one."""
    mission = _public_or_404(pk)
    if slug != mission.slug:
        return redirect(mission, permanent=True)
    wording = rules_in_force(mission.domain_id)
    return _show(request, mission, ApplyForm(wording=wording), eligibility(mission, _person(request)))


def _show(request: Request, mission: Mission, form: ApplyForm, found: Eligibility, *, status: int = 200) -> HttpResponse:
    person = _person(request)
    if found.current is not None:
        state = "applied"
    elif not found.may_apply:
        state = "cannot"
    else:
        state = "can_apply" if person else "anonymous"
    suggestions = similar_missions(mission, remote_only=found.suggests_remote) if state != "applied" else []
    context = {
        "mission": dressed(mission),
        "wording": form.wording,
        "state": state,
        "apply_form": form,
        "apply_url": reverse("missions:apply", args=[mission.pk, mission.slug]),
        "participation": found.current,
        "participation_badge": participation_badge(found.current) if found.current else "",
        "participation_url": reverse("missions:volunteer-participation", args=[found.current.pk]) if found.current else "",
        "place_map": place_map(mission),
        "share": share_of(
            title=mission.title,
            subject=_("Une mission pour aider\u00a0: %(title)s") % {"title": mission.title},
            path=mission.get_absolute_url(),
        ),
        "publics": [public.label for public in mission.publics.all()],
        "reasons": found.sentences,
        "suggestions": [mission_card(each) for each in suggestions],
        "host_url": reverse("missions:host-mission", args=[mission.organisation_id, mission.pk])
        if works_in(request.actor, mission.organisation_id)
        else "",
    }
    return render(request, "missions/public/mission_detail.html", context, status=status)


def mission_apply(request: Request, pk: int, slug: str) -> HttpResponse:
    """« Proposer mon aide »: with the rules ticked in the same form; without an account, through sign-up (R3, R13).

    An answer that asks for the tick stands at this address: reloading it, or changing language there, leads to the mission.
    """
    mission = _public_or_404(pk)
    if request.method != "POST":
        return redirect(mission)
    person = _person(request)
    form = ApplyForm(request.POST, wording=rules_in_force(mission.domain_id))
    found = eligibility(mission, person)
    if found.current is not None:
        return redirect("missions:applied", found.current.pk)
    if not found.may_apply:
        return _show(request, mission, form, found, status=409)
    if not form.is_valid():
        return _show(request, mission, form, found, status=422)
    if (refusal := refused(request, APPLY_LIMIT if person else APPLY_UNKNOWN)) is not None:
        told(form, refusal)
        return too_late(_show(request, mission, form, found), refusal)
    if person is None or not has_joined(request.actor):
        return _through_sign_up(request, mission, form)  # somebody known by another role joins the réserve there
    try:
        participation = apply(actor=request.actor, person=person, mission=mission, ticked=form.wording)
    except Refused:
        return _show(request, mission, form, eligibility(_public_or_404(pk), person), status=409)
    return redirect("missions:applied", participation.pk)


def _through_sign_up(request: HttpRequest, mission: Mission, form: ApplyForm) -> HttpResponse:
    """Keep what the person was doing; signing in or opening the link of the e-mail sends it."""
    remember(
        request.session,
        kind=APPLY,
        payload={"mission": mission.pk, "rules": form.wording.pk if form.wording else None},
        label=_("%(mission)s · %(organisation)s") % {"mission": mission.title, "organisation": mission.organisation.name},
        url=mission.get_absolute_url(),
    )
    return redirect("people:sign-up-volunteer")
