"""« Paramètres de compte » with its devices, « Profil », and the language of the site (R7, R8, P8, P11)."""

from __future__ import annotations

from typing import cast

from allauth.account.internal import flows
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from renfort.jobs.catalogue import PASSWORD
from renfort.jobs.middleware import give_back_all, refused, told, too_late
from renfort.kernel.http import Request
from renfort.people import services
from renfort.people.forms import LanguageForm, NewAddressForm, PasswordChangeForm, PasswordNewForm, ProfileForm
from renfort.people.forms.picture import PictureForm
from renfort.people.models import Account
from renfort.people.selectors import MOST_SESSIONS, actor_of_account, identity_of, open_change, open_sessions
from renfort.people.services import identities
from renfort.people.views.arrival import safe_next

YEAR = 365 * 24 * 3600


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Request) -> HttpResponse:
    """« Paramètres de compte » (R8): the password, the address, the devices, the language."""
    holder = cast(Account, request.user)
    form_class = PasswordChangeForm if holder.has_usable_password() else PasswordNewForm
    form = form_class(request.POST if request.method == "POST" else None, account=holder)
    refusal = refused(request, PASSWORD) if request.method == "POST" else None
    if refusal is not None:
        told(form, refusal)
    elif request.method == "POST" and form.is_valid():
        flows.password_change.change_password(holder, form.cleaned_data["password1"])
        flows.password_change.finalize_password_change(request, holder)
        # their sessions ended with the digest of the old password; now they are off the list too
        services.end_sessions(actor=request.actor, account=holder, but=request.session.session_key or "")
        give_back_all(request, PASSWORD)
        messages.success(request, _("Votre mot de passe est changé. Les autres appareils sont déconnectés."))
        return redirect("people:account")
    page = show_account(request, form=form)
    return page if refusal is None else too_late(page, refusal)


def show_account(
    request: Request, *, form: PasswordNewForm | None = None, address_form: NewAddressForm | None = None
) -> HttpResponse:
    """The page with all its forms; the one that was sent comes as it was typed."""
    holder = cast(Account, request.user)
    if form is None:
        form = (PasswordChangeForm if holder.has_usable_password() else PasswordNewForm)(account=holder)
    sessions = list(open_sessions(holder)[: MOST_SESSIONS + 1])
    context = {
        "form": form,
        "address_form": address_form or NewAddressForm(account=holder),
        "change": open_change(holder),
        "language_form": LanguageForm(initial={"language": holder.language}),
        "holder": holder,
        "sessions": sessions[:MOST_SESSIONS],
        "more_sessions": len(sessions) > MOST_SESSIONS,
        "session_key": request.session.session_key,
        "session_days": services.session_lives(),
        "identity": identity_of(holder),
        "provider": identities.identity_provider().name or (_("votre réseau") if settings.IDENTITY.is_on else ""),
    }
    wrong = form.errors or (address_form is not None and address_form.errors)
    return render(request, "people/account.html", context, status=422 if wrong else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Request) -> HttpResponse:
    """« Profil » (R7)."""
    person = cast(Account, request.user).person
    form = profile_form(request)
    if request.method == "POST" and form.is_valid():
        services.edit_person(actor=request.actor, person=person, facts=services.PersonFacts(**form.cleaned_data))
        messages.success(request, _("Vos modifications sont enregistrées."))
        return redirect("people:profile")
    return show_profile(request, form=form)


def profile_form(request: Request, *, sent: bool = True) -> ProfileForm:
    """The form of the profile, as it was sent, or with what is known."""
    person = cast(Account, request.user).person
    known = {name: getattr(person, name) for name in ProfileForm.base_fields}
    data = request.POST if sent and request.method == "POST" else None
    return ProfileForm(data, volunteer=is_volunteer(request), initial=known)


def is_volunteer(request: Request) -> bool:
    """Whether this person has joined the réserve."""
    return request.actor.holds("reserve", "volunteer")


def show_profile(request: Request, *, form: ProfileForm | None = None, picture_form: PictureForm | None = None) -> HttpResponse:
    """The page with both its forms; the one that was sent comes with what is wrong in it."""
    form = form or profile_form(request, sent=False)
    context = {
        "form": form,
        "picture_form": picture_form or PictureForm(),
        "person": cast(Account, request.user).person,
        "volunteer": is_volunteer(request),
    }
    wrong = form.errors or (picture_form is not None and picture_form.errors)
    return render(request, "people/profile.html", context, status=422 if wrong else 200)


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
