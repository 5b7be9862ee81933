"""Domains of action as the operator writes them: words, rules with versions, limits, order, open or closed (R10, R13, R58)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.jobs.services import once
from renfort.kernel.http import Request
from renfort.missions.components.domains import change_rows
from renfort.missions.forms.domain import DomainForm, initial_of_domain
from renfort.missions.models import Domain
from renfort.missions.selectors.domains import changes_of_domain, domains_used, versions_of
from renfort.missions.selectors.mission import rules_in_force
from renfort.missions.services.domains import (
    FIELDS,
    WORDING,
    add_domain,
    edit_domain,
    move_domain,
    offer_domain,
    write_rules,
)
from renfort.missions.views.operator import enter_operator
from renfort.people.selectors import names_of

UNPROCESSABLE = 422


@login_required
@require_safe
def domain_list(request: Request) -> HttpResponse:
    """Every domain in its order, with where it is used."""
    enter_operator(request)
    return render(request, "missions/operator/domain_list.html", {"rows": domains_used()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def domain_new(request: Request) -> HttpResponse:
    """« Nouveau domaine »."""
    actor = enter_operator(request)
    form = DomainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():

        def make() -> str:
            made = add_domain(actor=actor, facts=form.facts(), wording=form.wording())
            return reverse("missions:operator-domain", args=[made.pk])

        address = once(form.cleaned_data["form_token"], owner=str(request.user.pk), make=make)
        messages.success(request, _("Le domaine est ouvert."))
        return redirect(address)
    context: dict[str, Any] = {"form": form, "domain": None, "rows": [], "versions": [], "seen_url": ""}
    return render(request, "missions/operator/domain.html", context, status=UNPROCESSABLE if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def domain(request: Request, pk: int) -> HttpResponse:
    """One domain: what it says, its rules, what it said before."""
    actor = enter_operator(request)
    found = _domain_or_404(pk)
    rules = rules_in_force(pk)
    form = DomainForm(request.POST if request.method == "POST" else None, initial=initial_of_domain(found, rules))
    if request.method == "POST" and form.is_valid():
        edit_domain(actor=actor, domain=found, facts=form.facts())
        write_rules(actor=actor, domain=found, wording=form.wording())
        messages.success(request, _("Vos modifications sont enregistrées : le site les montre dès maintenant."))
        return redirect("missions:operator-domain", pk)
    changes = changes_of_domain(found)
    context = {
        "form": form,
        "domain": found,
        "rows": change_rows(changes, names_of({each.by for each in changes if each.by is not None})),
        "versions": versions_of(found),
        "seen_url": f"{reverse('portal:rules')}#domaine-{found.key}" if found.is_active else "",
    }
    return render(request, "missions/operator/domain.html", context, status=UNPROCESSABLE if form.errors else 200)


@login_required
@require_POST
def domain_act(request: Request, pk: int, verb: str) -> HttpResponse:
    """Move, close, open; bring back what a field or the rules said before."""
    actor = enter_operator(request)
    found = _domain_or_404(pk)
    if verb in ("monter", "descendre"):
        move_domain(actor=actor, domain=found, down=verb == "descendre")
        return redirect(f"{reverse('missions:operator-domains')}#domaine-{pk}")
    if verb in ("fermer", "ouvrir"):
        offer_domain(actor=actor, domain=found, offered=verb == "ouvrir")
        return redirect(f"{reverse('missions:operator-domains')}#domaine-{pk}")
    if verb == "version":
        wanted = _one(versions_of(found), request.POST.get("ligne", ""))
        write_rules(actor=actor, domain=found, wording={name: getattr(wanted, name) for name in WORDING})
        messages.success(request, _("Ces règles sont de nouveau en vigueur, sous un nouveau numéro de version."))
    elif verb == "retablir":
        wanted = _one([each for each in changes_of_domain(found, most=500) if each.verb == "edit"], request.POST.get("ligne", ""))
        edit_domain(actor=actor, domain=found, facts={name: pair[0] for name, pair in wanted.changes.items() if name in FIELDS})
        messages.success(request, _("C'est rétabli comme avant ce changement."))
    else:
        raise Http404
    return redirect("missions:operator-domain", pk)


def _one(rows: Any, number: str) -> Any:
    found = next((row for row in rows if str(row.pk) == number), None)
    if found is None:
        raise Http404
    return found


def _domain_or_404(pk: int) -> Domain:
    found = Domain.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
