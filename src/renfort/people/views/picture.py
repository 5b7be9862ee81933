"""A person's picture: put it, take it away, show it to those who may see it (R7)."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from renfort.jobs.catalogue import PICTURE
from renfort.jobs.middleware import refused, told, too_late
from renfort.kernel.actors import Actor
from renfort.kernel.http import Request
from renfort.people import services
from renfort.people.forms.picture import PictureForm
from renfort.people.models import Account, Person
from renfort.people.selectors import person_of_picture, picture_path
from renfort.people.views.account import show_profile

FRESH = 3600  # seconds for which a browser need not ask again whether it may still see


@login_required
@require_POST
def picture_edit(request: Request) -> HttpResponse:
    """« Enregistrer la photo », or « Retirer la photo »; what cannot be used comes back with its sentence."""
    person = cast(Account, request.user).person
    if "retirer" in request.POST:
        services.drop_picture(actor=request.actor, person=person)
        messages.success(request, _("Votre photo est retirée : vos initiales la remplacent."))
        return redirect("people:profile")
    form = PictureForm(request.POST, request.FILES)
    refusal = refused(request, PICTURE)
    if refusal is not None:
        told(form, refusal)
        return too_late(show_profile(request, picture_form=form), refusal)
    if not form.is_valid():
        return show_profile(request, picture_form=form)
    services.put_picture(actor=request.actor, person=person, renditions=form.cleaned_data["picture"])
    messages.success(request, _("Votre photo est enregistrée."))
    return redirect("people:profile")


@login_required
@require_safe
def picture(request: Request, key: str, size: str) -> HttpResponse:
    """One rendition, for the person, the team, and the organisations that may see the person's contact data now.

    Raises:
        Http404: there is none, or this reader may not see it.
    """
    person = person_of_picture(key)
    if person is None or not may_see(request.actor, person):
        raise Http404
    etag = quote_etag(f"{key}-{size}")
    path = picture_path(key, int(size))
    if not default_storage.exists(path):
        raise Http404
    with default_storage.open(path) as file:
        response = HttpResponse(file.read(), content_type="image/webp")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"private, max-age={FRESH}"
    return get_conditional_response(request, etag=etag, response=response) or response


def may_see(actor: Actor, person: Person) -> bool:
    """Whether the actor may see the picture: one's own, or because an upper storey (``settings.PICTURE_SEERS``) says so."""
    if actor.person_id == person.pk:
        return True
    return any(import_string(path)(actor, person.pk) for path in settings.PICTURE_SEERS)
