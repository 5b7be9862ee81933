"""« Référents »: the operator registers them, changes their territory, removes them (R50)."""

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

from renfort.audit.selectors import history_of
from renfort.jobs.services import once
from renfort.kernel.firing import Refused
from renfort.kernel.guides import plain
from renfort.kernel.http import Request
from renfort.kernel.views import act
from renfort.kernel.words import typed_words
from renfort.organisations.components import department_row, referent_invitation_rows, referent_timeline
from renfort.organisations.forms.referents import ReferentChangeForm, ReferentForm
from renfort.organisations.models import Referent
from renfort.organisations.selectors.referents import (
    departments_with_referents,
    is_absent,
    own_departments,
    referent_invitations_visible,
    referents,
)
from renfort.organisations.services.referents import change_referent, invite_referent, perimeter_of, remove_referent
from renfort.organisations.views.operator import enter_operator
from renfort.organisations.workflow import REFERENT_INVITATION
from renfort.territories.selectors import departments_in_words

UNPROCESSABLE, CONFLICT = 422, 409
NOBODY = "sans"
MOST = 100  # invitations shown, the newest


@login_required
@require_safe
def referent_list(request: Request) -> HttpResponse:
    """Who looks after which department, those without anybody too; who is invited."""
    actor = enter_operator(request)
    registered = {each.person_id: each for each in referents()}
    lines = departments_with_referents()
    alone = [line for line in lines if not line.referents]
    asked, words = request.GET.get("filtre", ""), typed_words(request.GET.get("q", "").replace("\x00", "")[:100])
    shown = alone if asked == NOBODY else lines
    today = timezone.localdate()
    rows = [department_row(line, registered, today) for line in shown]
    for word in map(plain, words):
        rows = [row for row in rows if word in row.search]
    invitations = (
        referent_invitations_visible(actor)
        .filter(delegation=None, network=None)
        .order_by("-id")
        .select_related("region", "invited_by", "network")
    )
    context = {
        "rows": rows,
        "total": len(lines),
        "alone": len(alone),
        "only_alone": asked == NOBODY,
        "q": request.GET.get("q", "")[:100],
        "invitations": referent_invitation_rows(
            invitations[:MOST],
            actor,
            lambda pk, path: reverse("organisations:referent-invitation-act", args=[pk, path]),
        ),
    }
    return render(request, "organisations/referents/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def referent_invite(request: Request) -> HttpResponse:
    """« Inviter un référent »."""
    actor = enter_operator(request)
    start = {"departments": request.GET.get("departement", "")[:3]}
    form = ReferentForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method != "POST" or not form.is_valid():
        return _invite_page(request, form)
    facts, back = form.facts(), reverse("organisations:referents")

    def make() -> str:
        _invitation, is_new = invite_referent(actor=actor, facts=facts)
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


def _invite_page(request: Request, form: ReferentForm, *, status: int = 0) -> HttpResponse:
    status = status or (UNPROCESSABLE if form.errors else 200)
    return render(request, "organisations/referents/invite.html", {"form": form}, status=status)


@login_required
def invitation_act(request: Request, pk: int, path: str) -> HttpResponse:
    """Send an invitation again, or withdraw it."""
    actor = enter_operator(request)
    found = (
        referent_invitations_visible(actor).filter(pk=pk).select_related("invited_by", "region", "delegation", "network").first()
    )
    title = f"{found.full_name} · {found.email}" if found else ""
    back = reverse("organisations:supervisors" if found and found.network_id else "organisations:referents")
    return act(request, REFERENT_INVITATION, found, path, actor=actor, title=title, back=back)


def _referent_or_404(pk: int) -> Referent:
    found = referents().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def referent_detail(request: Request, pk: int) -> HttpResponse:
    """One referent: function and territory, to be changed; the history."""
    actor = enter_operator(request)
    found = _referent_or_404(pk)
    codes = own_departments(found.person_id)
    form = ReferentChangeForm(request.POST if request.method == "POST" else None, referent=found, codes=codes)
    status = 200
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            wanted = perimeter_of(said["region"], said["departments"])
            change_referent(actor=actor, referent=found, function=said["function"], codes=wanted, region=said["region"])
        except Refused as refused:
            for sentence in refused.sentences:
                form.add_error(None, sentence)
            status = CONFLICT
        else:
            messages.success(request, _("Vos modifications sont enregistrées."))
            return redirect("organisations:referent", pk)
    elif form.errors:
        status = UNPROCESSABLE
    context: dict[str, Any] = {
        "referent": found,
        "where": departments_in_words(codes, most=9),
        "absent": is_absent(found, timezone.localdate()),
        "form": form,
        "timeline": referent_timeline(history_of(found), {found.person_id: found.person.full_name}),
    }
    return render(request, "organisations/referents/detail.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def referent_remove(request: Request, pk: int) -> HttpResponse:
    """« Retirer »: what happens is said first; the rights end at once, the person is told."""
    actor = enter_operator(request)
    found = _referent_or_404(pk)
    refusals: list[str] = []
    if request.method == "POST":
        try:
            remove_referent(actor=actor, referent=found)
        except Refused as refused:
            refusals = refused.sentences
        else:
            messages.success(request, _("%(person)s n'est plus référent.") % {"person": found.person.full_name})
            return redirect("organisations:referents")
    codes = own_departments(found.person_id)
    alone = [
        str(line.department)
        for line in departments_with_referents()
        if line.department.code in codes and {each.person_id for each in line.referents} == {found.person_id}
    ]
    context = {"referent": found, "where": departments_in_words(codes, most=9), "alone": alone, "refusals": refusals}
    return render(request, "organisations/referents/remove.html", context, status=CONFLICT if refusals else 200)
