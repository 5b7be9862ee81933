"""The logo of an organisation: put it, take it away, show it (R9)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from renfort.jobs.catalogue import PICTURE
from renfort.jobs.middleware import refused, told, too_late
from renfort.kernel.http import Request
from renfort.organisations.forms.logo import LogoForm
from renfort.organisations.selectors import organisation_managed
from renfort.organisations.selectors.logos import logo_is_shown, logo_path
from renfort.organisations.services.logo import drop_logo, put_logo
from renfort.organisations.views.host import enter_host, show_own

FRESH = 24 * 3600  # seconds for which anybody may keep one; another logo has another address


@login_required
@require_POST
def logo_edit(request: Request, organisation: int) -> HttpResponse:
    """« Enregistrer le logo », or « Retirer le logo »; what cannot be used comes back with its sentence."""
    actor = enter_host(request, organisation)
    found = organisation_managed(actor, organisation)
    if found is None:
        raise Http404
    if "retirer" in request.POST:
        drop_logo(actor=actor, organisation=found)
        messages.success(request, _("Le logo est retiré."))
        return redirect("organisations:own", organisation)
    form = LogoForm(request.POST, request.FILES)
    refusal = refused(request, PICTURE)
    if refusal is not None:
        told(form, refusal)
        return too_late(show_own(request, found, logo_form=form), refusal)
    if not form.is_valid():
        return show_own(request, found, logo_form=form)
    put_logo(actor=actor, organisation=found, image=form.cleaned_data["logo"])
    messages.success(request, _("Le logo est enregistré : il se voit sur votre page et sur vos missions."))
    return redirect("organisations:own", organisation)


@require_safe
def logo(request: HttpRequest, key: str) -> HttpResponse:
    """The file, for everybody.

    Raises:
        Http404: nobody's present logo.
    """
    path = logo_path(key)
    if not logo_is_shown(key) or not default_storage.exists(path):
        raise Http404
    with default_storage.open(path) as file:
        response = HttpResponse(file.read(), content_type="image/webp")
    response.headers["Cache-Control"] = f"public, max-age={FRESH}"
    return response
