"""The account of somebody who was invited, whatever the invitation is for (R40, R50)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid5

from allauth.account.models import EmailAddress
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from renfort.jobs.catalogue import SIGN_UP
from renfort.jobs.middleware import refused, told, too_late
from renfort.jobs.services import once
from renfort.kernel.actors import ANONYMOUS
from renfort.kernel.http import Request
from renfort.organisations.models import BranchInvitation, Invitation, ReferentInvitation
from renfort.people import services
from renfort.people.views.arrival import enter
from renfort.people.views.sign_up import begin

UNPROCESSABLE, CONFLICT = 422, 409


def signed_up(
    request: Request,
    form: forms.Form,
    found: Invitation | ReferentInvitation | BranchInvitation,
    *,
    intent: str,
    welcome: Callable[[], Any],
    page: Callable[[int], HttpResponse],
) -> HttpResponse:
    """Make the account that the form asks for: at once with the invited address, whose reader has opened the link; with another
    one, by a link of its own. Signing in does the rest, on this device or on the one where the other address is confirmed.

    Args:
        intent: what is done when the address is confirmed, by ``people.intent.confirmed``.
        welcome: says what one is now, once it is done.
        page: the form again, with this status.
    """
    if request.method != "POST" or not form.is_valid():
        return page(UNPROCESSABLE if form.errors else 200)
    if (refusal := refused(request, SIGN_UP)) is not None:
        told(form, refusal)
        return too_late(page(200), refusal)
    data = form.cleaned_data
    facts = services.SignUp(
        address=data["email"],
        first_name=data["first_name"],
        last_name=data["last_name"],
        password=make_password(data["password1"]),
        joins="",
        language=(get_language() or "fr")[:2],
    )
    services.remember(request.session, intent, {"invitation": found.pk}, "", request.path)
    if facts.address != found.email:
        facts.keep(request.session)
        request.session["mailbox"] = facts.address
        token = uuid5(data["form_token"], facts.address)
        return HttpResponseRedirect(once(token, owner="", make=lambda: begin(request, facts)))
    account = services.sign_up(actor=ANONYMOUS, facts=facts)
    confirmed = account and services.confirm(
        address=EmailAddress.objects.get(user_id=account.pk, email=account.email), chosen=facts
    )
    if not confirmed:
        services.forget_wish(request.session)
        form.add_error("email", _("Cette adresse a déjà un compte : connectez-vous plutôt, l'invitation vous attend."))
        return page(CONFLICT)
    welcome()
    return enter(request, confirmed.account)
