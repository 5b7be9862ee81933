"""« Retirer la structure de la plateforme », and what the operator looks after: orphans and those who left (R9)."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from renfort.jobs.catalogue import PASSWORD
from renfort.jobs.middleware import give_back_all, refused, told, too_late
from renfort.kernel.actions import actions_of
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.views import act
from renfort.organisations.forms.team import WithdrawForm
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import join_requests_visible, lately_left, members_of, orphan_requests
from renfort.organisations.services import farewells, leave_platform, restore_organisation
from renfort.organisations.views.host import enter_host
from renfort.organisations.views.operator import enter_operator
from renfort.organisations.workflow import JOIN
from renfort.people.models import Account

UNPROCESSABLE, CONFLICT = 422, 409


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, organisation: int) -> HttpResponse:
    """What will happen is said first; the name typed and the password do it."""
    actor = enter_host(request, organisation)
    found = Organisation.objects.get(pk=organisation)
    holder = cast(Account, request.user)
    form = WithdrawForm(request.POST if request.method == "POST" else None, organisation=found, account=holder)
    refusal, status = None, 200
    if request.method == "POST":
        refusal = refused(request, PASSWORD)  # before the hash: guesses are counted
        if refusal is not None:
            told(form, refusal)
        elif form.is_valid():
            give_back_all(request, PASSWORD)
            try:
                leave_platform(actor=actor, organisation=found)
            except Refused as sentence:
                form.add_error(None, str(sentence))
                status = CONFLICT
            else:
                messages.success(
                    request, _("%(name)s n'est plus sur la plateforme. Un e-mail vous le confirme.") % {"name": found.name}
                )
                return redirect("portal:space")
        else:
            status = UNPROCESSABLE
    context = {
        "organisation": found,
        "form": form,
        "farewells": farewells(organisation),
        "members": members_of(organisation).count(),
        "has_password": holder.has_usable_password(),
    }
    page = render(request, "organisations/host/withdraw.html", context, status=status)
    return page if refusal is None else too_late(page, refusal)


# ── the operator ──────────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def care(request: Request) -> HttpResponse:
    """Requests that no manager can answer any more, and organisations that may still be brought back."""
    actor = enter_operator(request)
    orphans = orphan_requests().select_related("person", "organisation__department")[:100]
    context = {
        "orphans": [
            (each, actions_of(JOIN, each, actor, lambda path, pk=each.pk: reverse("organisations:care-act", args=[pk, path])))  # type: ignore[misc]  # mypy knows no default in a lambda
            for each in orphans
        ],
        "left": list(lately_left()[:100]),
    }
    return render(request, "organisations/operator/care.html", context)


@login_required
def care_act(request: Request, pk: int, path: str) -> HttpResponse:
    """Answer somebody who asks to join an organisation without manager: the first one it gets again."""
    actor = enter_operator(request)
    asked = join_requests_visible(actor).filter(pk=pk).select_related("person", "organisation").first()
    title = f"{asked.person.full_name} · {asked.organisation.name}" if asked else ""
    return act(request, JOIN, asked, path, actor=actor, title=title, back=reverse("organisations:care"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: Request, pk: int) -> HttpResponse:
    """Bring an organisation back, with the team it had."""
    actor = enter_operator(request)
    found = lately_left().filter(pk=pk).first()
    if found is None:
        raise Http404
    sentences: list[str] = []
    if request.method == "POST":
        try:
            restore_organisation(actor=actor, organisation=found)
        except Refused as refused_:
            sentences = refused_.sentences
        else:
            messages.success(request, _("%(name)s est rétablie, avec son équipe.") % {"name": found.name})
            return redirect("organisations:care")
    context = {"organisation": found, "refusals": sentences}
    return render(request, "organisations/operator/restore.html", context, status=CONFLICT if sentences else 200)
