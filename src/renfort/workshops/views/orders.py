"""An order as a contract: change it and its lines, make its convention, note who signed (W11)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.views import seen_of
from renfort.workshops.forms.orders import LineForm, OrderTermsForm, SignatureForm
from renfort.workshops.models import Order
from renfort.workshops.selectors.assignment import order_of
from renfort.workshops.services.closing import convention
from renfort.workshops.services.order_terms import change_line, change_order, sign_order
from renfort.workshops.views.closing import paper_file
from renfort.workshops.views.menus import enter_staff

UNPROCESSABLE, CONFLICT = 422, 409
READ = ["GET", "HEAD", "POST"]


def _order_or_404(pk: int) -> Order:
    found = order_of(pk)
    if found is None:
        raise Http404
    return found


def _say(form: Any, refused: Refused) -> int:
    for sentence in refused.sentences:
        form.add_error(None, sentence)
    return CONFLICT


def _form(request: Request, order: Order, form: Any, title: str, status: int, *, seen: int = 0) -> HttpResponse:
    context = {
        "form": form, "title": title, "button": _("Enregistrer"), "seen": seen,
        "lead": f"{order.title} · {order.client.organisation.name}", "back": reverse("workshops:order", args=[order.pk]),
    }  # fmt: skip
    return render(request, "workshops/form.html", context, status=status)


@login_required
@require_http_methods(READ)
def order_edit(request: Request, pk: int) -> HttpResponse:
    """« Modifier la commande »."""
    actor = enter_staff(request)
    order = _order_or_404(pk)
    form, status = OrderTermsForm.of(order), 200
    if request.method == "POST":
        form, status = OrderTermsForm.of(order, request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                change_order(actor=actor, order=order, facts=form.facts(), seen=seen_of(request))
            except Refused as refused:
                status = _say(form, refused)
            else:
                messages.success(request, _("Commande modifiée."))
                return redirect("workshops:order", pk)
    return _form(request, order, form, _("Modifier la commande"), status, seen=order.version)


@login_required
@require_http_methods(READ)
def line_edit(request: Request, pk: int, line: int) -> HttpResponse:
    """« Modifier » a line."""
    actor = enter_staff(request)
    order = _order_or_404(pk)
    found = order.lines.filter(pk=line).first()
    if found is None:
        raise Http404
    form, status = LineForm.of(found), 200
    if request.method == "POST":
        form, status = LineForm.of(found, request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                change_line(actor=actor, order=order, number=line, facts=form.facts())
            except Refused as refused:
                status = _say(form, refused)
            else:
                messages.success(request, _("Ligne modifiée."))
                return redirect("workshops:order", pk)
    return _form(request, order, form, _("Modifier la ligne"), status)


@login_required
@require_http_methods(READ)
def order_sign(request: Request, pk: int) -> HttpResponse:
    """« Convention signée »: the day and the name; or take the signature off."""
    actor = enter_staff(request)
    order = _order_or_404(pk)
    form, status = SignatureForm(initial={"signed_on": order.signed_on, "signed_by": order.signed_by}), 200
    if request.method == "POST":
        is_off = request.POST.get("faire") == "retirer"
        form, status = SignatureForm(request.POST), UNPROCESSABLE
        if is_off or form.is_valid():
            said = {"signed_on": None, "signed_by": ""} if is_off else form.cleaned_data
            try:
                sign_order(actor=actor, order=order, **said)
            except Refused as refused:
                if is_off:
                    messages.error(request, str(refused))
                    return redirect("workshops:order", pk)
                status = _say(form, refused)
            else:
                messages.success(request, _("Signature retirée.") if is_off else _("Signature notée."))
                return redirect("workshops:order", pk)
    return _form(request, order, form, _("Convention signée"), status)


@login_required
@require_POST
def order_convention(request: Request, pk: int) -> HttpResponseBase:
    """« Convention (PDF) » of the order as it stands."""
    actor = enter_staff(request)
    order = _order_or_404(pk)
    try:
        return paper_file(convention(actor=actor, order=order))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("workshops:order", pk)
