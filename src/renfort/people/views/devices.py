"""« Appareils connectés »: close one, or all the others, at once (R8, P11)."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from renfort.kernel.http import Request
from renfort.people import services
from renfort.people.models import Account
from renfort.people.selectors import open_sessions


@login_required
@require_POST
def device_close(request: Request, pk: int) -> HttpResponse:
    """Sign out of one browser; of this very one, that is signing out.

    Raises:
        Http404: somebody else's, or none.
    """
    holder = cast(Account, request.user)
    chosen = open_sessions(holder).filter(pk=pk).first()
    if chosen is None:
        raise Http404
    if chosen.session_id == request.session.session_key:
        logout(request)
        return redirect(settings.LOGOUT_REDIRECT_URL)
    services.end_session(actor=request.actor, account=holder, number=pk)
    messages.success(request, _("Cet appareil est déconnecté."))
    return redirect("people:account")


@login_required
@require_POST
def devices_close(request: Request) -> HttpResponse:
    """Sign out everywhere but here."""
    holder = cast(Account, request.user)
    count = services.end_sessions(actor=request.actor, account=holder, but=request.session.session_key or "")
    if count:
        text = ngettext("%(n)d autre appareil est déconnecté.", "%(n)d autres appareils sont déconnectés.", count)
        messages.success(request, text % {"n": count})
    else:
        messages.info(request, _("Vous n'êtes connecté nulle part ailleurs."))
    return redirect("people:account")
