"""The page where an organisation begins (R2)."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from renfort.jobs.services import once
from renfort.kernel.http import Request
from renfort.organisations.forms import OrganisationForm
from renfort.organisations.services import OrganisationFacts, open_organisation
from renfort.people.models import Account


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_page(request: Request) -> HttpResponse:
    """One page to register an organisation; its author becomes its first manager and goes straight to the first mission."""
    account = cast(Account, request.user)
    form = OrganisationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        facts = form.facts()
        url = once(form.cleaned_data["form_token"], owner=str(account.pk), make=lambda: _open(request, account, facts))
        messages.success(request, _("Bravo, votre structure est inscrite ! Proposez maintenant votre première mission."))
        return HttpResponseRedirect(url)
    return render(request, "organisations/open.html", {"form": form}, status=422 if form.errors else 200)


def _open(request: Request, account: Account, facts: OrganisationFacts) -> str:
    organisation = open_organisation(actor=request.actor, person=account.person, facts=facts)
    return f"/espace/{organisation.pk}/missions/nouvelle/"  # missions stand above: their address is written, not asked
