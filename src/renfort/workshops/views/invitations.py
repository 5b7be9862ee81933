"""Answer an invitation to lead a session; look for somebody to take one's place (W12)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from renfort.kernel.actors import Actor
from renfort.kernel.firing import NotAllowed, Refused
from renfort.kernel.http import Request
from renfort.kernel.pages import dressed_page
from renfort.kernel.views import act
from renfort.workshops.enums import EnrolmentState, Language, Level, ReplacementState, Seat
from renfort.workshops.models import Enrolment, Replacement
from renfort.workshops.rules import is_asked, may_take_it
from renfort.workshops.selectors.assignment import facilitator_of
from renfort.workshops.selectors.directory import Wanted, dressed, middle_of, search
from renfort.workshops.selectors.places import centres, distance
from renfort.workshops.selectors.replacements import replacements_visible, waiting_of, why_not_take
from renfort.workshops.selectors.sessions import own_enrolments
from renfort.workshops.services.invitations import decline
from renfort.workshops.services.replacements import propose_place, take_place
from renfort.workshops.views.menus import enter_facilitator
from renfort.workshops.workflow import REPLACEMENT

UNPROCESSABLE, CONFLICT = 422, 409
READ = ["GET", "HEAD", "POST"]
ANYBODY = "tous"


@login_required
@require_POST
def invitation_decline(request: Request, pk: int) -> HttpResponse:
    """« Décliner »."""
    actor = enter_facilitator(request)
    try:
        decline(actor=actor, number=pk)
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("C'est noté : la coordination est prévenue."))
    return redirect("workshops:own-sessions")


# ── a place to give ───────────────────────────────────────────────────────────────────────────────
def _own_or_404(actor: Actor, pk: int) -> Enrolment:
    found = own_enrolments(actor).filter(pk=pk, state=EnrolmentState.ENROLLED).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(READ)
def replacement_new(request: Request, pk: int) -> HttpResponse:
    """« Trouver un remplacement »: those who conform and are free, the nearest first; or whoever conforms."""
    actor = enter_facilitator(request)
    mine = _own_or_404(actor, pk)
    status, refusals = 200, []
    if request.method == "POST":
        said = request.POST.get("to", "")
        words = request.POST.get("words", "").replace("\x00", "")[:500]
        to = dressed().filter(pk=int(said)).first() if said.isascii() and said.isdigit() and len(said) < 19 else None  # noqa: PLR2004 -- fits a bigint
        if to is None and said != ANYBODY:
            refusals, status = [_("Choisissez une personne, ou « toute personne conforme ».")], UNPROCESSABLE
        else:
            try:
                propose_place(actor=actor, enrolment=mine, to=to, words=words)
            except Refused as refused:
                refusals, status = refused.sentences, CONFLICT
            else:
                messages.success(request, _("C'est envoyé. La place reste la vôtre tant que personne ne l'a prise."))
                return redirect("workshops:own-session", pk)
    session = mine.session
    named = request.GET.get("q", "").replace("\x00", "")[:100]
    fit, _near = search(
        Wanted(
            words=named, audience=session.assignment.audience, what=session.kind, day=session.local_start.date(),
            free_of=session, by_names=True,
        )
    )  # fmt: skip
    page = dressed_page(request, fit, dressed())
    middle = middle_of(session)
    known = centres(each.person.postcode for each in page.object_list) if middle else {}
    rows = [
        (each, Level(each.level).label, round(distance(middle, known[each.person.postcode][1:]))
         if middle and each.person.postcode in known else None)
        for each in page.object_list
    ]  # fmt: skip
    context = {"mine": mine, "session": session, "page": page, "rows": rows, "words": named, "refusals": refusals,
               "waiting": waiting_of(mine)}  # fmt: skip
    return render(request, "workshops/animation/replacement_new.html", context, status=status)


# ── a place to take ───────────────────────────────────────────────────────────────────────────────
@login_required
@require_http_methods(READ)
def replacement(request: Request, pk: int) -> HttpResponse:
    """The place that somebody proposes: « Prendre la place », « Je ne peux pas »."""
    actor = enter_facilitator(request)
    found: Replacement | None = replacements_visible(actor).filter(pk=pk).first()
    facilitator = facilitator_of(actor)
    if found is None or facilitator is None:
        raise Http404
    may = is_asked(actor, found) or may_take_it(actor, found)
    waits = found.state == ReplacementState.ASKED and not found.session.has_begun
    reasons, status = (why_not_take(found, facilitator) if may and waits else []), 200
    if request.method == "POST":
        try:
            made = take_place(actor=actor, replacement=found)
        except Refused as refused:
            reasons, status = refused.sentences, CONFLICT
        else:
            messages.success(request, _("La place est la vôtre. Un e-mail le confirme."))
            return redirect("workshops:own-session", made.pk)
    context = {
        "replacement": found, "session": found.session, "client": found.session.assignment.order.client,
        "language": Language(found.session.language).label, "seat": Seat(found.enrolment.seat).label, "reasons": reasons,
        "may": may and waits, "is_named": found.to_id == facilitator.pk,
        "is_own": found.enrolment.facilitator_id == facilitator.pk,
    }  # fmt: skip
    return render(request, "workshops/animation/replacement.html", context, status=status)


@login_required
def replacement_act(request: Request, pk: int, path: str) -> HttpResponse:
    """« Je ne peux pas », « Ne plus chercher »; taking the place is the page's own button."""
    actor = enter_facilitator(request)
    found = replacements_visible(actor).filter(pk=pk).first()
    if path == "prendre-la-place":
        return redirect("workshops:replacement", pk)
    title = f"{found.session.title} · {found.session.words}" if found is not None else ""
    return act(request, REPLACEMENT, found, path, actor=actor, title=title, back=reverse("workshops:own-sessions"))
