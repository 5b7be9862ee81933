"""The certificates of one session, for who coordinates it and the association: list, download, send again, result (W7)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.pages import page_of
from renfort.kernel.views import seen_of
from renfort.workshops.enums import AssignmentState, Kind, Outcome
from renfort.workshops.models import Registration, Session
from renfort.workshops.selectors.questionnaires import address_of, present_on
from renfort.workshops.selectors.sessions import sessions_visible
from renfort.workshops.services.certificates import issue_certificate, send_again, set_outcome, why_no_certificate
from renfort.workshops.views.after import paper_file
from renfort.workshops.views.menus import enter_assignment

CONFLICT = 409


def _enter(request: Request, pk: int, session: int) -> tuple[Actor, Session]:
    actor, found = enter_assignment(request, pk)
    one = sessions_visible(actor).filter(assignment=found, pk=session).first()
    if one is None:
        raise Http404
    return actor, one


def _who(one: Session, number: int) -> Registration:
    found = present_on(one).filter(pk=number).first()
    if found is None:
        raise Http404
    found.session = one
    return found


@login_required
@require_safe
def listing(request: Request, pk: int, session: int) -> HttpResponse:
    """Those marked present, twenty a page: whether they were written to, and what can be done."""
    _actor, one = _enter(request, pk, session)
    return _listing(request, one)


def _listing(request: Request, one: Session, refusals: list[str] | None = None, status: int = 200) -> HttpResponse:
    page = page_of(request, present_on(one))
    rows: list[tuple[Any, ...]] = []
    for each in page.object_list:
        each.session = one
        row = getattr(each, "certificate", None)
        rows.append((each, row, why_no_certificate(each), bool(address_of(each))))
    context = {
        "assignment": one.assignment,
        "session": one,
        "page": page,
        "rows": rows,
        "refusals": refusals or [],
        "outcomes": Outcome.choices if one.kind == Kind.TRAINING else [],
        "may_evaluate": one.assignment.state == AssignmentState.AWARDED,
    }
    return render(request, "workshops/after/certificates.html", context, status=status)


@login_required
@require_safe
def download(request: Request, pk: int, session: int, number: int) -> Any:
    """One participant's certificate."""
    _actor, one = _enter(request, pk, session)
    try:
        return paper_file(issue_certificate(_who(one, number)))
    except Refused as refused:
        return _listing(request, one, refused.sentences, CONFLICT)


@login_required
@require_POST
def again(request: Request, pk: int, session: int, number: int) -> HttpResponse:
    """Write to one participant once more."""
    actor, one = _enter(request, pk, session)
    who = _who(one, number)
    try:
        send_again(actor=actor, registration=who)
    except Refused as refused:
        return _listing(request, one, refused.sentences, CONFLICT)
    messages.success(request, _("L'e-mail repart à %(name)s.") % {"name": who.full_name})
    return redirect("workshops:certificates", pk, session)


@login_required
@require_POST
def evaluate(request: Request, pk: int, session: int, number: int) -> HttpResponse:
    """Say whether one participant reached the aims of a training."""
    actor, one = _enter(request, pk, session)
    who = _who(one, number)
    try:
        set_outcome(actor=actor, registration=who, outcome=request.POST.get("outcome", "")[:20], seen=seen_of(request))
    except Refused as refused:
        return _listing(request, one, refused.sentences, CONFLICT)
    messages.success(request, _("Résultat enregistré : le certificat de %(name)s est mis à jour.") % {"name": who.full_name})
    return redirect("workshops:certificates", pk, session)
