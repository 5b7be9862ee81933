"""The end of an assignment: what still blocks, the closing, the sealed « bilan », the order that mends a mistake (W10)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from renfort.documents.models import Paper
from renfort.jobs.services import once
from renfort.kernel.firing import NotAllowed, Refused, Unanswered, fire, question
from renfort.kernel.http import Request
from renfort.kernel.papers import PAPERS
from renfort.kernel.views import Step, consequences, outcome, seen_of
from renfort.workshops.enums import AssignmentState
from renfort.workshops.forms.closing import CorrectionForm
from renfort.workshops.selectors.assignment import assignments_visible
from renfort.workshops.selectors.closing import blockers_of, undelivered_of
from renfort.workshops.services.closing import correct, sealed
from renfort.workshops.views.menus import enter_assignment, enter_staff
from renfort.workshops.workflow import ASSIGNMENT

UNPROCESSABLE, CONFLICT = 422, 409
READ = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(READ)
@never_cache
def close(request: Request, pk: int) -> HttpResponse:
    """« Clôturer »: what blocks, each with its link (409); else what will happen, and the written reason when one is due."""
    actor, found = enter_assignment(request, pk)
    transition, back = ASSIGNMENT["close"], reverse("workshops:assignment", args=[pk])
    title = f"{found.order.title} · {found.order.client.organisation.name}"
    if not transition.who(actor, found):
        raise NotAllowed(_("Cette action est réservée à : %(who)s.") % {"who": transition.who.label})
    late: list[str] = []
    form, status = question(transition, found), 200
    if request.method == "POST":
        try:
            after = fire(ASSIGNMENT, found, "close", actor=actor, seen=seen_of(request), answers=request.POST)
        except Unanswered as unanswered:
            form, status = unanswered.form, UNPROCESSABLE
        except Refused as refused:
            found.refresh_from_db()
            form, status, late = question(transition, found, request.POST), CONFLICT, refused.sentences
        else:
            messages.success(request, outcome(ASSIGNMENT, after, transition, title))
            return redirect(back)
    elif found.state != AssignmentState.AWARDED:
        return redirect(back)
    blockers = blockers_of(found) if found.state == AssignmentState.AWARDED else []
    step = Step(flow=ASSIGNMENT, obj=found, transition=transition, actor=actor, title=title, back=back, told=lambda obj: [])
    context = {
        "assignment": found,
        "blockers": blockers,
        "late": late,
        "undelivered": undelivered_of(found),
        "form": form,
        "consequences": consequences(step),
    }
    return render(request, "workshops/closing/close.html", context, status=CONFLICT if blockers else status)


def paper_file(paper: Paper | None) -> HttpResponseBase:
    """The file of a paper, as it was written; the caller has judged who may.

    Raises:
        Http404: there is none, or its file is gone.
    """
    if paper is None:
        raise Http404
    try:
        opened = paper.file.open("rb")
    except (FileNotFoundError, ValueError):
        raise Http404 from None
    name = f"{slugify(str(PAPERS[paper.kind].label))}-{paper.written_code}.pdf"
    response = FileResponse(opened, as_attachment=True, filename=name, content_type="application/pdf")
    response.headers["Cache-Control"] = "no-store, private"
    return response


@login_required
@require_safe
def summary(request: Request, pk: int) -> HttpResponseBase:
    """« Bilan de mission » as it was sealed: for who coordinated it and for the association."""
    _actor, found = enter_assignment(request, pk)
    return paper_file(sealed(found))


@login_required
@require_http_methods(READ)
def correction(request: Request, pk: int) -> HttpResponse:
    """« Corriger par une nouvelle commande »: a closed mission never opens again, another one follows it."""
    actor = enter_staff(request)
    found = assignments_visible(actor).filter(pk=pk, state=AssignmentState.CLOSED).first()
    if found is None:
        raise Http404
    form, status = CorrectionForm(initial={"title": _("Correction : %(title)s") % {"title": found.order.title}}), 200
    if request.method == "POST":
        form, status = CorrectionForm(request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                return redirect(
                    once(
                        form.cleaned_data["form_token"], owner=f"person:{actor.person_id}",
                        make=lambda: reverse(
                            "workshops:order", args=[correct(actor=actor, assignment=found, facts=form.facts()).order_id]
                        ),
                    )
                )  # fmt: skip
            except Refused as refused:
                for sentence in refused.sentences:
                    form.add_error(None, sentence)
                status = CONFLICT
    context = {
        "form": form, "title": _("Corriger par une nouvelle commande"), "button": _("Ouvrir la nouvelle commande"),
        "back": reverse("workshops:order", args=[found.order_id]),
        "lead": f"{found.order.title} · {found.order.client.organisation.name}",
    }  # fmt: skip
    return render(request, "workshops/form.html", context, status=status)
