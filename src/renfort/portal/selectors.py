"""What the front door shows."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Sum

from renfort.missions.models import Domain, Mission
from renfort.missions.selectors.mission import active_domains, for_cards, open_missions, places_taken
from renfort.organisations.models import Organisation

LATEST = 6


@dataclass(frozen=True, slots=True)
class Figures:
    """The public figures; places are those offered by open missions."""

    missions: int
    places: int
    organisations: int


@dataclass(frozen=True, slots=True)
class Home:
    """All that the home page reads, in five queries whatever the number of missions."""

    latest: list[Mission]
    domains: list[Domain]
    figures: Figures
    by_department: dict[str, int]


def home() -> Home:
    """Latest missions with places left, the domains, public figures, open missions by department (R1)."""
    newest = for_cards(open_missions()).order_by("-published_at", "-id")[: LATEST * 2]
    latest = [mission for mission in newest if places_taken(mission) < mission.places][:LATEST]
    counted = open_missions().aggregate(missions=Count("pk"), places=Sum("places"))
    by_department = open_missions().values_list("department_id").annotate(count=Count("pk")).order_by()
    figures = Figures(missions=counted["missions"], places=counted["places"] or 0, organisations=Organisation.objects.count())
    return Home(latest=latest, domains=active_domains(), figures=figures, by_department=dict(by_department))
