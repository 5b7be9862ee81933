"""Every e-mail, for the operator: what waits, what left, what failed and why (P4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from renfort.kernel.actors import Actor
from renfort.kernel.http import Request, enter
from renfort.kernel.templatetags.ui import number
from renfort.notifications.components import body_is_shown, state_badge
from renfort.notifications.enums import OutgoingState
from renfort.notifications.forms import OutgoingFilterForm
from renfort.notifications.models import Outgoing
from renfort.notifications.selectors import failures, outgoing, outgoing_again, outgoing_counts
from renfort.notifications.services import retry, retry_all
from renfort.organisations.enums import Programme, Role

PER_PAGE = 20

# An e-mail's HTML styles itself and may contain what people wrote: alone in a frame that can do nothing, not even navigate.
# The page around needs no exception: without a frame-src of its own, the site's « default-src 'self' » lets it hold our frame.
FRAMED = {"default-src": [NONE], "style-src": [UNSAFE_INLINE], "img-src": ["data:"], "frame-ancestors": [SELF], "sandbox": [True]}
View = TypeVar("View", bound=Callable[..., HttpResponse])


def framed(view: View) -> View:
    """A view shown inside a frame of ours, with the policy above."""
    return cast(View, xframe_options_sameorigin(csp(FRAMED)(view)))


def enter_operator(request: Request) -> Actor:
    """Open a page as operator; 404 for anybody else."""
    return enter(request, Programme.PLATFORM, Role.OPERATOR)


@login_required
@require_safe
def outgoing_list(request: Request) -> HttpResponse:
    """E-mails, newest first, by words and state; the same number of queries however many."""
    enter_operator(request)
    form = OutgoingFilterForm(request.GET or None)
    words, state = form.asked()
    page = Paginator(outgoing(words=words, state=state), PER_PAGE).get_page(request.GET.get("page"))
    counts = outgoing_counts()
    context = {
        "page": page,
        "rows": [(row, state_badge(row)) for row in page.object_list],
        "filters": form,
        "states": [_state_link(request, each, counts[each.value], state) for each in OutgoingState],
        "is_filtered": bool(words or state),
        "failures": failures() if state == OutgoingState.FAILED else [],
        "retriable": outgoing_again(words).count() if state == OutgoingState.FAILED else 0,
        "words": words,
    }
    return render(request, "notifications/outgoing_list.html", context)


@login_required
@require_safe
def outgoing_detail(request: Request, pk: int) -> HttpResponse:
    """One e-mail: to whom, where it stands, what it says unless it is secret."""
    enter_operator(request)
    row = get_object_or_404(outgoing_whole(), pk=pk)
    context = {"row": row, "state_badge": state_badge(row), "shows_body": body_is_shown(row), "may_retry": _may_retry(row)}
    return render(request, "notifications/outgoing_detail.html", context)


@login_required
@require_safe
@never_cache
@framed
def outgoing_html(request: Request, pk: int) -> HttpResponse:
    """The HTML of one e-mail, for the frame of its page."""
    enter_operator(request)
    row = get_object_or_404(outgoing_whole(), pk=pk)
    if not body_is_shown(row):
        raise Http404
    return HttpResponse(row.html)


@login_required
@require_POST
def outgoing_retry(request: Request, pk: int) -> HttpResponse:
    """« Réessayer » : try again within seconds an e-mail that did not leave."""
    actor = enter_operator(request)
    row = get_object_or_404(outgoing_whole(), pk=pk)
    if retry(actor=actor, row=row):
        messages.success(request, _("Nouvel essai dans quelques secondes."))
    else:
        messages.warning(request, _("Cet e-mail est déjà parti, ou son adresse ne permet pas de l'envoyer."))
    return redirect("notifications:outgoing-detail", pk)


@login_required
@require_POST
def outgoing_retry_all(request: Request) -> HttpResponse:
    """« Réessayer tous les e-mails non partis », those of the search alone when one was made."""
    actor = enter_operator(request)
    form = OutgoingFilterForm(request.POST)
    count = retry_all(actor=actor, words=form.asked()[0])
    if count:
        said = ngettext("%(n)s e-mail repart dans quelques secondes.", "%(n)s e-mails repartent dans quelques secondes.", count)
        messages.success(request, said % {"n": number(count)})
    else:
        messages.warning(request, _("Il n'y a rien à renvoyer : ces e-mails sont partis, ou n'ont pas d'adresse."))
    return redirect(f"{reverse('notifications:outgoing-list')}?etat={OutgoingState.WAITING}")


def outgoing_whole() -> Any:
    """E-mails with their bodies and persons."""
    return Outgoing.objects.select_related("person")


def _may_retry(row: Outgoing) -> bool:
    return row.sent_at is None and bool(row.address)


def _state_link(request: Request, state: OutgoingState, count: int, current: str) -> dict[str, Any]:
    """A state with its count: a link that shows it alone, or all of them again."""
    query = request.GET.copy()
    query.pop("page", None)
    is_on = state.value == current
    if is_on:
        query.pop("etat", None)
    else:
        query["etat"] = state.value
    return {"label": state.label, "count": count, "is_on": is_on, "url": f"?{query.urlencode()}" if query else request.path}
