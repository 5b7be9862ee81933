"""What participants answered: for an assignment, for all the association, and for everybody when the operator says so (W7)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from renfort.jobs.views import export_page
from renfort.kernel.actors import SERVICE, Actor
from renfort.kernel.http import ROLE_PAGES, Request, enter
from renfort.kernel.pages import page_of
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.parameters.catalogue import RESULTS_PUBLIC, RESULTS_SHOWN
from renfort.parameters.selectors import value_of
from renfort.workshops.components.results import evolution, line_of, mark_words, month_words, too_few
from renfort.workshops.enums import Moment
from renfort.workshops.forms.surveys import ResultsForm
from renfort.workshops.models import Assignment
from renfort.workshops.selectors.results import (
    Wanted,
    figures,
    may_read_figures,
    may_read_words,
    months,
    sent_and_answered,
    words,
)
from renfort.workshops.views.menus import enter_assignment, enter_staff

W = Programme.WORKSHOPS
READ = ["GET", "HEAD", "POST"]


def _enter(request: Request, pk: int) -> tuple[Actor, Assignment]:
    """Open an assignment's results as its client's contact when that is all one is there, else as who coordinates it or the
    association (P13).

    Raises:
        Http404: the person is none of them; the page does not tell whether it exists.
    """
    known = Assignment.objects.select_related("order__client__organisation").filter(pk=pk).first()
    if known is None:
        raise Http404
    client = known.order.client_id
    is_contact = request.actor.holds(W, Role.CLIENT_CONTACT, ScopeKind.ORGANISATION, client)
    coordinates = request.actor.holds(W, Role.COORDINATOR, ScopeKind.ORGANISATION, client)
    if is_contact and not coordinates and (W, Role.CLIENT_CONTACT) in ROLE_PAGES:
        return enter(request, W, Role.CLIENT_CONTACT, ScopeKind.ORGANISATION, client), known
    return enter_assignment(request, pk)


def _shown(actor: Actor, wanted: Wanted) -> dict[str, Any]:
    """What every page of results says."""
    sent, came = sent_and_answered(actor, wanted)
    share = ngettext(
        "%(came)d réponse pour %(sent)d questionnaire envoyé.", "%(came)d réponses pour %(sent)d questionnaires envoyés.", came
    )
    return {
        "sent": sent,
        "came": came,
        "rate": share % {"came": came, "sent": sent},
        "lines": [line_of(each) for each in figures(actor, wanted) if each.count],
        "moment": Moment(wanted.moment).label,
    }


@login_required
@require_safe
def assignment(request: Request, pk: int) -> HttpResponse:
    """The answers of one assignment's participants; free texts for the coordination and the association alone."""
    actor, found = _enter(request, pk)
    if not may_read_figures(actor).filter(pk=pk).exists():
        raise Http404
    here = reverse("workshops:results-of-assignment", args=[pk])
    wanted = ResultsForm({"moment": request.GET.get("moment", ""), "mission": pk}).wanted()
    reads_words = may_read_words(actor).filter(pk=pk).exists()
    context = {
        **_shown(actor, wanted),
        "assignment": found,
        "title": found.order.title,
        "client": found.order.client,
        "tabs": [(label, f"{here}?moment={key}", key == wanted.moment) for key, label in Moment.choices],
        "reads_words": reads_words,
        "page": page_of(request, words(actor, wanted)) if reads_words else None,
        "export": f"{reverse('workshops:results-export-of-assignment', args=[pk])}?mission={pk}&moment={wanted.moment}"
        if reads_words
        else "",
        "is_contact": actor.acting is not None and actor.acting.role == Role.CLIENT_CONTACT,
    }
    return render(request, "workshops/results/assignment.html", context)


@login_required
@require_safe
def results(request: Request) -> HttpResponse:
    """All the answers, by moment, audience, kind and period, with the evolution of the satisfaction."""
    actor = enter_staff(request)
    form = ResultsForm(request.GET or None)
    filled = ResultsForm(request.GET)
    wanted = filled.wanted()
    by_month = months(actor, wanted)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        **_shown(actor, wanted),
        "form": form if request.GET else ResultsForm(initial={"moment": Moment.HOT}),
        "plot": evolution(by_month) if by_month else "",
        "months": [
            (month_words(each), each.count, mark_words(each.average, 5) if each.average is not None else too_few(each.count))
            for each in reversed(by_month)
        ],
        "page": page_of(request, words(actor, wanted)),
        "reads_words": True,
        "export": f"{reverse('workshops:results-export')}?{query.urlencode()}",
        "export_words": f"{reverse('workshops:words-export')}?{query.urlencode()}",
    }
    return render(request, "workshops/results/all.html", context)


@login_required
@require_http_methods(READ)
def export(request: Request) -> HttpResponse:
    """The figures of the list as a file, a row for each assignment and question."""
    back = reverse("workshops:results")
    return export_page(request, kind="workshops.results", actor=enter_staff(request), organisation=None, back=back)


@login_required
@require_http_methods(READ)
def export_words(request: Request) -> HttpResponse:
    """The free texts of the list as a file."""
    back = reverse("workshops:results")
    return export_page(request, kind="workshops.words", actor=enter_staff(request), organisation=None, back=back)


@login_required
@require_http_methods(READ)
def export_of_assignment(request: Request, pk: int) -> HttpResponse:
    """The figures of the client's assignments that one coordinates."""
    actor, found = enter_assignment(request, pk)
    back = reverse("workshops:results-of-assignment", args=[pk])
    scope = found.order.client_id if actor.acting is not None and actor.acting.role == Role.COORDINATOR else None
    return export_page(request, kind="workshops.results", actor=actor, organisation=scope, back=back)


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """The association's figures for everybody, when the operator says so: averages alone, no text (Qualiopi, indicator 2)."""
    if value_of(RESULTS_PUBLIC) != RESULTS_SHOWN:
        raise Http404
    parts = []
    for moment in Moment:
        shown = _shown(SERVICE, Wanted(moment=moment))
        shown["lines"] = [line for line in shown["lines"] if not line.is_words]
        parts.append((_("Questionnaire %(moment)s") % {"moment": str(moment.label).lower()}, shown))
    return render(request, "workshops/results/public.html", {"parts": parts})
