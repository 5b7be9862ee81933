"""The link of an invitation to be referent, on any device: say what it is, sign in or sign up, accept or decline (R50, R65)."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from renfort.kernel.actors import ANONYMOUS
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.organisations.enums import InvitationState
from renfort.organisations.forms.referents import InvitedReferentForm
from renfort.organisations.messages.referents import period, where_words
from renfort.organisations.models import ReferentInvitation
from renfort.organisations.rules import is_in_time, is_lent_still
from renfort.organisations.selectors.referents import referent_invitation_of_token
from renfort.organisations.services.referents import HOME, REFERENT_INTENT, accept_referent, decline_referent
from renfort.organisations.views.invited import signed_up
from renfort.people.models import Account

UNPROCESSABLE, CONFLICT, GONE, NOT_FOUND = 422, 409, 410, 404


def _dead(request: Request, found: ReferentInvitation | None) -> HttpResponse | None:
    """The page that says why a link opens nothing (any more), or None when it does."""
    if found is None:
        why = _("Il est incomplet, ou un lien plus récent vous a été envoyé : ouvrez le dernier message reçu.")
        return render(request, "organisations/invitation/dead.html", {"why": why}, status=NOT_FOUND)
    names = {"person": found.invited_by.full_name}
    if found.state == InvitationState.REVOKED:
        why = _("Cette invitation a été retirée par %(person)s.") % names
    elif found.state == InvitationState.DECLINED:
        why = _("Vous avez décliné cette invitation. Si vous changez d'avis, écrivez à %(person)s.") % names
    elif found.state == InvitationState.ACCEPTED:
        why = _("Cette invitation a déjà servi. Connectez-vous avec le compte qui l'a acceptée.")
    elif found.state == InvitationState.EXPIRED or not is_in_time.holds(found):
        why = _("Cette invitation a expiré. Demandez à %(person)s de vous la renvoyer.") % names
    elif not is_lent_still.holds(found):
        why = str(is_lent_still.refusal)
    else:
        return None
    return render(request, "organisations/invitation/dead.html", {"why": why}, status=GONE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, token: str) -> HttpResponse:
    """What one is invited to. POST accepts, with the account that is signed in; opening the link changes nothing."""
    found = referent_invitation_of_token(token)
    mine = request.user.person_id if isinstance(request.user, Account) else 0
    if found is not None and mine and found.state == InvitationState.ACCEPTED and found.person_id == mine:
        return redirect("portal:space")
    dead = _dead(request, found)
    if dead is not None or found is None:
        return cast(HttpResponse, dead)
    if request.method != "POST":
        return _page(request, found, token)
    if not isinstance(request.user, Account):
        return redirect_to_login(request.path, reverse("people:sign-in"))
    try:
        accept_referent(actor=request.actor, person=request.user.person, invitation=found)
    except Refused as refusal:
        return _page(request, found, token, refusals=refusal.sentences, status=CONFLICT)
    return _arrived(request, found)


def _arrived(request: Request, found: ReferentInvitation) -> HttpResponse:
    _welcome(request, found)
    if found.delegation is not None and found.delegation.starts_at > timezone.now():
        return redirect("portal:space")  # nothing to see yet
    return HttpResponseRedirect(HOME)


def _welcome(request: Request, found: ReferentInvitation) -> None:
    if found.delegation is not None:
        messages.success(request, _("C'est entendu : vous remplacez %(person)s %(period)s.") % {
            "person": found.invited_by.full_name, "period": period(found.delegation)})  # fmt: skip
    else:
        messages.success(request, _("Bienvenue ! Vous êtes référent : %(where)s.") % {"where": where_words(found)})


def _page(
    request: Request, found: ReferentInvitation, token: str, *, refusals: list[str] | None = None, status: int = 200
) -> HttpResponse:
    account = request.user if isinstance(request.user, Account) else None
    context = {
        "invitation": found,
        "token": token,
        "where": where_words(found),
        "period": period(found.delegation) if found.delegation is not None else "",
        "account": account,
        "is_other": account is not None and account.email != found.email,
        "refusals": refusals or [],
        "here": reverse("organisations:referent-invitation", args=[token]),
    }
    return render(request, "organisations/referents/invitation.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: Request, token: str) -> HttpResponse:
    """An account: at once with the invited address, whose reader has opened the link; with another one, by a link of its own."""
    found = referent_invitation_of_token(token)
    dead = _dead(request, found)
    if dead is not None or found is None:
        return cast(HttpResponse, dead)
    if isinstance(request.user, Account):
        return redirect("organisations:referent-invitation", token)
    form = InvitedReferentForm(request.POST if request.method == "POST" else None, invitation=found)

    def page(status: int) -> HttpResponse:
        here = reverse("organisations:referent-invitation", args=[token])
        context = {"form": form, "where": where_words(found), "here": here}
        return render(request, "organisations/referents/sign_up.html", context, status=status)

    return signed_up(request, form, found, intent=REFERENT_INTENT, welcome=lambda: _welcome(request, found), page=page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: Request, token: str) -> HttpResponse:
    """« Décliner l'invitation »: with or without an account; the inviter is told."""
    found = referent_invitation_of_token(token)
    dead = _dead(request, found)
    if dead is not None or found is None:
        return cast(HttpResponse, dead)
    context = {"invitation": found, "here": reverse("organisations:referent-invitation", args=[token]), "is_done": False}
    if request.method == "POST":
        person = request.user.person if isinstance(request.user, Account) else None
        decline_referent(actor=request.actor if person else ANONYMOUS, person=person, invitation=found)
        context["is_done"] = True
    return render(request, "organisations/referents/decline.html", context)
