"""« Superviseurs de réseaux »: the operator invites and removes them (R56)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from renfort.jobs.services import once
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.organisations.components import referent_invitation_rows
from renfort.organisations.forms.referents import SupervisorForm
from renfort.organisations.selectors.referents import referent_invitations_visible
from renfort.organisations.selectors.supervision import supervisors_named
from renfort.organisations.services.supervisors import invite_supervisor, remove_supervisor
from renfort.organisations.views.operator import enter_operator

UNPROCESSABLE, CONFLICT = 422, 409
MOST = 100  # invitations shown, the newest


@login_required
@require_safe
def supervisor_list(request: Request) -> HttpResponse:
    """Who heads which network; who is invited to."""
    actor = enter_operator(request)
    q = request.GET.get("q", "").replace("\x00", "")[:100].strip()
    invitations = referent_invitations_visible(actor).exclude(network=None).order_by("-id")
    context = {
        "q": q,
        "supervisors": supervisors_named(q),
        "invitations": referent_invitation_rows(
            invitations.select_related("region", "invited_by", "network")[:MOST],
            actor,
            lambda pk, path: reverse("organisations:referent-invitation-act", args=[pk, path]),
        ),
    }
    return render(request, "organisations/supervisors/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def supervisor_invite(request: Request) -> HttpResponse:
    """« Inviter un superviseur »."""
    actor = enter_operator(request)
    form = SupervisorForm(
        request.POST if request.method == "POST" else None, initial={"network": request.GET.get("reseau", "")[:9]}
    )
    if request.method != "POST" or not form.is_valid():
        return _invite_page(request, form)
    facts, back = form.facts(), reverse("organisations:supervisors")

    def make() -> str:
        _invitation, is_new = invite_supervisor(actor=actor, facts=facts)
        return f"{back}?invitation={'envoyee' if is_new else 'deja'}"

    try:
        told = once(form.cleaned_data["form_token"], owner=str(request.user.pk), make=make)
    except Refused as refused:
        for sentence in refused.sentences:
            form.add_error(None, sentence)
        return _invite_page(request, form, status=CONFLICT)
    names = {"person": f"{facts.first_name} {facts.last_name}", "address": facts.email}
    if told.endswith("deja"):
        messages.info(request, _("%(person)s est déjà invité·e : le lien envoyé à %(address)s tient toujours.") % names)
    else:
        messages.success(request, _("Une invitation part à %(person)s, à l'adresse %(address)s.") % names)
    return redirect(back)


def _invite_page(request: Request, form: SupervisorForm, *, status: int = 0) -> HttpResponse:
    status = status or (UNPROCESSABLE if form.errors else 200)
    return render(request, "organisations/supervisors/invite.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def supervisor_remove(request: Request, pk: int) -> HttpResponse:
    """« Retirer »: what happens is said first; the rights end at once, the person is told."""
    actor = enter_operator(request)
    found = next((each for each in supervisors_named("") if each.pk == pk), None)
    if found is None or found.network is None:
        raise Http404
    refusals: list[str] = []
    if request.method == "POST":
        try:
            remove_supervisor(actor=actor, grant=found)
        except Refused as refused:
            refusals = refused.sentences
        else:
            names = {"person": found.person.full_name, "network": found.network.label}
            messages.success(request, _("%(person)s ne supervise plus le réseau %(network)s.") % names)
            return redirect("organisations:supervisors")
    is_last = sum(each.network_id == found.network_id for each in supervisors_named("")) == 1
    context = {"grant": found, "is_last": is_last, "refusals": refusals}
    return render(request, "organisations/supervisors/remove.html", context, status=CONFLICT if refusals else 200)
