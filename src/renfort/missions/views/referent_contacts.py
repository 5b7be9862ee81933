"""« Voir les coordonnées »: a referent says why first (R37)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from renfort.kernel.firing import NotAllowed
from renfort.kernel.http import Request
from renfort.missions.forms.purpose import PurposeForm
from renfort.missions.rules import may_reach
from renfort.missions.services.accesses import ask_contact
from renfort.missions.views.referent import participation_or_404
from renfort.organisations.views.territory import enter_referent

UNPROCESSABLE = 422


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Request, pk: int) -> HttpResponse:
    """Why, in a choice and a few words; then the participation's page, with the contact data for a day."""
    actor = enter_referent(request)
    participation = participation_or_404(actor, pk)
    if not may_reach(actor, participation):
        raise NotAllowed(_("Ces coordonnées ne sont pas, ou plus, visibles pour vous."))
    form = PurposeForm(request.POST if request.method == "POST" else None)
    back = reverse("missions:referent-participation", args=[pk])
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        ask_contact(actor=actor, participation=participation, purpose=said["purpose"], words=said["words"])
        messages.success(request, _("Les coordonnées sont visibles pendant 24 heures. La personne le lit dans son espace."))
        return redirect(back)
    context = {"form": form, "participation": participation, "back": back}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "missions/referent/contact.html", context, status=status)
