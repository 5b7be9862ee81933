"""Pages of the head of a national network: which organisations are of it (R5, R56, P13)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from renfort.kernel.actions import Action, actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.http import Request, enter
from renfort.kernel.pages import page_of
from renfort.kernel.views import act
from renfort.organisations.components import organisation_badge
from renfort.organisations.enums import OrganisationState, Programme, Role, ScopeKind
from renfort.organisations.models import NetworkMembership
from renfort.organisations.selectors import memberships_visible
from renfort.organisations.selectors.memberships import claims_on
from renfort.organisations.services.networks import MOST, decide_claims
from renfort.organisations.workflow import NETWORK, reasons

UNPROCESSABLE = 422
VERBS = ("confirm", "refuse")


def enter_network(request: Request, network: int) -> Actor:
    """Open a page as « superviseur » of the network that the path names; 404 for anybody else, an operator too."""
    return enter(request, Programme.RESERVE, Role.SUPERVISOR, ScopeKind.NETWORK, network)


def _address(network: int) -> str:
    return reverse("organisations:network-claims", args=[network])


def _of(actor: Actor, network: int) -> Any:
    """The network's own memberships: a supervisor of two networks acts here in one (P13)."""
    return memberships_visible(actor).filter(network_id=network).select_related("network", "organisation__department")


def _answers(actor: Actor, network: int, claim: NetworkMembership) -> list[Action]:
    pk = claim.pk
    return actions_of(NETWORK, claim, actor, lambda path: reverse("organisations:network-act", args=[network, pk, path]))


@login_required
@require_safe
def claims(request: Request, network: int) -> HttpResponse:
    """The organisations that say that they are of the network, the oldest first, each with what tells whether it is true."""
    actor = enter_network(request, network)
    waiting = claims_on(network).select_related("network", "organisation__department", "organisation__legal_status")
    page = page_of(request, waiting)
    url = reverse("missions:network-organisations", args=[network])
    rows = [
        {
            "claim": each,
            "badge": "" if each.organisation.state == OrganisationState.VALIDATED else organisation_badge(each.organisation),
            "actions": _answers(actor, network, each),
        }
        for each in page.object_list
    ]
    context = {"network": network, "page": page, "rows": rows, "organisations_url": url}
    return render(request, "organisations/network/claims.html", context)


@login_required
def membership_act(request: Request, network: int, pk: int, path: str) -> HttpResponse:
    """Confirm, refuse with a reason, or say later that the organisation is of the network no more."""
    actor = enter_network(request, network)
    found: NetworkMembership | None = _of(actor, network).filter(pk=pk).first()
    title = f"{found.organisation.name} · {found.network.label}" if found else ""
    is_claim = found is not None and path != NETWORK["end"].path
    back = _address(network) if is_claim else reverse("missions:network-organisations", args=[network])
    return act(request, NETWORK, found, path, actor=actor, title=title, back=back)


class ReasonsForm(forms.Form):
    """Why several claims are refused at once; each organisation reads it."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["reasons"] = reasons()


def _ticked(request: Request) -> dict[int, int]:
    """Number and version of each row that was ticked; nonsense counts for nothing."""
    found = {}
    for each in request.POST.getlist("ligne")[:MOST]:
        number, _dot, version = each.partition(".")
        if all(part.isascii() and part.isdigit() and len(part) < 10 for part in (number, version)):  # noqa: PLR2004 -- fits an integer
            found[int(number)] = int(version)
    return found


@login_required
@require_POST
def claims_many(request: Request, network: int) -> HttpResponse:
    """Several claims at once: what will happen and to whom, then what became of each."""
    actor = enter_network(request, network)
    ticked, verb = _ticked(request), request.POST.get("geste", "")
    chosen = list(_of(actor, network).filter(pk__in=ticked).order_by("created_at", "id"))
    if verb not in VERBS or not chosen:
        messages.warning(request, _("Cochez au moins une structure."))
        return redirect(_address(network))
    form = ReasonsForm(request.POST if "faire" in request.POST else None) if verb == "refuse" else None
    context: dict[str, Any] = {"network": network, "back": _address(network), "verb": verb, "transition": NETWORK[verb]}
    if "faire" not in request.POST or (form is not None and not form.is_valid()):
        told = ngettext(
            "Un e-mail part aux responsables de %(n)d structure.",
            "Un e-mail part aux responsables de %(n)d structures.",
            len(chosen),
        )
        context |= {
            "form": form,
            "rows": [(each, f"{each.pk}.{ticked[each.pk]}") for each in chosen],
            "told": told % {"n": len(chosen)},
        }
        status = UNPROCESSABLE if form is not None and form.errors else 200
        return render(request, "organisations/network/claims_many.html", context, status=status)
    answers = {"reasons": str(form.cleaned_data["reasons"])} if form is not None else {}
    done = decide_claims(actor=actor, verb=verb, claims=chosen, seen=ticked, answers=answers)
    context |= {"done": done, "failed": sum(bool(each.refusals) for each in done)}
    return render(request, "organisations/network/claims_done.html", context)
