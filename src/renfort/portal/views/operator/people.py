"""People and roles: find somebody, see what they hold, give or withdraw with a reason (R58)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.audit.enums import Way
from renfort.audit.services import contact_seen
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.organisations.enums import Role
from renfort.organisations.selectors.impersonation import runs_platform
from renfort.organisations.selectors.people import grants_of, people_found
from renfort.organisations.services.platform import give_operator, withdraw_role
from renfort.people.models import Account, Person
from renfort.portal.views.operator import enter_operator

PAGE = 20
UNPROCESSABLE = 422


class ReasonForm(forms.Form):
    """Why a role is given or withdrawn."""

    reason = forms.CharField(
        label=gettext_lazy("Pourquoi ?"), min_length=5, max_length=300, help_text=gettext_lazy("Gardé dans l'historique.")
    )


@login_required
@require_safe
def people(request: Request) -> HttpResponse:
    """People whose name or e-mail has these words; nobody without words: this is no directory."""
    actor = enter_operator(request)
    words = request.GET.get("q", "").replace("\x00", "")[:100].strip()
    page = Paginator(people_found(words), PAGE).get_page(request.GET.get("page"))
    contact_seen(viewer=actor, people=[each.pk for each in page.object_list], way=Way.LIST)
    return render(request, "portal/operator/people.html", {"page": page, "words": words})


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
