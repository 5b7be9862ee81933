"""The link of an invitation, on any device: say what it is, sign in or sign up, join or decline (R40).

Whoever holds the link reads the invited address: the page may say what it says of that address, and of no other.
"""

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
from renfort.organisations.enums import InvitationState, Role
from renfort.organisations.forms.team import InvitedForm
from renfort.organisations.messages.team import role_sentence
from renfort.organisations.models import Invitation
from renfort.organisations.selectors import invitation_of_token, is_member
from renfort.organisations.services import accept_invitation
from renfort.organisations.services.team import INVITATION_INTENT, decline_invitation, home_in_team
from renfort.organisations.views.invited import signed_up
from renfort.people.models import Account

UNPROCESSABLE, CONFLICT, GONE, NOT_FOUND = 422, 409, 410, 404


def _dead(request: Request, invitation: Invitation | None) -> HttpResponse | None:
    """The page that says why a link opens nothing (any more), or None when it does."""
    if invitation is None:
        why = _("Il est incomplet, ou un lien plus récent vous a été envoyé : ouvrez le dernier message reçu.")
        return render(request, "organisations/invitation/dead.html", {"why": why}, status=NOT_FOUND)
    is_over = invitation.state == InvitationState.EXPIRED or (
        invitation.state == InvitationState.SENT and invitation.expires_at <= timezone.now()
    )
    names = {"person": invitation.invited_by.full_name, "organisation": invitation.organisation.name}
    if invitation.organisation.left_at is not None:
        why = _("%(organisation)s n'est plus sur la plateforme.") % names
    elif is_over:
        why = _("Cette invitation a expiré. Demandez à %(person)s, de %(organisation)s, de vous la renvoyer.") % names
    elif invitation.state == InvitationState.REVOKED:
        why = _("Cette invitation a été retirée par %(organisation)s.") % names
    elif invitation.state == InvitationState.DECLINED:
        why = _("Vous avez décliné cette invitation. Si vous changez d'avis, écrivez à %(person)s, de %(organisation)s.") % names
    elif invitation.state == InvitationState.ACCEPTED:
        why = _("Cette invitation a déjà servi. Connectez-vous avec le compte qui l'a acceptée.")
    else:
        return None
    return render(request, "organisations/invitation/dead.html", {"why": why}, status=GONE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, token: str) -> HttpResponse:
    """What one is invited to. POST joins, with the account that is signed in; opening the link changes nothing."""
    found = invitation_of_token(token)
    mine = request.user.person_id if isinstance(request.user, Account) else 0
    if (
        found is not None
        and mine
        and found.state == InvitationState.ACCEPTED
        and found.person_id == mine
        and is_member(mine, found.organisation_id)
    ):
        return HttpResponseRedirect(home_in_team(found))
    dead = _dead(request, found)
    if dead is not None or found is None:
        return cast(HttpResponse, dead)
    if request.method == "POST":
        return _accept(request, found)
    return _page(request, found, token)


def _accept(request: Request, found: Invitation) -> HttpResponse:
    if not isinstance(request.user, Account):
        return redirect_to_login(request.path, reverse("people:sign-in"))
    try:
        accept_invitation(actor=request.actor, person=request.user.person, invitation=found)
    except Refused as refusal:
        return _page(request, found, request.path.rstrip("/").rpartition("/")[2], refusals=refusal.sentences, status=CONFLICT)
    _welcome(request, found)
    return HttpResponseRedirect(home_in_team(found))


def _page(
    request: Request, found: Invitation, token: str, *, refusals: list[str] | None = None, status: int = 200
) -> HttpResponse:
    account = request.user if isinstance(request.user, Account) else None
    held = is_member(account.person_id, found.organisation_id) if account else ""
    context = {
        "invitation": found,
        "token": token,
        "role": str(Role(found.role).label),
        "role_words": role_sentence(found.role),
        "account": account,
        "is_other": account is not None and account.email != found.email,
        "held": str(Role(held).label) if held else "",
        "home": home_in_team(found) if held else "",
        "refusals": refusals or [],
        "here": reverse("organisations:invitation", args=[token]),
    }
    return render(request, "organisations/invitation/page.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: Request, token: str) -> HttpResponse:
    """An account: at once with the invited address, whose reader has opened the link; with another one, by a link of its own."""
    found = invitation_of_token(token)
    dead = _dead(request, found)
    if dead is not None or found is None:
        return cast(HttpResponse, dead)
    if isinstance(request.user, Account):
        return redirect("organisations:invitation", token)
    form = InvitedForm(request.POST if request.method == "POST" else None, invitation=found)

    def page(status: int) -> HttpResponse:
        context = {"form": form, "invitation": found, "token": token, "here": reverse("organisations:invitation", args=[token])}
        return render(request, "organisations/invitation/sign_up.html", context, status=status)

    return signed_up(request, form, found, intent=INVITATION_INTENT, welcome=lambda: _welcome(request, found), page=page)


def _welcome(request: Request, found: Invitation) -> None:
    names = {"organisation": found.organisation.name, "role": Role(found.role).label}
    messages.success(request, _("Bienvenue dans l'équipe de %(organisation)s ! Votre rôle : %(role)s.") % names)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: Request, token: str) -> HttpResponse:
    """« Décliner l'invitation »: with or without an account; the inviter is told."""
    found = invitation_of_token(token)
    dead = _dead(request, found)
    if dead is not None or found is None:
        return cast(HttpResponse, dead)
    if request.method == "POST":
        person = request.user.person if isinstance(request.user, Account) else None
        decline_invitation(actor=request.actor if person else ANONYMOUS, person=person, invitation=found)
        return render(request, "organisations/invitation/declined.html", {"invitation": found})
    context = {"invitation": found, "here": reverse("organisations:invitation", args=[token])}
    return render(request, "organisations/invitation/decline.html", context)
