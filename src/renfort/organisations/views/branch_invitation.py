"""What a branch does with its network's invitation: by the link, or as an organisation that is here already (R56)."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from renfort.kernel.actors import ANONYMOUS
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request, enter
from renfort.kernel.views import seen_of
from renfort.organisations.enums import InvitationState, Programme, Role, ScopeKind
from renfort.organisations.forms.branches import InvitedBranchForm
from renfort.organisations.models import BranchInvitation
from renfort.organisations.rules import is_branch_in_time
from renfort.organisations.selectors import open_draft
from renfort.organisations.selectors.branches import branch_of_token, branches_visible
from renfort.organisations.services.branches import BRANCH_INTENT, accept_branch, answer_for_organisation, decline_branch
from renfort.organisations.views.invited import signed_up
from renfort.people.models import Account

CONFLICT, GONE, NOT_FOUND = 409, 410, 404
V = InvitationState
VERBS = {"accepter": "accept", "decliner": "decline"}


def _dead(request: Request, found: BranchInvitation | None) -> HttpResponse | None:
    """The page that says why a link opens nothing (any more), or None when it does."""
    if found is None:
        why = _("Il est incomplet, ou un lien plus récent vous a été envoyé : ouvrez le dernier message reçu.")
        return render(request, "organisations/invitation/dead.html", {"why": why}, status=NOT_FOUND)
    names = {"person": found.invited_by.full_name, "network": found.network.label}
    if found.state == V.EXPIRED or (found.state == V.SENT and not is_branch_in_time.holds(found)):
        why = _("Cette invitation a expiré. Demandez à %(person)s, de %(network)s, de vous la renvoyer.") % names
    elif found.state == V.REVOKED:
        why = _("Cette invitation a été retirée par %(network)s.") % names
    elif found.state == V.DECLINED:
        why = _("Cette invitation a été déclinée. Si vous changez d'avis, écrivez à %(person)s, de %(network)s.") % names
    elif found.state == V.ACCEPTED:
        why = _("Cette invitation a déjà servi. Connectez-vous avec le compte qui l'a acceptée.")
    else:
        return None
    return render(request, "organisations/invitation/dead.html", {"why": why}, status=GONE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, token: str) -> HttpResponse:
    """What one is invited to. POST begins the way in, with the account that is signed in; opening the link changes nothing."""
    found = branch_of_token(token)
    mine = request.user.person_id if isinstance(request.user, Account) else 0
    if found is not None and mine and found.state == V.ACCEPTED and found.person_id == mine and found.organisation_id is None:
        return redirect("organisations:open")
    dead = _dead(request, found)
    if dead is not None or found is None:
        return cast(HttpResponse, dead)
    if request.method != "POST":
        return _page(request, found, token)
    if not isinstance(request.user, Account):
        return redirect_to_login(request.path, reverse("people:sign-in"))
    try:
        accept_branch(actor=request.actor, person=request.user.person, invitation=found)
    except Refused as refusal:
        return _page(request, found, token, refusals=refusal.sentences, status=CONFLICT)
    _welcome(request, found)
    return redirect("organisations:open")


def _welcome(request: Request, found: BranchInvitation) -> None:
    names = {"network": found.network.label}
    messages.success(
        request, _("Bienvenue ! %(network)s a déjà rempli ce qu'il sait de votre antenne : relisez, complétez.") % names
    )


def _page(
    request: Request, found: BranchInvitation, token: str, *, refusals: list[str] | None = None, status: int = 200
) -> HttpResponse:
    account = request.user if isinstance(request.user, Account) else None
    draft = open_draft(account.person_id) if account is not None else None
    context = {
        "invitation": found,
        "token": token,
        "account": account,
        "is_other": account is not None and account.email != found.email,
        "described": draft.about.get("name", "") if draft is not None and draft.about else "",
        "refusals": refusals or [],
        "here": reverse("organisations:branch-invitation", args=[token]),
    }
    return render(request, "organisations/branches/invitation.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: Request, token: str) -> HttpResponse:
    """An account: at once with the invited address, whose reader has opened the link; with another one, by a link of its own."""
    found = branch_of_token(token)
    dead = _dead(request, found)
    if dead is not None or found is None:
        return cast(HttpResponse, dead)
    if isinstance(request.user, Account):
        return redirect("organisations:branch-invitation", token)
    form = InvitedBranchForm(request.POST if request.method == "POST" else None, invitation=found)

    def page(status: int) -> HttpResponse:
        context = {"form": form, "invitation": found, "here": reverse("organisations:branch-invitation", args=[token])}
        return render(request, "organisations/branches/sign_up.html", context, status=status)

    return signed_up(request, form, found, intent=BRANCH_INTENT, welcome=lambda: _welcome(request, found), page=page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: Request, token: str) -> HttpResponse:
    """« Décliner l'invitation »: with or without an account; the network is told."""
    found = branch_of_token(token)
    dead = _dead(request, found)
    if dead is not None or found is None:
        return cast(HttpResponse, dead)
    context = {"invitation": found, "here": reverse("organisations:branch-invitation", args=[token]), "is_done": False}
    if request.method == "POST":
        person = request.user.person if isinstance(request.user, Account) else None
        decline_branch(actor=request.actor if person else ANONYMOUS, person=person, invitation=found)
        context["is_done"] = True
    return render(request, "organisations/branches/decline.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, organisation: int, pk: int, path: str) -> HttpResponse:
    """A « responsable » of an organisation that is here already joins the network, or declines."""
    actor = enter(request, Programme.RESERVE, Role.MANAGER, ScopeKind.ORGANISATION, organisation)
    found = branches_visible(actor).filter(pk=pk, asked_id=organisation).select_related("network", "asked", "invited_by").first()
    verb = VERBS.get(path)
    if found is None or verb is None:
        raise Http404
    back = reverse("organisations:own", args=[organisation])
    refusals: list[str] = []
    if request.method == "POST":
        try:
            answer_for_organisation(actor=actor, invitation=found, verb=verb, seen=seen_of(request))
        except Refused as refused:
            refusals = refused.sentences
            found.refresh_from_db()
        else:
            said = _("Votre structure a répondu à %(network)s.") % {"network": found.network.label}
            messages.success(request, said)
            return redirect(back)
    elif found.state != V.SENT or not is_branch_in_time.holds(found):
        refusals = [_("Cette invitation n'attend plus de réponse : « %(state)s ».") % {"state": V(found.state).label}]
    context = {"invitation": found, "joins": verb == "accept", "refusals": refusals, "back": back, "organisation": organisation}
    return render(request, "organisations/branches/answer.html", context, status=CONFLICT if refusals else 200)
