"""Another address to sign in with: asked for on « Paramètres de compte », done by the link of the e-mail (R8)."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from renfort.jobs.catalogue import NEW_ADDRESS, PASSWORD
from renfort.jobs.middleware import give_back_all, refused, told, too_late
from renfort.kernel.http import Request
from renfort.people import services
from renfort.people.forms import NewAddressForm
from renfort.people.models import Account
from renfort.people.selectors import change_of_back_key, change_of_key, password_key
from renfort.people.views.account import show_account

CONFLICT = 409


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def address_new(request: Request) -> HttpResponse:
    """Send the link to the new address; the page says the same whether another account has it or not."""
    holder = cast(Account, request.user)
    if request.method != "POST" or not holder.has_usable_password():
        return redirect("people:account")
    form = NewAddressForm(request.POST, account=holder)
    refusal = refused(request, PASSWORD)
    if refusal is None and form.is_valid():
        give_back_all(request, PASSWORD)
        refusal = refused(request, NEW_ADDRESS)
        if refusal is None:
            services.ask_address(actor=request.actor, account=holder, address=form.cleaned_data["email"])
            messages.success(request, _("Ouvrez le lien envoyé à la nouvelle adresse : rien ne change avant."))
            return redirect("people:account")
    if refusal is not None:
        told(form, refusal)
    page = show_account(request, address_form=form)
    return page if refusal is None else too_late(page, refusal)


@login_required
@require_POST
def address_drop(request: Request) -> HttpResponse:
    """Give the change up."""
    services.drop_address(actor=request.actor, account=cast(Account, request.user))
    messages.success(request, _("La demande est annulée : votre adresse ne change pas."))
    return redirect("people:account")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address_confirm(request: HttpRequest, key: str) -> HttpResponse:
    """The link of the e-mail, on any device. Opening it changes nothing (mail servers open links); the button does, once."""
    change = change_of_key(key)
    if change is None:
        return render(request, "people/address_dead.html", status=404)
    is_own = request.user.is_authenticated and request.user.pk == change.account_id
    if request.method == "POST" and change.done_at is None:
        try:
            services.change_address(key=key)
        except services.AddressTaken as taken:
            return render(request, "people/address_confirm.html", {"change": change, "refusal": str(taken)}, status=CONFLICT)
        except services.LinkDead:
            return render(request, "people/address_dead.html", status=404)
        messages.success(request, _("Votre adresse a changé. Connectez-vous désormais avec elle."))
        return redirect("people:account" if is_own else "people:sign-in")
    if change.done_at is not None:
        return redirect("people:account") if is_own else render(request, "people/address_done.html")
    return render(request, "people/address_confirm.html", {"change": change, "refusal": ""})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address_back(request: HttpRequest, key: str) -> HttpResponse:
    """« Ce n'était pas moi »: the reader of the former address takes the account back and chooses a password."""
    change = change_of_back_key(key)
    if change is None:
        return render(request, "people/address_dead.html", status=404)
    if request.method == "POST":
        try:
            account = services.take_address_back(key=key)
        except services.AddressTaken as taken:
            return render(request, "people/address_back.html", {"change": change, "refusal": str(taken)}, status=CONFLICT)
        except services.LinkDead:
            return render(request, "people/address_dead.html", status=404)
        messages.success(request, _("Votre compte a retrouvé son adresse. Choisissez maintenant un nouveau mot de passe."))
        return HttpResponseRedirect(_password_page(account))
    return render(request, "people/address_back.html", {"change": change, "refusal": ""})


def _password_page(account: Account) -> str:
    return reverse("people:password-new", args=password_key(account))
