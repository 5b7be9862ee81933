"""The queue of missions to decide, one case after the other (R52)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused, Stale
from renfort.kernel.http import Request
from renfort.kernel.pages import dressed_page
from renfort.kernel.views import act
from renfort.missions.checks import findings_for, findings_of
from renfort.missions.components import dressed, mission_badge, timeline_of
from renfort.missions.components.queue import queue_row
from renfort.missions.components.slots import slot_lines
from renfort.missions.enums import MissionState
from renfort.missions.forms.queue import CaseMessageForm, MissionQueueForm
from renfort.missions.models import Mission
from renfort.missions.rules import helps, is_of_its_team
from renfort.missions.selectors.changes import LABELS, Wording
from renfort.missions.selectors.eligibility import eligibility
from renfort.missions.selectors.mission import missions_visible, rules_in_force
from renfort.missions.selectors.notes import mission_notes
from renfort.missions.selectors.queue import (
    before_in,
    corrected_since,
    earlier_decisions,
    holder_of,
    mission_queue,
    next_in,
    record_of,
    taken,
)
from renfort.missions.selectors.room import count_places
from renfort.missions.selectors.slots import history_with_slots
from renfort.missions.services.mission import CLOSED
from renfort.missions.services.queue import give_back_mission, take_mission, waits, write_on_mission
from renfort.missions.workflow import MISSION
from renfort.organisations.components import organisation_badge, turns_of
from renfort.organisations.forms.queue import FREE, MINE, ORPHANS
from renfort.organisations.selectors import is_operator
from renfort.organisations.selectors.decisions import exchange_of, last_decision, names_of
from renfort.organisations.selectors.perimeter import departments_overseen
from renfort.organisations.selectors.queue import (
    covered_departments,
    late_before,
    organisation_queue_count,
    without_referent,
)
from renfort.organisations.views.notes import notes_block
from renfort.organisations.views.queue import who_decided
from renfort.organisations.views.territory import enter_overseer

CONFLICT, UNPROCESSABLE = 409, 422


def filters_of(request: Request, actor: Actor) -> MissionQueueForm:
    """What the address says of the queue."""
    return MissionQueueForm(request.GET, departments_overseen(actor), for_operator=is_operator(actor))


def filtered(actor: Actor, form: MissionQueueForm) -> Any:
    """The queue under these filters."""
    missions = mission_queue(actor)
    if department := form.said("departement"):
        missions = missions.filter(department_id=department)
    if domain := form.said("domaine"):
        missions = missions.filter(domain__key=domain)
    match form.said("dossiers"):
        case str(whose) if whose == MINE:
            missions = missions.filter(taken(), taken_by_id=actor.person_id)
        case str(whose) if whose == FREE:
            missions = missions.exclude(taken())
        case str(whose) if whose == ORPHANS:
            missions = missions.filter(without_referent())
        case _:
            pass
    return missions


@login_required
@require_safe
def queue(request: Request) -> HttpResponse:
    """« Missions à valider »: the oldest first, those that are late marked, who has which in hand."""
    actor = enter_overseer(request)
    form = filters_of(request, actor)
    found = filtered(actor, form)
    rows = Mission.objects.select_related("organisation", "domain", "department", "taken_by")
    page = dressed_page(request, found, rows.defer("schedule", "description", "safety"))
    count_places(page.object_list)
    findings = findings_for(each.pk for each in page.object_list)
    late, suffix = late_before(), form.suffix()
    covered = covered_departments() if is_operator(actor) else None
    context = {
        "page": page,
        "rows": [
            queue_row(
                each, f"{reverse('missions:case', args=[each.pk])}{suffix}", late_before=late,
                holder=each.taken_by.full_name if each.taken_by and holder_of(each) else "",
                is_mine=holder_of(each) == actor.person_id,
                is_orphan=covered is not None and each.department_id not in covered, findings=findings.get(each.pk, []),
            )
            for each in page.object_list
        ],
        "filters": form,
        "is_filtered": bool(suffix),
        "late_count": found.order_by().filter(queued_at__lt=late).count(),
        "organisations_count": organisation_queue_count(actor),
    }  # fmt: skip
    return render(request, "missions/referent/queue.html", context)


def case_or_404(actor: Actor, pk: int) -> Mission:
    """One mission of the perimeter, with all that its page reads."""
    missions = missions_visible(actor).filter(pk=pk)
    joined = ("domain", "department", "rules", "responsible", "organisation", "organisation__department", "taken_by")
    found = missions.select_related(*joined).first()
    if found is None or found.state == MissionState.DRAFT:  # a draft is the organisation's own
        raise Http404
    count_places([found])
    return found


@login_required
@require_safe
def case(request: Request, pk: int) -> HttpResponse:
    """One case: the page that volunteers will read, what is to be known of it, what can be decided."""
    actor = enter_overseer(request)
    return _case_page(request, actor, case_or_404(actor, pk), CaseMessageForm())


def _case_page(request: Request, actor: Actor, mission: Mission, form: CaseMessageForm, status: int = 200) -> HttpResponse:
    filters = filters_of(request, actor)
    found, suffix = filtered(actor, filters), filters.suffix()
    lines = history_with_slots(mission)
    earlier = earlier_decisions(mission)
    people = names_of([line.entry.actor_id for line in lines] + [each.actor_id for each in earlier])
    slots = eligibility(mission, None)
    holder = holder_of(mission)
    address = reverse("missions:case", args=[mission.pk])
    following, before = next_in(found, mission, actor), before_in(found, mission)
    context = {
        "mission": dressed(mission),
        "state_badge": mission_badge(mission, reader=True),
        "host_badge": organisation_badge(mission.organisation),
        "actions": actions_of(MISSION, mission, actor, lambda path: f"{address}{path}/{suffix}", in_person=True),
        "waits": waits(mission),
        "is_late": waits(mission) and mission.queued_at < late_before(),
        "is_mine": holder is not None and holder == actor.person_id,
        "holder": mission.taken_by.full_name if mission.taken_by and holder is not None else "",
        "may_take": waits(mission) and not is_of_its_team.stands(actor, mission),
        "opinion_of": names_of([mission.opinion_by_id]).get(mission.opinion_by_id or 0, ""),
        "changes": corrected_since(lines, Wording(people=people)),
        "turns": turns_of(exchange_of(lines), people, LABELS),
        "message_form": form,
        **notes_block(actor, reverse("missions:referent-mission-note", args=[mission.pk]), mission_notes(actor, mission)),
        "findings": findings_of(mission),
        "record": record_of(mission.organisation_id),
        "earlier": [(each, people.get(each.actor_id or 0, "")) for each in earlier],
        "timeline": timeline_of(lines, MISSION, people),
        "contacts": list(mission.contacts.all()),
        # the public page
        "state": "preview",
        "wording": rules_in_force(mission.domain_id),
        "slots": slot_lines(mission, slots.slots, slots.refusals),
        "publics": [public.label for public in mission.publics.all()],
        "place_map": "",
        # from case to case
        "address": address,
        "suffix": suffix,
        "next_url": f"{reverse('missions:case', args=[following])}{suffix}" if following else "",
        "before_url": f"{reverse('missions:case', args=[before])}{suffix}" if before else "",
        "queue_url": f"{reverse('missions:queue')}{suffix}",
        "edit_url": reverse("missions:referent-mission-edit", args=[mission.pk])
        if mission.state not in CLOSED and helps(actor, mission)
        else "",
    }
    return render(request, "missions/referent/case.html", context, status=status)


@login_required
def case_act(request: Request, pk: int, path: str) -> HttpResponse:
    """Decide; the next case at once."""
    actor = enter_overseer(request)
    mission = case_or_404(actor, pk)
    filters = filters_of(request, actor)
    suffix, following = filters.suffix(), next_in(filtered(actor, filters), mission, actor)
    back = f"{reverse('missions:case', args=[pk])}{suffix}"
    title = f"{mission.title} · {mission.organisation.name}"
    answer = act(
        request,
        MISSION,
        mission,
        path,
        actor=actor,
        title=title,
        back=back,
        told=lambda obj: who_decided(last_decision(obj), MISSION),
    )
    if answer.status_code != 302:  # noqa: PLR2004 -- it was decided, and leads on
        return answer
    if following is None:
        return redirect(f"{reverse('missions:queue')}{suffix}")
    return redirect(f"{reverse('missions:case', args=[following])}{suffix}")


@login_required
@require_POST
def case_hand(request: Request, pk: int, verb: str) -> HttpResponse:
    """« Prendre », « Rendre »."""
    actor = enter_overseer(request)
    mission = case_or_404(actor, pk)
    back = f"{reverse('missions:case', args=[pk])}{filters_of(request, actor).suffix()}"
    try:
        if verb == "prendre":
            take_mission(actor=actor, mission=mission)
            messages.success(request, _("Ce dossier est à vous : les autres le voient."))
        else:
            give_back_mission(actor=actor, mission=mission)
            messages.success(request, _("Ce dossier est de nouveau libre."))
    except Refused as refused:
        said = refused.sentences
        if isinstance(refused, Stale) and not waits(case_or_404(actor, pk)):
            said = [*said, *who_decided(last_decision(mission), MISSION)]
        context = {
            "title": _("Prendre ce dossier"),
            "button_label": "", "object_title": mission.title, "refusals": said, "possible": False,
            "cancel_url": back,
        }  # fmt: skip
        return render(request, "ui/act.html", context, status=CONFLICT)
    return redirect(back)


@login_required
@require_POST
def case_message(request: Request, pk: int) -> HttpResponse:
    """A few words to the organisation."""
    actor = enter_overseer(request)
    mission = case_or_404(actor, pk)
    form = CaseMessageForm(request.POST)
    if not form.is_valid():
        return _case_page(request, actor, mission, form, UNPROCESSABLE)
    write_on_mission(actor=actor, mission=mission, words=form.words())
    messages.success(request, _("Votre message est envoyé à la structure."))
    return redirect(f"{reverse('missions:case', args=[pk])}{filters_of(request, actor).suffix()}#echange")
