"""A facilitator's own « Coordonnées de paiement » (W11)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.views import seen_of
from renfort.workshops.components import euros
from renfort.workshops.forms.payees import PayeeForm
from renfort.workshops.selectors.payees import mandate_of, payee_of
from renfort.workshops.selectors.transfers import payments_under_way
from renfort.workshops.services.payees import accept_mandate, end_mandate, mandate_text, save_details
from renfort.workshops.views.menus import enter_facilitator

UNPROCESSABLE, CONFLICT = 422, 409


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def payee(request: Request) -> HttpResponse:
    """Account, company, mandate. The account number is shown masked, and typed anew to change it."""
    actor = enter_facilitator(request)
    known = payee_of(actor, actor.person_id or 0)
    form, status = PayeeForm(known=known), 200
    if request.method == "POST":
        form, status = PayeeForm(request.POST, known=known), UNPROCESSABLE
        if form.is_valid():
            try:
                save_details(actor=actor, facts=form.facts(), seen=seen_of(request) or 0)
            except Refused as refused:
                form.add_error(None, str(refused))
                status = CONFLICT
            else:
                messages.success(request, _("Vos coordonnées sont enregistrées. Un e-mail vous le confirme."))
                return redirect("workshops:payee")
    context = {
        "form": form,
        "known": known,
        "mandate": mandate_of(actor.person_id or 0),
        "text": mandate_text(),
        "under_way": [(euros(each.amount), each) for each in payments_under_way(actor.person_id or 0)],
    }
    return render(request, "workshops/money/payee.html", context, status=status)


@login_required
@require_POST
def mandate(request: Request) -> HttpResponse:
    """« J'accepte le mandat » and « Mettre fin au mandat »."""
    actor = enter_facilitator(request)
    if request.POST.get("faire") == "retirer":
        if end_mandate(actor=actor):
            messages.success(request, _("Le mandat a pris fin : vous enverrez vous-même vos factures."))
        return redirect("workshops:payee")
    if request.POST.get("accord") != "oui":
        messages.error(request, _("Cochez la case pour accepter le mandat."))
        return redirect("workshops:payee")
    try:
        accept_mandate(actor=actor)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Mandat accepté : vos factures seront établies pour vous."))
    return redirect("workshops:payee")
