"""Federations, their territories and their case managers; the link that lets one in (S5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.civic_service.enums import FederationKind
from renfort.civic_service.forms.federations import FederationForm, InviteForm, RoutesForm
from renfort.civic_service.models import Federation, ManagerInvitation
from renfort.civic_service.selectors.federations import (
    federations_visible,
    invitation_of_token,
    invitations_visible,
    managers_counted,
    managers_of,
    strays,
)
from renfort.civic_service.services.federations import (
    accept_invitation,
    create_federation,
    invite_manager,
    remove_manager,
    route,
    withdraw_invitation,
)
from renfort.civic_service.views.campaigns import CONFLICT, READ, UNPROCESSABLE, history, say
from renfort.civic_service.views.menus import enter_manager
from renfort.jobs.services import once
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.pages import page_of


def _federation_or_404(actor: Actor, pk: int) -> Federation:
    found = federations_visible(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def federations(request: Request) -> HttpResponse:
    """« Fédérations »: who manages where, and what comes to the national queue."""
    actor = enter_manager(request)
    page = page_of(request, federations_visible(actor))
    counted = managers_counted()
    alone = strays()
    context = {
        "page": page,
        "rows": [(each, FederationKind(each.kind).label, counted.get(each.pk, 0)) for each in page.object_list],
        "unmanned": [each for each in alone if each.federation is not None],
        "unrouted": [each for each in alone if each.federation is None],
    }
    return render(request, "civic_service/federations/list.html", context)


@login_required
@require_http_methods(READ)
def federation_new(request: Request) -> HttpResponse:
    """« Nouvelle fédération »."""
    actor = enter_manager(request)
    form, status = FederationForm(), 200
    if request.method == "POST":
        form, status = FederationForm(request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                return redirect(
                    once(
                        form.cleaned_data["form_token"], owner=f"person:{actor.person_id}",
                        make=lambda: reverse(
                            "civic_service:federation", args=[create_federation(actor=actor, facts=form.facts()).pk]
                        ),
                    )
                )  # fmt: skip
            except Refused as refused:
                status = say(form, refused)
    context = {
        "form": form, "title": _("Nouvelle fédération"), "button": _("Enregistrer la fédération"), "lead": "",
        "back": reverse("civic_service:federations"),
    }  # fmt: skip
    return render(request, "civic_service/form.html", context, status=status)


@login_required
@require_http_methods(READ)
def federation(request: Request, pk: int) -> HttpResponse:
    """One federation: its departments, its case managers, who is invited."""
    actor = enter_manager(request)
    found = _federation_or_404(actor, pk)
    form, status = RoutesForm(initial={"departments": _departments(found)}), 200
    if request.method == "POST":
        form, status = RoutesForm(request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                route(actor=actor, federation=found, departments=form.cleaned_data["departments"])
            except Refused as refused:
                status = say(form, refused)
            else:
                messages.success(request, _("Territoire enregistré."))
                return redirect("civic_service:federation", pk)
    return _federation(request, found, form=form, invite=InviteForm(), status=status)


def _departments(found: Federation) -> str:
    return ", ".join(found.routes.order_by("department").values_list("department_id", flat=True))


def _federation(request: Request, found: Federation, *, form: Any, invite: Any, status: int) -> HttpResponse:
    context = {
        "federation": found,
        "kind": FederationKind(found.kind).label,
        "routes": list(found.routes.select_related("department").order_by("department")),
        "managers": list(managers_of(found)),
        "invitations": list(found.invitations.all()),
        "form": form,
        "invite_form": invite,
        "timeline": history(found),
    }
    return render(request, "civic_service/federations/federation.html", context, status=status)


@login_required
@require_POST
def manager_invite(request: Request, pk: int) -> HttpResponse:
    """« Inviter »: an e-mail leaves; to an address that waits already, a new link."""
    actor = enter_manager(request)
    found, form = _federation_or_404(actor, pk), InviteForm(request.POST)
    here = reverse("civic_service:federation", args=[pk])
    status = UNPROCESSABLE
    if form.is_valid():
        said = form.cleaned_data

        def make() -> str:
            invite_manager(actor=actor, federation=found, name=said["name"], email=said["email"])
            return here

        try:
            url = once(said["form_token"], owner=f"person:{actor.person_id}", make=make)
        except Refused as refused:
            status = say(form, refused)
        else:
            messages.success(request, _("Invitation envoyée à %(address)s.") % {"address": said["email"]})
            return redirect(url)
    routes = RoutesForm(initial={"departments": _departments(found)})
    return _federation(request, found, form=routes, invite=form, status=status)


@login_required
@require_POST
def invitation_act(request: Request, pk: int, invitation: int) -> HttpResponse:
    """Send an invitation anew, or take it back; one that was answered meanwhile is no longer there."""
    actor = enter_manager(request)
    found = _federation_or_404(actor, pk)
    waiting: ManagerInvitation | None = invitations_visible(actor).filter(federation=found, pk=invitation).first()
    if waiting is None:
        raise Http404
    if request.POST.get("faire") == "renvoyer":
        try:
            invite_manager(actor=actor, federation=found, name=waiting.name, email=waiting.email)
        except Refused as refused:
            messages.error(request, " ".join(refused.sentences))
        else:
            messages.success(request, _("Invitation envoyée à %(address)s.") % {"address": waiting.email})
    else:
        withdraw_invitation(actor=actor, invitation=waiting)
        messages.success(request, _("Invitation retirée."))
    return redirect("civic_service:federation", pk)


@login_required
@require_http_methods(READ)
def manager_remove(request: Request, pk: int, grant: int) -> HttpResponse:
    """« Retirer le rôle »: says first what becomes of the territory."""
    actor = enter_manager(request)
    found = _federation_or_404(actor, pk)
    held = managers_of(found).filter(pk=grant).first()
    if held is None:
        raise Http404
    refusals: list[str] = []
    if request.method == "POST":
        try:
            remove_manager(actor=actor, grant=held)
        except Refused as refused:
            refusals = refused.sentences
        else:
            messages.success(request, _("%(name)s ne gère plus les dossiers.") % {"name": held.person.full_name})
            return redirect("civic_service:federation", pk)
    context = {
        "federation": found, "grant": held, "is_last": managers_of(found).count() == 1, "refusals": refusals,
        "back": reverse("civic_service:federation", args=[pk]),
    }  # fmt: skip
    return render(request, "civic_service/federations/remove.html", context, status=CONFLICT if refusals else 200)


@login_required
@require_http_methods(READ)
@never_cache
def invitation(request: Request, token: str) -> HttpResponse:
    """The link sent to somebody: says for which federation, and lets whoever holds it manage its cases, once."""
    found = invitation_of_token(token)
    if found is None:
        raise Http404
    refusals: list[str] = []
    if request.method == "POST":
        try:
            accept_invitation(actor=request.actor, invitation=found)
        except Refused as refused:
            refusals = refused.sentences
        else:
            messages.success(request, _("Vous gérez maintenant le service civique de ce territoire."))
            return redirect("civic_service:manager", found.federation_id)
    context = {"invitation": found, "federation": found.federation, "refusals": refusals}
    return render(request, "civic_service/federations/invitation.html", context, status=CONFLICT if refusals else 200)
