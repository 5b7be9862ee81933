"""The public page of an organisation: who it is, what it looks for (R9, R30)."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from renfort.kernel.http import Request
from renfort.kernel.pages import dressed_page
from renfort.missions.components import mission_card
from renfort.missions.components.organisation import organisation_facts, organisation_kind, place_map
from renfort.missions.components.share import share_of
from renfort.missions.models import Mission
from renfort.missions.models.mission import organisation_slug, organisation_url
from renfort.missions.selectors.mission import of_cards
from renfort.missions.selectors.organisation import missions_of_organisation, organisation_has_left, public_organisation
from renfort.missions.selectors.room import count_places
from renfort.missions.selectors.volunteer import favourites_among
from renfort.organisations.rules import works_in
from renfort.organisations.selectors import confirmed_networks
from renfort.organisations.selectors.merges import stands_for

GONE = 410


@require_safe
def organisation_detail(request: Request, pk: int, slug: str) -> HttpResponse:
    """Name, kind, description, place, open missions. An old address leads to the present one. Six queries.

    Raises:
        Http404: no such organisation; 410 with a sentence when it has left.
    """
    organisation = public_organisation(pk)
    if organisation is None and (stays := stands_for(pk)) is not None:
        return redirect(organisation_url(stays), permanent=True)  # two entries that became one (R55)
    if organisation is None and organisation_has_left(pk):
        return render(request, "missions/public/organisation_gone.html", status=GONE)
    if organisation is None:
        raise Http404
    url = organisation_url(organisation)
    if slug != organisation_slug(organisation):
        return redirect(url, permanent=True)
    page = dressed_page(request, missions_of_organisation(organisation), of_cards(Mission.objects.all()))
    count_places(page.object_list)
    kept = favourites_among(request.actor.person_id, [mission.pk for mission in page.object_list])
    is_own = works_in(request.actor, organisation.pk)
    context = {
        "organisation": organisation,
        "kind": organisation_kind(organisation),
        "facts": organisation_facts(organisation, confirmed_networks(organisation)),
        "page": page,
        "cards": [mission_card(mission, favourites=kept) for mission in page.object_list],
        "total": page.paginator.count,
        "map": place_map(organisation.department_id),
        "share": share_of(title=organisation.name, subject=organisation.name, path=url),
        "canonical": settings.BASE_URL + url + (f"?page={page.number}" if page.number > 1 else ""),
        "host_url": reverse("missions:host-missions", args=[organisation.pk]) if is_own else "",
    }
    return render(request, "missions/public/organisation_detail.html", context)
