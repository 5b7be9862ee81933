"""« Mes favoris »: keep a mission for later, let it go, see what became of each (R62)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from renfort.kernel.http import Request
from renfort.kernel.pages import page_of
from renfort.kernel.sentences import Sentence
from renfort.missions.components import mission_card
from renfort.missions.components.favourites import fate_of
from renfort.missions.models import Mission
from renfort.missions.rules import has_joined
from renfort.missions.selectors.mission import cards_of, public_mission
from renfort.missions.selectors.volunteer import favourites_of
from renfort.missions.services.volunteer import FAVOURITE, keep, let_go
from renfort.missions.views.volunteer import enter_volunteer
from renfort.people.services import remember
from renfort.people.views.arrival import safe_next


@login_required
@require_safe
def favourite_list(request: Request) -> HttpResponse:
    """What one keeps, newest first, each with what became of it. Three queries whatever the number."""
    actor = enter_volunteer(request)
    page = page_of(request, favourites_of(actor.person_id or 0))
    kept = list(page.object_list)
    missions = cards_of(each.mission_id for each in kept)
    marked = frozenset(missions)
    context = {
        "page": page,
        "cards": [
            (mission_card(mission, favourites=marked), fate_of(mission))
            for each in kept
            if (mission := missions.get(each.mission_id)) is not None
        ],
    }
    return render(request, "missions/volunteer/favourites.html", context)


@require_POST
def favourite(request: Request) -> HttpResponse:
    """The heart of a card: ``garder`` or ``retirer`` with the mission's number. A script is answered in JSON.

    Somebody unknown, or who is not a volunteer yet, is led through sign-up, then back, with the mission kept.

    Raises:
        Http404: there is no such mission to see.
    """
    number = request.POST.get("garder") or request.POST.get("retirer") or ""
    pk = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0  # noqa: PLR2004 -- fits a bigint
    wants = "garder" in request.POST
    if not has_joined(request.actor):
        return _through_sign_up(request, _public_or_404(pk))
    sentence = ""
    try:
        if wants:
            keep(actor=request.actor, mission=_public_or_404(pk))
            sentence = _("Gardée dans vos favoris.")
        elif let_go(actor=request.actor, mission_id=pk):
            sentence = _("Retirée de vos favoris.")
    except Sentence as refusal:
        return _answer(request, pk, str(refusal), ok=False)
    return _answer(request, pk, sentence, ok=True)


def _public_or_404(pk: int) -> Mission:
    mission = public_mission(pk)
    if mission is None:
        raise Http404
    return mission


def _answer(request: Request, pk: int, sentence: str, *, ok: bool) -> HttpResponse:
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"sentence": sentence}, status=200 if ok else 409)
    if sentence:
        (messages.success if ok else messages.warning)(request, sentence)
    back = safe_next(request)
    return redirect(f"{back.partition('#')[0]}#mission-{pk}" if back else "missions:volunteer-favourites")


def _through_sign_up(request: HttpRequest, mission: Mission) -> HttpResponse:
    """Keep what the person wanted; signing in or opening the link of the e-mail does it."""
    back = safe_next(request) or mission.get_absolute_url()
    remember(request.session, kind=FAVOURITE, payload={"mission": mission.pk}, label="", url=back)
    messages.info(request, _("Pour retrouver vos favoris partout, créez votre compte ou connectez-vous."))
    return redirect("people:sign-up-volunteer")
