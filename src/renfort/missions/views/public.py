"""What everybody sees: a mission's page, and the application (R13, R30, R31). The list is in ``search``."""

from __future__ import annotations

from typing import Any

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
from renfort.missions.components.favourites import heart
from renfort.missions.components.map import place_map
from renfort.missions.components.share import share_of
from renfort.missions.components.slots import slot_lines, slot_turn_lines
from renfort.missions.forms.apply import ApplyForm
from renfort.missions.models import DomainRules, Mission
from renfort.missions.rules import has_joined
from renfort.missions.selectors.eligibility import Eligibility, eligibility
from renfort.missions.selectors.mission import (
    public_mission,
    rules_in_force,
    similar_missions,
)
from renfort.missions.selectors.volunteer import favourites_among
from renfort.missions.selectors.waiting import position_of, promised
from renfort.missions.services.participation import APPLY, apply
from renfort.missions.services.waiting import join_line, join_slots
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
    found = eligibility(mission, _person(request))
    form = ApplyForm(mission=mission, wording=rules_in_force(mission.domain_id), found=found)
    return _show(request, mission, form, found)


def _to_wait(mission: Mission, found: Eligibility, wording: DomainRules | None, data: Any = None) -> ApplyForm:
    """The form of the waiting list. On a page with slots it stands beside that of those with places."""
    if not mission.has_slots:
        return ApplyForm(data, mission=mission, wording=wording, found=found)
    return ApplyForm(data, mission=mission, wording=wording, found=found, waits=True, auto_id="attente_%s")


def _show(
    request: Request, mission: Mission, form: ApplyForm, found: Eligibility, *, status: int = 200, waits: bool = False
) -> HttpResponse:
    wait_form = form if waits else _to_wait(mission, found, form.wording) if found.may_wait else None
    if waits:
        form = ApplyForm(mission=mission, wording=form.wording, found=found)
    person = _person(request)
    if found.current is not None:
        state = "applied"
    elif found.turn is not None:
        state = "in_line"
    elif found.may_wait and not found.may_apply:
        state = "may_wait"
    elif not found.may_apply:
        state = "line_only" if found.turns else "cannot"
    else:
        state = "can_apply" if person else "anonymous"
    suggestions = similar_missions(mission, remote_only=found.suggests_remote) if state != "applied" else []
    kept = favourites_among(request.actor.person_id, [mission.pk, *(each.pk for each in suggestions)])
    context = {
        "mission": dressed(mission),
        "wording": form.wording,
        "state": state,
        "apply_form": form,
        "wait_form": wait_form if found.may_wait else None,
        "wait_open": waits,
        "slot_turns": slot_turn_lines(mission, found),
        "is_anonymous": person is None,
        "slots": slot_lines(mission, found.slots, found.refusals),
        "apply_url": reverse("missions:apply", args=[mission.pk, mission.slug]),
        "wait_url": reverse("missions:wait", args=[mission.pk, mission.slug]),
        "in_line": promised(mission) if state in ("may_wait", "in_line") else 0,
        "position": position_of(found.turn) if found.turn else 0,
        "turn": found.turn,
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
        "suggests_remote": found.suggests_remote,
        "suggestions": [mission_card(each, favourites=kept) for each in suggestions],
        "heart": heart(mission, is_kept=mission.pk in kept, words=True),
        "host_url": reverse("missions:host-mission", args=[mission.organisation_id, mission.pk])
        if works_in(request.actor, mission.organisation_id)
        else "",
    }
    return render(request, "missions/public/mission_detail.html", context, status=status)


def mission_apply(request: Request, pk: int, slug: str) -> HttpResponse:
    """« Proposer mon aide »: with the rules ticked in the same form; without an account, through sign-up (R3, R13)."""
    return _ask(request, pk, waits=False)


def mission_wait(request: Request, pk: int, slug: str) -> HttpResponse:
    """« M'inscrire sur la liste d'attente » of a full mission, with the same rules to tick as to apply (R60)."""
    return _ask(request, pk, waits=True)


def _ask(request: Request, pk: int, *, waits: bool) -> HttpResponse:
    """Take a proposal of help, or (``waits``) a turn in the waiting list, from the form of a mission's page.

    An answer that asks for the tick stands at this address: reloading it, or changing language there, leads to the mission.
    """
    mission = _public_or_404(pk)
    if request.method != "POST":
        return redirect(mission)
    person = _person(request)
    found = eligibility(mission, person)
    wording = rules_in_force(mission.domain_id)
    form = (
        _to_wait(mission, found, wording, request.POST)
        if waits
        else ApplyForm(request.POST, mission=mission, wording=wording, found=found)
    )
    for_slots = waits and mission.has_slots
    if found.current is not None and not for_slots:
        return redirect("missions:applied", found.current.pk)
    if waits and found.turn is not None:
        return redirect("missions:turn", found.turn.pk)
    if not (found.may_wait if waits else found.may_apply):
        return _show(request, mission, form, found, status=409, waits=for_slots)
    if not form.is_valid():
        return _show(request, mission, form, found, status=422, waits=for_slots)
    if (refusal := refused(request, APPLY_LIMIT if person else APPLY_UNKNOWN)) is not None:
        told(form, refusal)
        return too_late(_show(request, mission, form, found, waits=for_slots), refusal)
    if person is None or not has_joined(request.actor):
        return _through_sign_up(request, mission, form, waits=waits)  # somebody known by another role joins the réserve there
    try:
        return redirect(_wait(request, person, form) if waits else _apply(request, person, form))
    except Refused as too_late_for:
        now = _public_or_404(pk)
        found = eligibility(now, person)
        if for_slots:
            form = _to_wait(now, found, form.wording, request.POST)
            if form.is_valid():
                form.add_error(None, str(too_late_for))
        elif found.may_apply and not waits:  # a slot went meanwhile, the others wait
            form = ApplyForm(request.POST, mission=now, wording=form.wording, found=found)
            if form.is_valid():
                form.add_error(None, str(too_late_for))
        return _show(request, now, form, found, status=409, waits=for_slots)


def _apply(request: Request, person: Person, form: ApplyForm) -> str:
    made = apply(
        actor=request.actor,
        person=person,
        mission=form.mission,
        ticked=form.wording,
        slots=form.chosen_slots,
        meets=form.confirmed,
    )
    return reverse("missions:applied", args=[made.pk])


def _wait(request: Request, person: Person, form: ApplyForm) -> str:
    actor, mission, ticked, meets = request.actor, form.mission, form.wording, form.confirmed
    if not mission.has_slots:
        turn = join_line(actor=actor, person=person, mission=mission, ticked=ticked, meets=meets)
        return reverse("missions:turn", args=[turn.pk])
    turn, *others = join_slots(actor=actor, person=person, mission=mission, ticked=ticked, meets=meets, slots=form.chosen_slots)
    if others:
        return reverse("missions:volunteer-space")
    return reverse("missions:turn", args=[turn.pk])


def _through_sign_up(request: HttpRequest, mission: Mission, form: ApplyForm, *, waits: bool = False) -> HttpResponse:
    """Keep what the person was doing; signing in or opening the link of the e-mail sends it. ``waits``: for the waiting list."""
    remember(
        request.session,
        kind=APPLY,
        payload={
            "mission": mission.pk,
            "rules": form.wording.pk if form.wording else None,
            "slots": form.chosen_slots,
            "meets": form.confirmed,
            "waits": waits,
        },
        label=_("%(mission)s · %(organisation)s") % {"mission": mission.title, "organisation": mission.organisation.name},
        url=mission.get_absolute_url(),
    )
    return redirect("people:sign-up-volunteer")
