"""« Antennes invitées »: the head of a network invites branches one by one or with a file, and follows their answers (R56)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from renfort.jobs.services import once
from renfort.jobs.views.imports import Entered, ImportPages
from renfort.kernel.actions import Action, actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.imports import Line, Place, Standing
from renfort.kernel.pages import page_of
from renfort.kernel.templatetags.ui import badge
from renfort.kernel.views import act
from renfort.kernel.words import typed_words
from renfort.organisations.enums import InvitationState
from renfort.organisations.forms.branches import BranchForm
from renfort.organisations.models import BranchInvitation
from renfort.organisations.selectors.branches import branch_counts, branches_of, branches_visible, check_branches
from renfort.organisations.services.branches import facts_of_values, invite_branch
from renfort.organisations.views.network import enter_network
from renfort.organisations.workflow import BRANCH

UNPROCESSABLE, CONFLICT = 422, 409
V = InvitationState


@login_required
@require_safe
def branch_list(request: Request, network: int) -> HttpResponse:
    """The invitations of the network with their answers, under a state and words."""
    actor = enter_network(request, network)
    asked = request.GET.get("statut", "")
    asked = asked if asked in V.values else ""
    words = typed_words(request.GET.get("q", "").replace("\x00", "")[:100])
    found = branches_of(actor, network, asked, words).select_related("department", "invited_by", "organisation", "asked")
    page = page_of(request, found)
    counts = branch_counts(actor, network)
    context = {
        "network": network,
        "page": page,
        "rows": [(each, _badge(each), _came_of_it(each), _actions(each, actor)) for each in page.object_list],
        "counts": [(str(state), str(state.label), counts[state], state == asked) for state in V if counts[state]],
        "total": sum(counts[state] for state in V),
        "opened": counts["opened"],
        "state": asked,
        "states": V.choices,
        "q": request.GET.get("q", "")[:100],
    }
    return render(request, "organisations/branches/list.html", context)


def _badge(invitation: BranchInvitation) -> SafeString:
    waits = "clock" if invitation.state == V.SENT else None
    return badge(label=V(invitation.state).label, tone=BRANCH.tones[invitation.state], icon=waits)


def _came_of_it(invitation: BranchInvitation) -> str:
    """What an accepted invitation has led to."""
    if invitation.state != V.ACCEPTED:
        return _("Déjà inscrite") if invitation.asked_id is not None else ""
    if invitation.organisation is None:
        return _("Inscription commencée")
    return _("A rejoint le réseau") if invitation.asked_id is not None else _("Page ouverte")


def _actions(invitation: BranchInvitation, actor: Actor) -> list[Action]:
    def url(path: str) -> str:
        return reverse("organisations:branch-act", args=[invitation.network_id, invitation.pk, path])

    return [action for action in actions_of(BRANCH, invitation, actor, url) if not action.refusals]


@login_required
def branch_act(request: Request, network: int, pk: int, path: str) -> HttpResponse:
    """Send an invitation again, or withdraw it."""
    actor = enter_network(request, network)
    found = branches_visible(actor).filter(pk=pk, network_id=network).select_related("network", "asked", "invited_by").first()
    title = f"{found.name} · {found.email}" if found else ""
    return act(request, BRANCH, found, path, actor=actor, title=title, back=reverse("organisations:branches", args=[network]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def branch_invite(request: Request, network: int) -> HttpResponse:
    """« Inviter une antenne »."""
    actor = enter_network(request, network)
    form = BranchForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, network, form)
    line = Line(0, form.values())
    check_branches(network, [line])
    for column, sentence in line.problems:
        form.add_error(column if column in form.fields else None, sentence)
    if line.problems:
        return _form_page(request, network, form)
    if line.standing != Standing.READY and not (line.standing == Standing.OTHERWISE and "ask" in request.POST):
        return _form_page(request, network, form, line=line, status=CONFLICT)
    back = reverse("organisations:branches", args=[network])

    def make() -> str:
        asked = line.ref if line.standing == Standing.OTHERWISE else None
        invite_branch(actor=actor, network=network, facts=facts_of_values(line.values), asked=asked)
        return back

    try:
        once(form.cleaned_data["form_token"], owner=str(request.user.pk), make=make)
    except Refused as refused:
        for sentence in refused.sentences:
            form.add_error(None, sentence)
        return _form_page(request, network, form, status=CONFLICT)
    names = {"branch": line.values["name"], "address": line.values["email"]}
    if line.standing == Standing.OTHERWISE:
        messages.success(request, _("La proposition part aux responsables de %(branch)s.") % names)
    else:
        messages.success(request, _("L'invitation de %(branch)s part à l'adresse %(address)s.") % names)
    return redirect(back)


def _form_page(request: Request, network: int, form: BranchForm, *, line: Line | None = None, status: int = 0) -> HttpResponse:
    context = {
        "network": network,
        "form": form,
        "note": line.note if line else "",
        "may_ask": line is not None and line.standing == Standing.OTHERWISE,
    }
    return render(
        request, "organisations/branches/invite.html", context, status=status or (UNPROCESSABLE if form.errors else 200)
    )


def _enter(request: Request, network: int) -> Entered:
    actor = enter_network(request, network)
    crumbs = [(_("Antennes invitées"), reverse("organisations:branches", args=[network]))]
    return Entered(actor, Place(role=actor.role_key, scope=network), crumbs)


BRANCH_IMPORT = ImportPages("organisations.branches", _enter)
