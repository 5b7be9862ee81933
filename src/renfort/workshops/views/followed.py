"""« Mes commandes »: what a client's contact follows, read only; and the link that lets them in (W11)."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused
from renfort.kernel.http import Request, enter
from renfort.kernel.pages import page_of
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.workshops.components import assignment_badge, progress_gauge, session_badge
from renfort.workshops.enums import AssignmentState, Presence
from renfort.workshops.models import Assignment
from renfort.workshops.selectors.clients import contact_of_token, orders_followed
from renfort.workshops.selectors.closing import attended
from renfort.workshops.selectors.join_links import join_links
from renfort.workshops.selectors.sessions import progress_of, sessions_of
from renfort.workshops.services.clients import accept_contact
from renfort.workshops.services.closing import sealed
from renfort.workshops.views.closing import paper_file

CONFLICT = 409


def _enter(request: Request, organisation: int) -> Actor:
    return enter(request, Programme.WORKSHOPS, Role.CLIENT_CONTACT, ScopeKind.ORGANISATION, organisation)


@login_required
@require_safe
def orders(request: Request, organisation: int) -> HttpResponse:
    """« Mes commandes »."""
    actor = _enter(request, organisation)
    page = page_of(request, orders_followed(actor, organisation))
    found = list(page.object_list)
    progress = progress_of(found)
    context = {
        "page": page,
        "rows": [(each, assignment_badge(each), progress_gauge(progress[each.pk])) for each in found],
        "name": actor.acting and actor.acting.name,
        "organisation": organisation,
    }
    return render(request, "workshops/followed/orders.html", context)


def _one_or_404(actor: Actor, organisation: int, pk: int) -> Assignment:
    found = orders_followed(actor, organisation).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def order(request: Request, organisation: int, pk: int) -> HttpResponse:
    """One order: its sessions with the link to hand on to participants, the figures, the « bilan » once it is closed."""
    actor = _enter(request, organisation)
    found = _one_or_404(actor, organisation, pk)
    sessions = sessions_of(found)
    counted, links = attended(sessions), join_links(sessions)
    context = {
        "assignment": found,
        "order": found.order,
        "organisation": organisation,
        "state_badge": assignment_badge(found),
        "progress": progress_of([found])[pk],
        "sessions": [
            (each, session_badge(each), Presence(each.presence).label, counted.get(each.pk),
             f"{settings.BASE_URL}{links[each.pk]}" if each.pk in links else "")
            for each in sessions
        ],
        "coordinator": found.coordinator.person if found.coordinator is not None else None,
        "summary": sealed(found) if found.state == AssignmentState.CLOSED else None,
    }  # fmt: skip
    return render(request, "workshops/followed/order.html", context)


@login_required
@require_safe
def summary(request: Request, organisation: int, pk: int) -> HttpResponseBase:
    """« Bilan de mission » of a closed order, as it was sealed."""
    actor = _enter(request, organisation)
    return paper_file(sealed(_one_or_404(actor, organisation, pk)))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: Request, token: str) -> HttpResponse:
    """The link sent to a contact: says whose orders, and lets whoever holds it follow them, once."""
    found = contact_of_token(token)
    if found is None:
        raise Http404
    refusals: list[str] = []
    if request.method == "POST":
        try:
            accept_contact(actor=request.actor, contact=found)
        except Refused as refused:
            refusals = refused.sentences
        else:
            messages.success(request, _("Vous suivez maintenant ces commandes."))
            return redirect("workshops:client-orders", found.client_id)
    context = {"contact": found, "client": found.client, "refusals": refusals}
    return render(request, "workshops/followed/invitation.html", context, status=CONFLICT if refusals else 200)
