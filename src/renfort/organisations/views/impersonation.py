"""Acting as somebody: begin, end, and who reads it afterwards (P10)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import LAST_ROLE, Request
from renfort.organisations.selectors.impersonation import IMPERSONATION, all_impersonations, impersonations_of
from renfort.organisations.services.impersonation import SHORTEST, end_impersonation, start_impersonation
from renfort.organisations.views.operator import enter_operator
from renfort.people.models import Person

PAGE = 20
UNPROCESSABLE = 422


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Pourquoi agissez-vous à sa place ?"),
        help_text=gettext_lazy(
            "Par exemple : « Appel du 22 novembre, ne parvient pas à répondre à une proposition. » La personne le lira."
        ),
        min_length=SHORTEST,
        max_length=300,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def impersonation_start(request: Request, pk: int) -> HttpResponse:
    """Say why, then act as this person."""
    actor = enter_operator(request)
    person = Person.objects.filter(pk=pk).first()
    if person is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = start_impersonation(actor=actor, person=person, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error("reason", str(refusal))
        else:
            request.session[IMPERSONATION] = row.pk
            request.session.pop(LAST_ROLE, None)
            return redirect("portal:space")
    context = {"form": form, "person": person}
    return render(
        request, "organisations/operator/impersonation_start.html", context, status=UNPROCESSABLE if form.errors else 200
    )


@login_required
@require_POST
def impersonation_end(request: Request) -> HttpResponse:
    """Be oneself again."""
    row = request.impersonation
    if row is None:
        raise Http404
    end_impersonation(actor=Actor(kind="person", person_id=row.operator_id), row=row)
    request.session.pop(IMPERSONATION, None)
    request.session.pop(LAST_ROLE, None)
    messages.success(request, _("Vous agissez de nouveau en votre nom."))
    return redirect("organisations:impersonations")


@login_required
@require_safe
def impersonations(request: Request) -> HttpResponse:
    """Every time, for the operators."""
    enter_operator(request)
    page = Paginator(all_impersonations(), PAGE).get_page(request.GET.get("page"))
    return render(request, "organisations/operator/impersonations.html", {"page": page})


@login_required
@require_safe
def impersonation_mine(request: Request) -> HttpResponse:
    """Every time that an operator acted as the reader: when, who, why."""
    page: Any = Paginator(impersonations_of(request.actor.person_id or 0), PAGE).get_page(request.GET.get("page"))
    return render(request, "organisations/impersonation_mine.html", {"page": page})
