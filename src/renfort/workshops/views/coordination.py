"""The coordination's pages: « Mes missions » of a client, one assignment, its sessions and who leads them (W2 to W5)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.audit.selectors import history, history_of
from renfort.jobs.services import once
from renfort.kernel.actions import Action, actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request, enter
from renfort.kernel.views import act, seen_of
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.people.selectors import names_of
from renfort.workshops.components import (
    assignment_badge,
    enrolment_badge,
    next_step,
    progress_gauge,
    session_badge,
    timeline_of,
)
from renfort.workshops.components.fees import tag_badge
from renfort.workshops.enums import AssignmentState, Audience, EnrolmentState, Language, Presence, Seat, SessionState, Standing
from renfort.workshops.forms.series import SeriesForm
from renfort.workshops.forms.sessions import LATER, InviteForm, SessionForm
from renfort.workshops.models import Assignment, ClientInvoice, Enrolment, Session
from renfort.workshops.rules import standings_for
from renfort.workshops.selectors.assignment import own_assignments
from renfort.workshops.selectors.closing import blockers_of
from renfort.workshops.selectors.fees import steps_of, tags_of
from renfort.workshops.selectors.invitations import invited_to
from renfort.workshops.selectors.links import link_of
from renfort.workshops.selectors.payable import fee_is_asked
from renfort.workshops.selectors.sessions import (
    enrolments_visible,
    later_in_series,
    progress_of,
    seated,
    seats_taken,
    sessions_of,
    sessions_visible,
)
from renfort.workshops.selectors.staffing import RIGHT, staffing
from renfort.workshops.services.closing import sealed
from renfort.workshops.services.series import plan_series
from renfort.workshops.services.sessions import change_session, invite, open_link, revoke_link
from renfort.workshops.views.menus import enter_assignment
from renfort.workshops.workflow import ASSIGNMENT, ENROLMENT, SESSION

UNPROCESSABLE, CONFLICT = 422, 409
READ = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def coordination(request: Request, organisation: int) -> HttpResponse:
    """« Mes missions » for one client, current and past, each with its gauge (W2)."""
    actor = enter(request, Programme.WORKSHOPS, Role.COORDINATOR, ScopeKind.ORGANISATION, organisation)
    mine = list(own_assignments(actor.person_id).filter(order__client_id=organisation))
    progress = progress_of(mine)
    rows = [(each, assignment_badge(each), progress_gauge(progress[each.pk])) for each in mine]
    return render(request, "workshops/coordination/missions.html", {"rows": rows, "name": actor.acting and actor.acting.name})


@login_required
@require_safe
def assignment(request: Request, pk: int) -> HttpResponse:
    """One assignment: ordered, planned, done, each explained by its rows; what comes next (W2)."""
    actor, found = enter_assignment(request, pk)
    progress, sessions = progress_of([found])[pk], sessions_of(found)
    lines = history_of(found)
    names = names_of({line.entry.actor_id for line in lines if line.entry.actor_id})
    context = {
        "assignment": found,
        "order": found.order,
        "client": found.order.client,
        "audience": Audience(found.audience).label,
        "state_badge": assignment_badge(found),
        "gauge": progress_gauge(progress),
        "progress": progress,
        "next_step": next_step(found, progress, sessions),
        "sessions": [(each, session_badge(each), Presence(each.presence).label) for each in sessions],
        "is_under_way": found.state == AssignmentState.AWARDED,
        "blockers": blockers_of(found) if found.state == AssignmentState.AWARDED and _is_near_its_end(sessions) else None,
        "steps": steps_of(found),
        "invoice": ClientInvoice.objects.filter(pk=pk).first() if found.state == AssignmentState.CLOSED else None,
        "summary": sealed(found) if found.state == AssignmentState.CLOSED else None,
        "actions": actions_of(
            ASSIGNMENT, found, actor, lambda path: reverse("workshops:assignment-act", args=[found.pk, path])
        ),
        "timeline": timeline_of(lines, names),
    }  # fmt: skip
    return render(request, "workshops/coordination/assignment.html", context)


def _is_near_its_end(sessions: list[Session]) -> bool:
    """Whether something took place: from then on the page says what the closing waits for (W10)."""
    return any(each.is_over and each.state != SessionState.CANCELLED for each in sessions)


@login_required
def assignment_act(request: Request, pk: int, path: str) -> HttpResponse:
    """« Clôturer », « Rendre »: any step that is the actor's."""
    actor, found = enter_assignment(request, pk)
    title = f"{found.order.title} · {found.order.client.organisation.name}"
    gone = path in ("rendre", "reprendre")  # afterwards the page may not be the actor's any more
    back = reverse("portal:space") if gone else reverse("workshops:assignment", args=[pk])
    return act(request, ASSIGNMENT, found, path, actor=actor, title=title, back=back)


