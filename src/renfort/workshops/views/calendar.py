"""Sessions in one's own calendar: an address to subscribe to, revocable (W12)."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from renfort.jobs.catalogue import CALENDAR, CALENDAR_UNKNOWN
from renfort.jobs.middleware import refused, too_late, too_many
from renfort.kernel.http import Request
from renfort.workshops.components.ics import sessions_file
from renfort.workshops.selectors.calendar import calendar_of_token, calendar_url, expected_of
from renfort.workshops.services.calendar import close_calendar, open_calendar
from renfort.workshops.views.menus import enter_facilitator

FRESH = 900  # seconds for which a calendar program need not ask again


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: Request) -> HttpResponse:
    """« Mon agenda »: make the address, make another, close it."""
    actor = enter_facilitator(request)
    if request.method == "POST":
        match request.POST.get("faire"):
            case "ouvrir":
                open_calendar(actor=actor)
                messages.success(request, _("Votre adresse est prête. Une adresse précédente ne fonctionne plus."))
            case "fermer":
                close_calendar(actor=actor)
                messages.success(request, _("L'adresse ne fonctionne plus : votre agenda ne se mettra plus à jour."))
            case _unknown:
                messages.warning(request, _("Choisissez l'un des boutons de la page."))
        return redirect("workshops:calendar")
    url = calendar_url(actor.person_id or 0)
    context = {"url": url, "webcal_url": "webcal://" + url.partition("://")[2] if url else ""}
    return render(request, "workshops/animation/calendar.html", context)


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind an unguessable address: nobody is signed in, no cookie is read or set.

    304 when nothing has changed, 429 when a program asks without end.

    Raises:
        Http404: the address opens nothing, or no longer.
    """
    address = calendar_of_token(token)
    account = getattr(address.person, "account", None) if address is not None else None
    if address is None or account is None or not account.is_active:
        if refusal := refused(request, CALENDAR_UNKNOWN):
            return too_many(request, refusal)
        raise Http404
    if refusal := refused(request, CALENDAR, typed=address.digest):
        plain = HttpResponse(refusal.sentence, content_type="text/plain; charset=utf-8")
        return too_late(plain, refusal)
    with translation.override(account.language):
        body = sessions_file(expected_of(address.person_id), name=_("Mes sessions"))
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"private, max-age={FRESH}"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Disposition"] = 'inline; filename="sessions.ics"'
    return get_conditional_response(request, etag=etag, response=response) or response
