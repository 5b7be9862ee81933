"""« Mon espace animateur·ice »: sessions, opportunities and assignments, compliance; the link that invites (W1, W4, W12)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.pages import page_of
from renfort.kernel.views import act
from renfort.people.selectors import today
from renfort.workshops.components import assignment_badge, enrolment_badge, euros, progress_gauge, proof_badge, spoken
from renfort.workshops.components.ics import session_file
from renfort.workshops.enums import (
    AssignmentState,
    Audience,
    DocumentKind,
    EnrolmentState,
    Kind,
    Language,
    Level,
    Presence,
    ProofState,
    Seat,
    SessionState,
    Standing,
)
from renfort.workshops.forms.proofs import ProofForm
from renfort.workshops.forms.sessions import SeatForm
from renfort.workshops.models import Enrolment
from renfort.workshops.selectors.assignment import (
    assignments_visible,
    facilitator_of,
    opportunities,
    own_assignments,
    why_not,
)
from renfort.workshops.selectors.compliance import COORDINATE, documents_for, lowest_for, reaches, valid_on
from renfort.workshops.selectors.invitations import own_invitations
from renfort.workshops.selectors.links import link_of, session_of_token
from renfort.workshops.selectors.proofs import newest_proofs
from renfort.workshops.selectors.replacements import places_to_take
from renfort.workshops.selectors.roles import is_facilitator
from renfort.workshops.selectors.sessions import own_enrolments, progress_of, seats_taken
from renfort.workshops.services.enrolments import enrol, why_not_on
from renfort.workshops.services.orders import apply, withdraw_candidacy
from renfort.workshops.views.menus import enter_facilitator
from renfort.workshops.views.staff import document_lines
from renfort.workshops.workflow import ENROLMENT

FORBIDDEN, CONFLICT = 403, 409
MOST_WAITING = 20  # invitations told on one page
READ = ["GET", "HEAD", "POST"]


# ── « Mes sessions » ──────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def sessions(request: Request) -> HttpResponse:
    """« Mes sessions »: those to come first; those past on request."""
    actor = enter_facilitator(request)
    past = request.GET.get("vue") == "passees"
    page = page_of(request, own_enrolments(actor, past=past))
    rows = [(each, enrolment_badge(each), Seat(each.seat).label, Standing(each.standing).label) for each in page.object_list]
    waiting = [] if past else [(each, link_of(each.session)) for each in own_invitations(actor)[:MOST_WAITING]]
    context = {
        "page": page, "rows": rows, "past": past, "invitations": waiting, "places": [] if past else places_to_take(actor),
    }  # fmt: skip
    return render(request, "workshops/animation/sessions.html", context)


def _own_or_404(actor: Actor, pk: int) -> Enrolment:
    found = own_enrolments(actor).filter(pk=pk).first() or own_enrolments(actor, past=True).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def session(request: Request, pk: int) -> HttpResponse:
    """One session that one leads: when, where, with whom, calendar file, « Me désinscrire »."""
    actor = enter_facilitator(request)
    mine = _own_or_404(actor, pk)
    coordinator = mine.session.assignment.coordinator
    context = {
        "enrolment": mine,
        "session": mine.session,
        "state_badge": enrolment_badge(mine),
        "seat": Seat(mine.seat).label,
        "standing": Standing(mine.standing).label,
        "language": Language(mine.session.language).label,
        "may_be_replaced": mine.state == EnrolmentState.ENROLLED and not mine.session.has_begun,
        "client": mine.session.assignment.order.client,
        "coordinator": coordinator.person if coordinator is not None else None,
        "actions": actions_of(ENROLMENT, mine, actor, lambda path: reverse("workshops:own-session-act", args=[pk, path])),
    }
    return render(request, "workshops/animation/session.html", context)


@login_required
def session_act(request: Request, pk: int, path: str) -> HttpResponse:
    """« Me désinscrire »."""
    actor = enter_facilitator(request)
    mine = _own_or_404(actor, pk)
    title = f"{mine.session.title} · {mine.session.words}"
    return act(request, ENROLMENT, mine, path, actor=actor, title=title, back=reverse("workshops:own-session", args=[pk]))


@login_required
@require_safe
@never_cache
def session_calendar(request: Request, pk: int) -> HttpResponse:
    """The session as a calendar file; once one is no longer expected, the same file takes it away again."""
    mine = _own_or_404(enter_facilitator(request), pk)
    response = HttpResponse(session_file(mine), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="session-{mine.session_id}.ics"'
    return response


# ── « Pros » ──────────────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def pros(request: Request) -> HttpResponse:
    """« Mes missions » that one coordinates, with their gauges, and the opportunities (W1, W2)."""
    actor = enter_facilitator(request)
    mine = list(own_assignments(actor.person_id))
    progress = progress_of(mine)
    current = [each for each in mine if each.state != AssignmentState.CLOSED]
    offered = list(opportunities(actor))
    asked = progress_of(offered)
    context = {
        "current": [(each, assignment_badge(each), progress_gauge(progress[each.pk])) for each in current],
        "past": [(each, assignment_badge(each), progress_gauge(progress[each.pk])) for each in mine if each not in current],
        "opportunities": [(each, Audience(each.audience).label, asked[each.pk].ordered) for each in offered],
    }
    return render(request, "workshops/animation/pros.html", context)


@login_required
@require_http_methods(READ)
def opportunity(request: Request, pk: int) -> HttpResponse:
    """What is to be coordinated, and « Je suis intéressé·e » (W1)."""
    actor = enter_facilitator(request)
    found = opportunities(actor).filter(pk=pk).first()
    facilitator = facilitator_of(actor)
    if found is None or facilitator is None:
        given = assignments_visible(actor).filter(pk=pk).first()
        if given is not None:
            return redirect("workshops:assignment", pk)
        raise Http404
    reasons, status = why_not(found, facilitator), 200
    if request.method == "POST":
        try:
            if request.POST.get("faire") == "retirer":
                withdraw_candidacy(actor=actor, assignment=found)
                messages.success(request, _("Votre candidature est retirée."))
            else:
                apply(actor=actor, assignment=found, words=request.POST.get("words", "").replace("\x00", "")[:1000].strip())
                messages.success(request, _("Votre candidature est envoyée à l'association."))
            return redirect("workshops:opportunity", pk)
        except Refused as refused:
            reasons, status = refused.sentences, CONFLICT
    lines = found.order.lines.order_by("pk")
    context = {
        "assignment": found,
        "order": found.order,
        "audience": Audience(found.audience).label,
        "lines": [
            (line, Kind(line.kind).label, Presence(line.presence).label,
             spoken(line.languages), euros(line.unit_price))
            for line in lines
        ],
        "reasons": reasons,
        "status": status,
    }  # fmt: skip
    return render(request, "workshops/animation/opportunity.html", context, status=status)


# ── « Conformité » ────────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def compliance(request: Request) -> HttpResponse:
    """Each document, missing or held until when; for whom one may lead and coordinate (W12)."""
    return show_compliance(request, enter_facilitator(request), ProofForm())


def show_compliance(request: Request, actor: Actor, form: ProofForm, status: int = 200) -> HttpResponse:
    """The same, with the form as it was sent."""
    facilitator = facilitator_of(actor)
    if facilitator is None:
        raise Http404
    documents = list(facilitator.documents.all())
    sent = newest_proofs(facilitator)
    rows = []
    for audience in Audience:
        held = valid_on(documents, today())
        rows.append(
            (
                audience.label,
                [str(Kind(kind).label) for kind in map(str, Kind) if reaches(facilitator.level, audience, kind)],
                reaches(facilitator.level, audience, COORDINATE),
                lowest_for(audience, Kind.WORKSHOP).label,
                [kind.label for kind in documents_for(audience, Kind.TRAINING) if kind not in held],
            )
        )
    lines = []
    for kind, line in zip(DocumentKind, document_lines(documents), strict=True):
        proof = sent.get(kind)
        lines.append((*line, proof, proof_badge(proof) if proof is not None and proof.state != ProofState.ACCEPTED else ""))
    context = {"level": Level(facilitator.level).label, "documents": lines, "rows": rows, "form": form}
    return render(request, "workshops/animation/compliance.html", context, status=status)


# ── the link that invites (W4) ────────────────────────────────────────────────────────────────────
@login_required
@require_http_methods(READ)
@never_cache
def invitation(request: Request, token: str) -> HttpResponse:
    """The session behind the link, the places left, and « M'inscrire »; who does not conform is told why."""
    found = session_of_token(token)
    if found is None:
        raise Http404
    if not is_facilitator(request.actor):
        return render(request, "workshops/animation/stranger.html", status=FORBIDDEN)
    actor = enter_facilitator(request)
    facilitator = facilitator_of(actor)
    if facilitator is None:
        raise Http404
    mine = own_enrolments(actor).filter(session=found, state="enrolled").first()
    taken = seats_taken(found)
    free = [(str(seat), found.places(seat) - taken.get(seat, 0)) for seat in Seat if found.places(seat)]
    open_seats = [seat for seat, left in free if left > 0 and not why_not_on(found, facilitator, seat)]
    reasons: list[str] = []
    if not open_seats:
        full = [] if any(left > 0 for _seat, left in free) else [_("Toutes les places d'animation sont prises.")]
        wanted = next((seat for seat, _left in free if seat != Seat.OBSERVER), Seat.LEAD)
        reasons = [*why_not_on(found, facilitator, wanted), *full]
    form, status = SeatForm(open_seats=open_seats), 200
    if request.method == "POST":
        seat = request.POST.get("seat", "")
        try:
            made = enrol(actor=actor, session=found, seat=seat if seat in Seat.values else Seat.LEAD)
        except Refused as refused:
            reasons, status = refused.sentences, CONFLICT
        else:
            messages.success(request, _("Vous animez cette session. Un e-mail le confirme."))
            return redirect("workshops:own-session", made.pk)
    context = {
        "session": found,
        "client": found.assignment.order.client,
        "language": Language(found.language).label,
        "places": [(Seat(seat).label, max(0, left)) for seat, left in free],
        "form": form,
        "reasons": reasons,
        "mine": mine,
        "invitee": own_invitations(actor).filter(session=found).first(),
        "is_open": found.state == SessionState.PLANNED and not found.has_begun,
        "can_enrol": bool(open_seats) and mine is None,
    }
    return render(request, "workshops/animation/invitation.html", context, status=status)
