"""Lost password: a link by e-mail, then a new one (R8)."""

from __future__ import annotations

from allauth.account.internal import flows
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from renfort.jobs.catalogue import LINK_NETWORK, LINK_TYPED
from renfort.jobs.middleware import refused, told, too_late
from renfort.people import services
from renfort.people.forms import AddressForm, PasswordNewForm
from renfort.people.models import Account
from renfort.people.selectors import account_of, account_of_password_key, actor_of_account
from renfort.people.views.arrival import enter


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password_lost(request: HttpRequest) -> HttpResponse:
    """« Mot de passe oublié »: the same answer for every address."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        refusal = refused(request, LINK_TYPED, LINK_NETWORK, typed=address)
        if refusal is None:
            return _send(request, address)
        told(form, refusal)
    page = render(request, "people/password_lost.html", {"form": form}, status=422 if form.errors else 200)
    return page if refusal is None else too_late(page, refusal)


def _send(request: HttpRequest, address: str) -> HttpResponse:
    account = account_of(address)
    if account is not None and account.is_active:
        flows.password_reset.request_password_reset(request, address, [account], None)
    else:
        services.tell_unknown(address)
    request.session["mailbox"] = address
    return redirect("people:check-email")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password_new(request: HttpRequest, uid: str, key: str) -> HttpResponse:
    """The link of the e-mail: who reads the address chooses a password, and is signed in."""
    account = account_of_password_key(uid, key)
    if account is None:
        return render(request, "people/password_dead.html", {"form": AddressForm()}, status=404)
    form = PasswordNewForm(request.POST if request.method == "POST" else None, account=account)
    if request.method == "POST" and form.is_valid():
        _set(account, form.cleaned_data["password1"])
        services.end_sessions(actor=actor_of_account(account), account=account)
        flows.password_reset.finalize_password_reset(request, account, email=account.email)
        messages.success(request, _("Votre mot de passe est changé."))
        return enter(request, account)
    return render(request, "people/password_new.html", {"form": form}, status=422 if form.errors else 200)


def _set(account: Account, password: str) -> None:
    """The link proves that the address is read: an account that waited for it is confirmed too."""
    with transaction.atomic():
        waiting = EmailAddress.objects.filter(user_id=account.pk, email=account.email, verified=False).first()
        if waiting is not None:
            services.confirm(address=waiting, chosen=None)
            account.refresh_from_db()
        flows.password_reset.reset_password(account, password)
