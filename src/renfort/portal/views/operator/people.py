"""People and roles: find somebody, see what they hold, give or withdraw with a reason (R58)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.audit.enums import Way
from renfort.audit.services import contact_seen
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.kernel.pages import dressed_page
from renfort.kernel.templatetags.ui import badge
from renfort.organisations.enums import Role
from renfort.organisations.forms.people import PeopleFilterForm
from renfort.organisations.selectors.impersonation import runs_platform
from renfort.organisations.selectors.people import PersonState, grants_of, people_dressed, people_found, state_of
from renfort.organisations.services.platform import give_operator, withdraw_role
from renfort.people.models import Account, Person
from renfort.portal.views.operator import enter_operator

UNPROCESSABLE = 422
TONES = {
    PersonState.OPEN: "success", PersonState.UNCONFIRMED: "warning", PersonState.CLOSED: "danger", PersonState.NONE: "neutral",
}  # fmt: skip


class ReasonForm(forms.Form):
    """Why a role is given or withdrawn."""

    reason = forms.CharField(
        label=gettext_lazy("Pourquoi ?"), min_length=5, max_length=300, help_text=gettext_lazy("Gardé dans l'historique.")
    )


@login_required
@require_safe
def people(request: Request) -> HttpResponse:
    """Everybody, by words, role, programme and account, the newest first. A person's page alone has contact data (R37)."""
    enter_operator(request)
    form = PeopleFilterForm(request.GET)
    page = dressed_page(request, people_found(form.said), people_dressed(), by_words="q" in form.said)
    rows = [(each, [_words(held) for held in each.held], _state_badge(state_of(each))) for each in page.object_list]
    context = {"page": page, "rows": rows, "filters": form, "is_filtered": bool(form.said)}
    return render(request, "portal/operator/people.html", context)


@login_required
@require_safe
def person(request: Request, pk: int) -> HttpResponse:
    """One person: account, roles held and held once, what may be done."""
    actor = enter_operator(request)
    found = _person_or_404(pk)
    contact_seen(viewer=actor, people=[found.pk], way=Way.PAGE)
    return render(request, "portal/operator/person.html", _context(found, ReasonForm()))


@login_required
@require_POST
def person_operator(request: Request, pk: int) -> HttpResponse:
    """Make somebody an operator."""
    actor = enter_operator(request)
    found = _person_or_404(pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            give_operator(actor=actor, person=found, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s est opérateur.") % {"name": found.full_name})
            return redirect("portal:operator-person", pk)
    return render(request, "portal/operator/person.html", _context(found, form), status=UNPROCESSABLE)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def person_withdraw(request: Request, pk: int, grant: int) -> HttpResponse:
    """Withdraw one role, with a reason."""
    actor = enter_operator(request)
    found = _person_or_404(pk)
    held = next((each for each in grants_of(found.pk) if each.pk == grant and each.valid_until is None), None)
    if held is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_role(actor=actor, grant=held, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Le rôle est retiré."))
            return redirect("portal:operator-person", pk)
    context = {"person": found, "form": form, "role": _words(held), "back_url": reverse("portal:operator-person", args=[pk])}
    return render(request, "portal/operator/person_withdraw.html", context, status=UNPROCESSABLE if form.errors else 200)


def _context(found: Person, form: ReasonForm) -> dict[str, Any]:
    account = Account.objects.filter(person=found).first()
    is_operator = runs_platform(found.pk)
    return {
        "person": found,
        "account": account,
        "grants": [(each, _words(each)) for each in grants_of(found.pk)],
        "form": form,
        "is_operator": is_operator,
        "may_act": account is not None and account.is_active and not is_operator,
    }


def _state_badge(state: PersonState) -> SafeString:
    return badge(label=state.label, tone=TONES[state])


def _words(grant: Any) -> str:
    role = Role(grant.role).label if grant.role in Role.values else grant.role
    if grant.network is not None:
        return f"{role} · {grant.network.label}"
    return f"{role} · {grant.organisation.name}" if grant.organisation is not None else f"{role} {grant.scope}".strip()


def _person_or_404(pk: int) -> Person:
    found = Person.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
