"""A volunteer's own space (R35): what is next, what waits, what is past; one participation; withdrawal."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from renfort.audit.selectors import history_of
from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.http import Request, enter
from renfort.kernel.pages import page_of
from renfort.kernel.views import act
from renfort.missions.components import dressed, mission_card, participation_badge, timeline_of, turn_badge
from renfort.missions.components.map import place_map
from renfort.missions.components.slots import booking_lines
from renfort.missions.components.steps import Shown, address_of, away_words, refusal_words, route_url, step_of, when_words
from renfort.missions.enums import ACTIVE, ParticipationState, WaitingState
from renfort.missions.models import Mission, Participation
from renfort.missions.rules import contact_until
from renfort.missions.selectors.eligibility import suggestions_for
from renfort.missions.selectors.hours import hours_to_agree
from renfort.missions.selectors.occurrences import occurrences_of, with_own_slots
from renfort.missions.selectors.volunteer import EXPECTED, answer_times, home_point, kilometres, own_participations, under_way
from renfort.missions.selectors.waiting import turns_of
from renfort.missions.views.given import own_block
from renfort.missions.workflow import PARTICIPATION
from renfort.organisations.enums import Programme, Role
from renfort.people.models import Account, Person

S = ParticipationState


def enter_volunteer(request: Request) -> Actor:
    """Open a page as « bénévole »; 404 for somebody who has not joined the réserve."""
    return enter(request, Programme.RESERVE, Role.VOLUNTEER)


def person_of(request: Request) -> Person:
    """Who is signed in."""
    return cast(Account, request.user).person


def own_or_404(actor: Actor, pk: int) -> Participation:
    """One's own participation, with all that its page shows.

    Raises:
        Http404: somebody else's, or none.
    """
    found: Participation | None = own_participations(actor).filter(pk=pk).select_related(
        "mission__organisation", "mission__domain", "mission__department", "mission__responsible", "person", "rules"
    ).first()  # fmt: skip
    if found is None:
        raise Http404
    return found


def shown(participation: Participation, usual: timedelta | None = None, home: tuple[float, float] | None = None) -> Shown:
    """One participation in words; no query."""
    mission = participation.mission
    return Shown(
        participation=participation,
        badge=participation_badge(participation),
        step=step_of(participation, usual),
        when=when_words(participation),
        distance=away_words(kilometres(home, mission)),
        route=route_url(mission),
        address=address_of(mission),
    )


@login_required
@require_safe
def space(request: Request) -> HttpResponse:
    """« Mes participations »: what is next first, then what waits for an answer, then what is past. The same queries for all.

    What waits for the person comes before everything: a place that is kept for two days, hours to agree with.
    """
    actor = enter_volunteer(request)
    active = with_own_slots(under_way(actor))
    home = home_point(person_of(request)) if active else None
    usual = answer_times(each.mission.organisation_id for each in active if each.state == S.PENDING)
    rows = [shown(each, usual.get(each.organisation_id), home) for each in active]
    coming = [row for row in rows if row.participation.state in EXPECTED]
    closed = own_participations(actor).exclude(state__in=[str(state) for state in ACTIVE])
    page = page_of(request, closed.order_by("-id"), 10)
    turns = turns_of(actor)
    ongoing = sum(row.participation.state == S.ONGOING for row in coming)
    context = {
        "offers": [turn for turn in turns if turn.state == WaitingState.OFFERED],
        "turns": [(turn, turn_badge(turn)) for turn in turns if turn.state != WaitingState.OFFERED],
        "to_agree": hours_to_agree(actor),
        "first": coming[0] if coming else None,
        "coming": coming[1:],
        "count_coming": len(coming) - ongoing,
        "count_ongoing": ongoing,
        "waiting": [row for row in rows if row.participation.state not in EXPECTED],
        "page": page,
        "past": [shown(each) for each in with_own_slots(page.object_list)],
        "has_distances": any(row.distance for row in rows),
    }
    return render(request, "missions/volunteer/space.html", context)


@login_required
@require_safe
def participation_detail(request: Request, pk: int) -> HttpResponse:
    """One's proposal: where it stands, who must act, contact and way there once accepted, withdraw, history."""
    actor = enter_volunteer(request)
    participation = own_or_404(actor, pk)
    mission = participation.mission
    url = reverse("missions:volunteer-participation", args=[pk])
    usual = answer_times([mission.organisation_id]) if participation.state == S.PENDING else {}
    shows_contact = participation.state in EXPECTED
    others = _others(participation)
    until = contact_until(participation)
    context = {
        "participation": participation,
        "mission": mission,
        "row": shown(participation, usual.get(mission.organisation_id), home_point(participation.person)),
        "reason": refusal_words(participation),
        "bookings": booking_lines(participation),
        "times": [each.words for each in occurrences_of(participation)],
        "place_map": place_map(mission),
        "contacts": list(mission.contacts.all()) if shows_contact else [],
        "shows_contact": shows_contact,
        "has_calendar": has_calendar(participation),
        "contact_until": until,
        "contact_is_over": until is not None and until <= timezone.now(),
        **own_block(actor, participation),
        "actions": [  # to contest stands beside what is contested
            action
            for action in actions_of(PARTICIPATION, participation, actor, lambda path: f"{url}{path}/")
            if action.name != "contest"
        ],
        "suggestions": [mission_card(each) for each in others],
        "timeline": timeline_of(
            history_of(participation), PARTICIPATION, {participation.person_id: participation.person.full_name}
        ),
    }
    return render(request, "missions/volunteer/participation_detail.html", context)


def has_calendar(participation: Participation) -> bool:
    """Whether there is a calendar file: where one is expected, and where one was, so that a calendar can take it away."""
    was_expected = participation.decided_at is not None and participation.state in (S.WITHDRAWN, S.CANCELLED)
    return bool(occurrences_of(participation)) and (participation.state in EXPECTED or was_expected)


def _others(participation: Participation) -> list[Mission]:
    """What else one could do, once this is not to be (R34)."""
    if participation.state not in (S.REFUSED, S.CANCELLED):
        return []
    return suggestions_for(participation.mission, participation.person)


@login_required
@require_safe
def applied(request: Request, pk: int) -> HttpResponse:
    """« Merci, votre proposition est envoyée »: what happens now."""
    participation = own_or_404(enter_volunteer(request), pk)
    return render(
        request,
        "missions/public/apply_done.html",
        {
            "participation": participation,
            "mission": dressed(participation.mission),
            "card": mission_card(participation.mission),
            "participation_url": reverse("missions:volunteer-participation", args=[pk]),
        },
    )


@login_required
def participation_act(request: Request, pk: int, path: str) -> HttpResponse:
    """Withdraw: any transition that the volunteer may do."""
    actor = enter_volunteer(request)
    participation = own_or_404(actor, pk)
    back = reverse("missions:volunteer-participation", args=[pk])
    return act(request, PARTICIPATION, participation, path, actor=actor, title=participation.mission.title, back=back)
