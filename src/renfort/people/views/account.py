"""« Paramètres de compte », « Profil », and the language of the site (R7, R8, P8)."""

from __future__ import annotations

from typing import cast

from allauth.account.internal import flows
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from renfort.kernel.http import Request
from renfort.people import services
from renfort.people.forms import LanguageForm, PasswordChangeForm, PasswordNewForm, ProfileForm
from renfort.people.models import Account
from renfort.people.selectors import actor_of_account
from renfort.people.views.arrival import safe_next

YEAR = 365 * 24 * 3600


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """« Paramètres de compte » (R8): the password, the address, the language."""
    holder = cast(Account, request.user)
    form_class = PasswordChangeForm if holder.has_usable_password() else PasswordNewForm
    form = form_class(request.POST if request.method == "POST" else None, account=holder)
    if request.method == "POST":
        limited: HttpResponse | None = ratelimit.consume_or_429(request, action="change_password", user=holder)
        if limited is not None:
            return limited
        if form.is_valid():
            flows.password_change.change_password(holder, form.cleaned_data["password1"])
            flows.password_change.finalize_password_change(request, holder)
            messages.success(request, _("Votre mot de passe est changé."))
            return redirect("people:account")
    context = {"form": form, "language_form": LanguageForm(initial={"language": holder.language}), "holder": holder}
    return render(request, "people/account.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Request) -> HttpResponse:
    """« Profil » (R7)."""
    person = cast(Account, request.user).person
    volunteer = request.actor.holds("reserve", "volunteer")
    known = {name: getattr(person, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST if request.method == "POST" else None, volunteer=volunteer, initial=known)
    if request.method == "POST" and form.is_valid():
        services.edit_person(actor=request.actor, person=person, facts=services.PersonFacts(**form.cleaned_data))
        messages.success(request, _("Vos modifications sont enregistrées."))
        return redirect("people:profile")
    context = {"form": form, "person": person, "volunteer": volunteer}
    return render(request, "people/profile.html", context, status=422 if form.errors else 200)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language: kept on the account when signed in, in a cookie too (it outlives the session)."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        raise BadRequest(_("Cette langue n'est pas proposée."))
    chosen = form.cleaned_data["language"]
    if isinstance(request.user, Account):
        services.set_language(actor=actor_of_account(request.user), account=request.user, language=chosen)
    response = HttpResponseRedirect(safe_next(request) or "/")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
    )
    return response
