"""The page after sign-up, and the link of the e-mail (R3, R8)."""

from __future__ import annotations

from allauth.account.internal import flows
from allauth.account.models import EmailAddress, Login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from renfort.jobs.catalogue import LINK_NETWORK
from renfort.jobs.middleware import refused, told, too_late
from renfort.people import services
from renfort.people.forms import AddressForm
from renfort.people.models import Account
from renfort.people.selectors import address_of_key, last_result, open_intents
from renfort.people.views.arrival import arrive, home
from renfort.people.views.sign_up import ask_again


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_email(request: HttpRequest) -> HttpResponse:
    """« Consultez vos e-mails »: the same words for every address; POST asks for a new link."""
    mailbox = request.session.get("mailbox", "")
    form = AddressForm(request.POST if request.method == "POST" else None, initial={"email": mailbox})
    refusal = None
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["email"]
        refusal = refused(request, LINK_NETWORK)
        if refusal is None:
            request.session["mailbox"] = typed
            ask_again(request, typed)
            messages.success(request, _("Si cette adresse est inscrite, un nouveau lien lui a été envoyé."))
            return redirect("people:check-email")
        told(form, refusal)
    context = {"form": form, "mailbox": mailbox, "mailbox_url": _mailbox_url()}
    page = render(request, "people/check_email.html", context, status=422 if form.errors else 200)
    return page if refusal is None else too_late(page, refusal)


def _mailbox_url() -> str:
    """Where the demonstration shows the e-mail (design decision 7); elsewhere an address that was only typed proves nothing."""
    if not settings.DEMO:
        return ""
    try:
        return reverse("notifications:mailbox")
    except NoReverseMatch:
        return ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """The link of the e-mail. Opening it changes nothing (mail servers open links); the button confirms, once."""
    address = address_of_key(key)
    if address is None:
        context = {"form": AddressForm(initial={"email": request.session.get("mailbox", "")})}
        return render(request, "people/link_dead.html", context, status=404)
    account: Account = address.user
    if address.verified and (account.has_usable_password() or request.user.pk == account.pk):
        return _already(request, account)
    if request.method == "POST":
        return _open(request, address)
    wishes = [intent.label for intent in open_intents(account.email) if intent.label]
    other = request.user.email if isinstance(request.user, Account) and request.user.pk != account.pk else ""
    return render(request, "people/confirm.html", {"address": account.email, "wishes": wishes, "other": other})


def _open(request: HttpRequest, address: EmailAddress) -> HttpResponse:
    chosen = services.SignUp.of(request.session, address.email)
    if chosen is not None:
        services.keep_wish(request.session, address=address.email)
    confirmed = services.confirm(address=address, chosen=chosen)
    if confirmed is None:
        return _already(request, address.user)
    account = confirmed.account
    response: HttpResponse = flows.login.perform_login(request, Login(user=account, email=account.email))
    if not request.user.is_authenticated:
        return response
    request.session.pop(services.accounts.SIGNED_UP, None)
    if account.has_usable_password():
        messages.success(request, _("Votre adresse est confirmée. Bienvenue !"))
    else:
        messages.warning(
            request,
            _(
                "Votre adresse est confirmée. Choisissez un mot de passe dans « Paramètres de compte » : "
                "celui qui a été tapé sur un autre appareil n'est pas gardé, pour votre sécurité."
            ),
        )
    return HttpResponseRedirect(arrive(request, account, first=confirmed.performed, next_url=last_result(account.email)))


def _already(request: HttpRequest, account: Account) -> HttpResponse:
    """Opened before: who is signed in is led to the same result, anybody else to sign-in."""
    result = last_result(account.email)
    if request.user.is_authenticated and request.user.pk == account.pk:
        return HttpResponseRedirect(result or home(account))
    return render(request, "people/already_confirmed.html", {"next": result})
