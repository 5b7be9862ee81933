"""The link of the first access, on any device (S1): say whose it is; a password, or the network's identity provider."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from renfort.civic_service.forms.access import FirstAccessForm
from renfort.civic_service.models import AccessInvitation
from renfort.civic_service.selectors.access import access_of_token
from renfort.civic_service.services.access import LinkOver, open_access, usable_access
from renfort.jobs.catalogue import SIGN_UP
from renfort.jobs.middleware import refused, told, too_late
from renfort.kernel.http import Request
from renfort.people.models import Account
from renfort.people.services import AddressTaken
from renfort.people.services.identities import identity_provider
from renfort.people.views.arrival import enter

UNPROCESSABLE, CONFLICT, GONE, NOT_FOUND = 422, 409, 410, 404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def access(request: Request, token: str) -> HttpResponse:
    """Opening the link changes nothing (mail servers open links); the form opens the account, once."""
    try:
        found = usable_access(token)
    except LinkOver as over:
        return _over(request, token, str(over))
    if isinstance(request.user, Account):
        if request.user.person_id == found.person_id:
            return redirect("portal:space")
        return _page(request, found, token, status=CONFLICT if request.method == "POST" else 200)
    form = FirstAccessForm(request.POST if request.method == "POST" else None, person=found.person, email=found.email)
    refusal = None
    if request.method == "POST" and form.is_valid():
        refusal = refused(request, SIGN_UP)
        if refusal is None:
            return _open(request, found, token, form)
        told(form, refusal)
    page = _page(request, found, token, form=form, status=UNPROCESSABLE if form.errors else 200)
    return page if refusal is None else too_late(page, refusal)


def _open(request: Request, found: AccessInvitation, token: str, form: FirstAccessForm) -> HttpResponse:
    language = (get_language() or "fr")[:2]
    try:
        account = open_access(token=token, password=form.cleaned_data["password1"], language=language)
    except LinkOver as over:
        return _over(request, token, str(over))
    except AddressTaken as taken:
        form.add_error(None, str(taken))
        return _page(request, found, token, form=form, status=CONFLICT)
    messages.success(request, _("Votre accès est ouvert. Bienvenue !"))
    return enter(request, account)


def _over(request: Request, token: str, why: str) -> HttpResponse:
    status = NOT_FOUND if access_of_token(token) is None else GONE
    return render(request, "civic_service/access/over.html", {"why": why}, status=status)


def _page(
    request: Request, found: AccessInvitation, token: str, *, form: FirstAccessForm | None = None, status: int = 200
) -> HttpResponse:
    provider = identity_provider()
    context = {
        "has_provider": provider.is_on,
        "provider": provider.name,
        "invitation": found,
        "token": token,
        "form": form,
        "account": request.user if isinstance(request.user, Account) else None,
    }
    return render(request, "civic_service/access/page.html", context, status=status)
