"""« Délégations » and « Mon absence »: what referents lend one another, seen by all concerned (R65)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from renfort.jobs.services import once
from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.views import act
from renfort.organisations.components import delegation_badge, referent_invitation_rows
from renfort.organisations.enums import DelegationState
from renfort.organisations.forms.referents import AbsenceForm, DelegationForm
from renfort.organisations.messages.referents import period
from renfort.organisations.models import Delegation, Referent
from renfort.organisations.rules import is_referent
from renfort.organisations.selectors.delegable import delegable_domains
from renfort.organisations.selectors.perimeter import places_of
from renfort.organisations.selectors.referents import (
    delegations_visible,
    own_departments,
    referent_invitations_visible,
    referents,
    standing,
)
from renfort.organisations.services.delegations import delegate
from renfort.organisations.services.referents import say_absence
from renfort.organisations.views.territory import enter_overseer, enter_referent
from renfort.organisations.workflow import DELEGATION, REFERENT_INVITATION
from renfort.territories.selectors import departments_in_words

UNPROCESSABLE, CONFLICT = 422, 409
SHOWN = 200  # the newest; those in force come first
D = DelegationState


@login_required
@require_safe
def delegation_list(request: Request) -> HttpResponse:
    """Every delegation in force or to come that concerns the reader, then those that are over; the operator sees all."""
    actor, now = enter_overseer(request), timezone.now()
    found = delegations_visible(actor).select_related("giver", "receiver").order_by("-id")[:SHOWN]
    in_force = (D.RUNNING, D.PLANNED)
    rows = [(each, standing(each, now)) for each in found]
    rows.sort(key=lambda row: in_force.index(DelegationState(row[1])) if row[1] in in_force else len(in_force))
    waiting = referent_invitations_visible(actor).filter(delegation__in=[each.pk for each, _state in rows]).order_by("-id")
    invited = {each.delegation_id: each for each in waiting.select_related("invited_by", "region", "delegation")}
    domains = dict(delegable_domains())
    mine = own_departments(actor.person_id or 0) if is_referent(actor) else []
    context = {
        "rows": [_row(each, actor, domains, invited.get(each.pk)) for each, state in rows if state in in_force],
        "former": [_row(each, actor, domains, invited.get(each.pk)) for each, state in rows if state not in in_force],
        "can_delegate": bool(mine),
    }
    return render(request, "organisations/referents/delegations.html", context)


def _row(each: Delegation, actor: Actor, domains: dict[int, str], invitation: Any) -> dict[str, Any]:
    url = reverse("organisations:delegations")
    actions = [a for a in actions_of(DELEGATION, each, actor, lambda path: f"{url}{each.pk}/{path}/") if not a.refusals]
    if invitation is not None and each.receiver is None:
        rows = referent_invitation_rows([invitation], actor, lambda pk, path: f"{url}invitations/{pk}/{path}/")
        actions += [action for action in rows[0][3] if action.name == "resend"]
    return {
        "delegation": each,
        "giver": each.giver.full_name,
        "receiver": each.receiver.full_name if each.receiver is not None else "",
        "invited": invitation.full_name if invitation is not None else "",
        "where": departments_in_words(each.departments),
        "domains": ", ".join(domains.get(pk, "–") for pk in each.domains),
        "period": period(each),
        "badge": delegation_badge(each, timezone.now()),
        "actions": actions,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_new(request: Request) -> HttpResponse:
    """« Déléguer »: which part, when, to whom; e-mails leave at once, at the start and at the end."""
    actor = enter_referent(request)
    codes = own_departments(actor.person_id or 0)
    if not codes:
        raise Http404  # who only stands in for somebody lends nothing on
    others = [each for each in referents() if each.person_id != actor.person_id]
    form = DelegationForm(
        request.POST if request.method == "POST" else None, codes=codes, domains=delegable_domains(), colleagues=others,
        places=places_of(each.person_id for each in others),
    )  # fmt: skip
    back = reverse("organisations:delegations")
    status = 200
    if request.method == "POST" and form.is_valid():
        facts = form.facts()

        def make() -> str:
            delegate(actor=actor, facts=facts)
            return back

        try:
            once(form.cleaned_data["form_token"], owner=str(request.user.pk), make=make)
        except Refused as refused:
            for sentence in refused.sentences:
                form.add_error(None, sentence)
            status = CONFLICT
        else:
            messages.success(request, _("La délégation est enregistrée : elle commence et finit toute seule."))
            return redirect(back)
    elif form.errors:
        status = UNPROCESSABLE
    return render(request, "organisations/referents/delegate.html", {"form": form}, status=status)


@login_required
def delegation_act(request: Request, pk: int, path: str) -> HttpResponse:
    """« Retirer la délégation »."""
    actor = enter_overseer(request)
    found = delegations_visible(actor).filter(pk=pk).select_related("giver", "receiver").first()
    title = departments_in_words(found.departments) if found else ""
    return act(request, DELEGATION, found, path, actor=actor, title=title, back=reverse("organisations:delegations"))


@login_required
def delegation_invitation_act(request: Request, pk: int, path: str) -> HttpResponse:
    """Send the link of somebody who stands in again, or withdraw it."""
    actor = enter_overseer(request)
    visible = referent_invitations_visible(actor).filter(pk=pk, delegation__isnull=False)
    found = visible.select_related("invited_by", "region", "delegation").first()
    title = f"{found.full_name} · {found.email}" if found else ""
    return act(request, REFERENT_INVITATION, found, path, actor=actor, title=title, back=reverse("organisations:delegations"))


def _mine(actor: Actor) -> Referent:
    found = referents().filter(person_id=actor.person_id or 0).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: Request) -> HttpResponse:
    """« Mon absence »: shown to organisations where they look for whom to ask."""
    actor = enter_referent(request)
    mine = _mine(actor)
    others = [each for each in referents() if each.person_id != actor.person_id]
    form = AbsenceForm(
        request.POST if request.method == "POST" else None, referent=mine, colleagues=others,
        places=places_of(each.person_id for each in others),
    )  # fmt: skip
    status = 200
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            say_absence(actor=actor, referent=mine, first=said["absent_from"], last=said["absent_until"], deputy=form.chosen)
        except Refused as refused:
            for sentence in refused.sentences:
                form.add_error(None, sentence)
            status = CONFLICT
        else:
            done = _("Votre absence est indiquée.") if said["absent_from"] else _("C'est noté : aucune absence n'est indiquée.")
            messages.success(request, done)
            return redirect("organisations:absence")
    elif form.errors:
        status = UNPROCESSABLE
    return render(request, "organisations/referents/absence.html", {"form": form, "referent": mine}, status=status)
