"""« Gérer votre équipe »: members, invitations, requests to join; and leaving it (R9, R40)."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from renfort.audit.selectors import history
from renfort.jobs.services import once
from renfort.kernel.actions import Action, actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request, enter_one_of
from renfort.kernel.views import act
from renfort.organisations.components import invitation_rows, member_rows, team_timeline
from renfort.organisations.enums import TEAM, Programme, Role, ScopeKind
from renfort.organisations.forms.team import InviteForm, RoleForm, SuccessionForm
from renfort.organisations.models import Grant, JoinRequest, Organisation
from renfort.organisations.selectors import (
    ever_members_of,
    invitations_shown,
    invitations_visible,
    is_member,
    join_requests_visible,
    members_of,
    pending_requests,
    team_member,
    team_members,
)
from renfort.organisations.services import change_role, charge_counts, charges_held, invite, leave_team, remove_member
from renfort.organisations.views.host import enter_host
from renfort.organisations.workflow import INVITATION, JOIN

UNPROCESSABLE, CONFLICT = 422, 409


@login_required
@require_safe
def team(request: Request, organisation: int) -> HttpResponse:
    """Who is of the team, in which role, in charge of how much; who is invited; who asks to join."""
    actor = enter_host(request, organisation)
    waiting = list(pending_requests(organisation))
    members = list(team_members(organisation))
    former = list(ever_members_of(organisation))
    context = {
        "organisation": organisation,
        "members": member_rows(members, charge_counts(organisation), me=actor.person_id),
        "invitations": invitation_rows(
            invitations_shown(organisation),
            actor,
            lambda pk, path: reverse("organisations:invitation-act", args=[organisation, pk, path]),
        ),
        "waiting": [(each, _answers(each, actor)) for each in waiting],
        "timeline": team_timeline(history("organisations.grant", [grant.pk for grant in former], most=20), former),
    }
    return render(request, "organisations/host/team.html", context)


def _answers(asked: JoinRequest, actor: Actor) -> list[Action]:
    """« Accepter », « Refuser »."""
    return actions_of(
        JOIN, asked, actor, lambda path: reverse("organisations:join-act", args=[asked.organisation_id, asked.pk, path])
    )


@login_required
def join_act(request: Request, organisation: int, pk: int, path: str) -> HttpResponse:
    """Accept somebody who asks to join, in a role, or refuse."""
    actor = enter_host(request, organisation)
    asked = (
        join_requests_visible(actor).filter(organisation_id=organisation, pk=pk).select_related("person", "organisation").first()
    )
    title = asked.person.full_name if asked else ""
    back = reverse("organisations:team", args=[organisation])
    return act(request, JOIN, asked, path, actor=actor, title=title, back=back)


# ── invitations ───────────────────────────────────────────────────────────────────────────────────
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite_member(request: Request, organisation: int) -> HttpResponse:
    """« + Inviter un membre »."""
    actor = enter_host(request, organisation)
    form = InviteForm(request.POST if request.method == "POST" else None)
    back = reverse("organisations:team", args=[organisation])
    if request.method != "POST" or not form.is_valid():
        return _invite_page(request, organisation, form)
    facts, where = form.facts(), Organisation.objects.get(pk=organisation)

    def make() -> str:
        _invitation, is_new = invite(actor=actor, organisation=where, facts=facts)
        return f"{back}?invitation={'envoyee' if is_new else 'deja'}"

    try:
        told = once(form.cleaned_data["form_token"], owner=str(request.user.pk), make=make)
    except Refused as refused:
        for sentence in refused.sentences:
            form.add_error(None, sentence)
        return _invite_page(request, organisation, form, status=CONFLICT)
    names = {"person": f"{facts.first_name} {facts.last_name}", "address": facts.email}
    if told.endswith("deja"):
        messages.info(request, _("%(person)s est déjà invité·e : le lien envoyé à %(address)s tient toujours.") % names)
    else:
        messages.success(request, _("Une invitation part à %(person)s, à l'adresse %(address)s.") % names)
    return redirect(back)


def _invite_page(request: Request, organisation: int, form: InviteForm, *, status: int = 0) -> HttpResponse:
    status = status or (UNPROCESSABLE if form.errors else 200)
    return render(request, "organisations/host/invite.html", {"organisation": organisation, "form": form}, status=status)


@login_required
def invitation_act(request: Request, organisation: int, pk: int, path: str) -> HttpResponse:
    """Send an invitation again, or withdraw it."""
    actor = enter_host(request, organisation)
    found = (
        invitations_visible(actor)
        .filter(organisation_id=organisation, pk=pk)
        .select_related("organisation", "invited_by")
        .first()
    )
    title = f"{found.full_name} · {found.email}" if found else ""
    back = reverse("organisations:team", args=[organisation])
    return act(request, INVITATION, found, path, actor=actor, title=title, back=back)


# ── members ───────────────────────────────────────────────────────────────────────────────────────
def _member_or_404(organisation: int, pk: int) -> Grant:
    member = team_member(organisation, pk)
    if member is None:
        raise Http404
    return member


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_role(request: Request, organisation: int, pk: int) -> HttpResponse:
    """« Changer de rôle »: the person is told."""
    actor = enter_host(request, organisation)
    member = _member_or_404(organisation, pk)
    form = RoleForm(request.POST if request.method == "POST" else None, member=member)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            given = change_role(actor=actor, member=member, role=form.cleaned_data["role"])
        except Refused as refused:
            status = _say(form, refused)
        else:
            names = {"person": member.person.full_name, "role": str(Role(given.role).label)}
            messages.success(request, _("%(person)s : %(role)s.") % names)
            return _after(request, actor, organisation)
    elif form.errors:
        status = UNPROCESSABLE
    context = {"organisation": organisation, "member": member, "form": form, "is_self": member.person_id == actor.person_id}
    return render(request, "organisations/host/member_role.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_remove(request: Request, organisation: int, pk: int) -> HttpResponse:
    """« Supprimer »: who takes over the missions is asked first; the rights end at once, the person is told."""
    actor = enter_host(request, organisation)
    member = _member_or_404(organisation, pk)
    if member.person_id == actor.person_id:
        return redirect("organisations:leave", organisation)
    return _depart(request, actor, member, default=cast(int, actor.person_id), is_self=False)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: Request, organisation: int) -> HttpResponse:
    """« Quitter cette structure », for anybody of its team."""
    actor = enter_one_of(request, Programme.RESERVE, TEAM, ScopeKind.ORGANISATION, organisation)
    member = (
        members_of(organisation).filter(person_id=actor.person_id or 0).select_related("organisation", "person__account").first()
    )
    if member is None:
        raise Http404
    others = [grant for grant in members_of(organisation) if grant.pk != member.pk]
    manager = next((grant for grant in others if grant.role == Role.MANAGER), None)
    return _depart(request, actor, member, default=manager.person_id if manager else 0, is_self=True)


def _depart(request: Request, actor: Actor, member: Grant, *, default: int, is_self: bool) -> HttpResponse:
    """The page of a departure: what happens, who takes over; POST does it."""
    organisation = cast(int, member.organisation_id)
    others = [grant for grant in members_of(organisation) if grant.pk != member.pk]
    charges = charges_held(organisation, member.person_id)
    form = SuccessionForm(request.POST if request.method == "POST" else None, team=others, charges=charges, default=default)
    is_last = member.role == Role.MANAGER and not any(grant.role == Role.MANAGER for grant in others)
    status = 200
    if request.method == "POST" and form.is_valid():
        verb = leave_team if is_self else remove_member
        try:
            moved = verb(actor=actor, member=member, succession=form.succession())
        except Refused as refused:
            status = _say(form, refused)
        else:
            messages.success(request, _gone_words(member, moved, is_self=is_self))
            return redirect("portal:space") if is_self else redirect("organisations:team", organisation)
    elif form.errors:
        status = UNPROCESSABLE
    context = {
        "organisation": organisation,
        "member": member,
        "form": form,
        "charges": charges,
        "is_self": is_self,
        "is_last": is_last,
        "heir": next((grant.person.full_name for grant in others if grant.person_id == default), ""),
        "asks": bool(form.fields),
        "back": reverse("organisations:team", args=[organisation])
        if member.role == Role.MANAGER or not is_self
        else reverse("missions:host-missions", args=[organisation]),
    }
    return render(request, "organisations/host/depart.html", context, status=status)


def _gone_words(member: Grant, moved: int, *, is_self: bool) -> str:
    name = member.organisation.name if member.organisation else ""
    gone = (
        _("Vous avez quitté l'équipe de %(organisation)s.") % {"organisation": name}
        if is_self
        else _("%(person)s ne fait plus partie de l'équipe.") % {"person": member.person.full_name}
    )
    if not moved:
        return gone
    passed = ngettext("%(n)d mission a été confiée.", "%(n)d missions ont été confiées.", moved) % {"n": moved}
    return f"{gone} {passed}"


def _say(form: Any, refused: Refused) -> int:
    for sentence in refused.sentences:
        form.add_error(None, sentence)
    return CONFLICT


def _after(request: Request, actor: Actor, organisation: int) -> HttpResponse:
    """Back to the team; who is no longer « responsable » has no such page."""
    if is_member(actor.person_id or 0, organisation) == Role.MANAGER:
        return redirect("organisations:team", organisation)
    return redirect("missions:host-missions", organisation)