# ── sessions (W3) ─────────────────────────────────────────────────────────────────────────────────
@login_required
@require_http_methods(READ)
def session_new(request: Request, pk: int) -> HttpResponse:
    """« + »: plan a session."""
    actor, found = enter_assignment(request, pk)
    form, status = SeriesForm(), 200
    if request.method == "POST":
        form, status = SeriesForm(request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                days = form.days()
                url = once(
                    form.cleaned_data["form_token"], owner=f"person:{actor.person_id}",
                    make=lambda: _planned(actor, found, form),
                )  # fmt: skip
                _say_planned(request, form, len(set(days)))
                return redirect(url)
            except Refused as refused:
                status = _say(form, refused)
    context = {
        "form": form, "title": _("Planifier une session"), "button": _("Planifier la session"),
        "back": reverse("workshops:assignment", args=[pk]), "lead": found.order.client.organisation.name,
    }  # fmt: skip
    return render(request, "workshops/form.html", context, status=status)


def _planned(actor: Actor, found: Assignment, form: SeriesForm) -> str:
    made = plan_series(actor=actor, assignment=found, facts=form.facts(), days=form.days())
    if len(made) > 1:
        return reverse("workshops:assignment", args=[found.pk]) + "#sessions"
    return reverse("workshops:session", args=[found.pk, made[0].pk])


def _say_planned(request: Request, form: SessionForm, days: int) -> None:
    """How many were planned, with the advice on how many lead them (W3): never a reason to refuse."""
    said = form.facts()
    advice = staffing(said.kind, said.participants, {Seat.LEAD: said.leads, Seat.CO_LEAD: said.co_leads})
    if days == 1:
        return  # the page of the session says it itself
    messages.success(request, _("%(n)d sessions sont planifiées.") % {"n": days})
    if advice is not None and advice.verdict != RIGHT:
        messages.info(request, _("Un conseil : %(advice)s") % {"advice": advice.advice})


def _say(form: Any, refused: Refused) -> int:
    for sentence in refused.sentences:
        form.add_error(None, sentence)
    return CONFLICT


def _session_or_404(actor: Actor, found: Assignment, pk: int) -> Session:
    session = sessions_visible(actor).filter(assignment=found, pk=pk).first()
    if session is None:
        raise Http404
    return session


@login_required
@require_safe
def session(request: Request, pk: int, session: int) -> HttpResponse:
    """One session with its tab « Animateur·ices » (W4, W5)."""
    actor, found = enter_assignment(request, pk)
    return _session(request, actor, _session_or_404(actor, found, session), InviteForm())


def _row_actions(actor: Actor, each: Enrolment) -> list[Action]:
    """What can be done now with one facilitator's place; the standing has its own list."""

    def url(path: str) -> str:
        return reverse("workshops:enrolment-act", args=[each.session.assignment_id, each.pk, path])

    found = actions_of(ENROLMENT, each, actor, url)
    return [action for action in found if action.name != "change_standing" and not action.refusals]


def _session(request: Request, actor: Actor, one: Session, form: InviteForm, status: int = 200) -> HttpResponse:
    on, taken = seated(one), seats_taken(one)
    for each in on:
        each.session = one
    allowed = [(key, Standing(key).label) for key in standings_for(one.assignment.audience)]
    under_way = one.assignment.state == AssignmentState.AWARDED
    to_come = one.state == SessionState.PLANNED and not one.is_over and under_way
    lines = history_of(one) + history("workshops.enrolment", one.enrolments.values_list("pk", flat=True))
    lines.sort(key=lambda line: line.entry.pk, reverse=True)
    names = names_of({line.entry.actor_id for line in lines if line.entry.actor_id})
    link = link_of(one)
    context = {
        "assignment": one.assignment,
        "session": one,
        "client": one.assignment.order.client,
        "state_badge": session_badge(one),
        "language": Language(one.language).label,
        "fee_tag": tag_badge(tags_of([one]).get(one.pk)),
        "places": [(Seat(seat).label, taken.get(seat, 0), one.places(seat)) for seat in map(str, Seat) if one.places(seat)],
        "rows": [
            (each, enrolment_badge(each), Seat(each.seat).label, Standing(each.standing).label,
             under_way and each.state != EnrolmentState.ABSENT and not fee_is_asked(each), _row_actions(actor, each))
            for each in on
        ],
        "staffing": staffing(one.kind, one.participants, {seat: one.places(seat) for seat in (Seat.LEAD, Seat.CO_LEAD)}),
        "standings": allowed,
        "to_come": to_come,
        "link": f"{settings.BASE_URL}{link}" if link else "",
        "invitees": invited_to(one),
        "form": form,
        "actions": actions_of(
            SESSION, one, actor, lambda path: reverse("workshops:session-act", args=[one.assignment_id, one.pk, path])
        ),
        "timeline": timeline_of(lines[:50], names),
    }  # fmt: skip
    return render(request, "workshops/coordination/session.html", context, status=status)


@login_required
@require_http_methods(READ)
def session_edit(request: Request, pk: int, session: int) -> HttpResponse:
    """« Modifier »: who leads it is told when hours or place change."""
    actor, found = enter_assignment(request, pk)
    one = _session_or_404(actor, found, session)
    later = later_in_series(one).count()
    form, status = SessionForm.of(one, later=later), 200
    if request.method == "POST":
        form, status = SessionForm.of(one, request.POST, later=later), UNPROCESSABLE
        if form.is_valid():
            try:
                following = form.cleaned_data.get("scope") == LATER
                change_session(actor=actor, session=one, facts=form.facts(), seen=seen_of(request), following=following)
                messages.success(request, _("Les sessions sont modifiées.") if following else _("Session modifiée."))
                return redirect("workshops:session", pk, session)
            except Refused as refused:
                status = _say(form, refused)
    context = {
        "form": form, "title": _("Modifier la session"), "button": _("Enregistrer"), "seen": one.version,
        "back": reverse("workshops:session", args=[pk, session]), "lead": f"{one.title} · {one.words}",
        "warning": _("Les personnes inscrites reçoivent un e-mail si la date, les heures ou le lieu changent."),
    }  # fmt: skip
    return render(request, "workshops/form.html", context, status=status)


@login_required
def session_act(request: Request, pk: int, session: int, path: str) -> HttpResponse:
    """« Annuler la session »."""
    actor, found = enter_assignment(request, pk)
    one = _session_or_404(actor, found, session)
    back = reverse("workshops:session", args=[pk, session])
    return act(request, SESSION, one, path, actor=actor, title=f"{one.title} · {one.words}", back=back)


# ── who leads it (W4, W5) ─────────────────────────────────────────────────────────────────────────
@login_required
@require_POST
def session_link(request: Request, pk: int, session: int) -> HttpResponse:
    """Make the link that invites, or revoke it."""
    actor, found = enter_assignment(request, pk)
    one = _session_or_404(actor, found, session)
    try:
        if request.POST.get("faire") == "retirer":
            revoke_link(actor=actor, session=one)
            messages.success(request, _("Le lien ne s'ouvre plus."))
        else:
            open_link(actor=actor, session=one)
            messages.success(request, _("Le lien est prêt. Un lien précédent ne s'ouvre plus."))
    except Refused as refused:
        messages.error(request, str(refused))
        return _session(request, actor, one, InviteForm(), CONFLICT)
    return redirect("workshops:session", pk, session)


@login_required
@require_POST
def session_invite(request: Request, pk: int, session: int) -> HttpResponse:
    """Invite by e-mail, many at once."""
    actor, found = enter_assignment(request, pk)
    one = _session_or_404(actor, found, session)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _session(request, actor, one, form, UNPROCESSABLE)
    try:
        sent = invite(actor=actor, session=one, addresses=form.cleaned_data["addresses"])
    except Refused as refused:
        return _session(request, actor, one, form, _say(form, refused))
    if sent:
        text = ngettext("%(n)d invitation part.", "%(n)d invitations partent.", sent)
        messages.success(request, text % {"n": sent})
    else:
        messages.info(request, _("Toutes ces personnes ont déjà été invitées."))
    return redirect("workshops:session", pk, session)


@login_required
def enrolment_act(request: Request, pk: int, enrolment: int, path: str) -> HttpResponse:
    """Standing, removal, absence of one facilitator."""
    actor, found = enter_assignment(request, pk)
    one = enrolments_visible(actor).filter(session__assignment=found, pk=enrolment).first()
    back = reverse("workshops:session", args=[pk, one.session_id]) if one is not None else ""
    title = one.facilitator.person.full_name if one is not None else ""
    return act(request, ENROLMENT, one, path, actor=actor, title=title, back=back)
