"""« Modifier avec la structure »: a referent changes a mission with its organisation (R55)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from renfort.kernel.firing import NotAllowed
from renfort.kernel.http import Request
from renfort.missions.forms.desk import Desk
from renfort.missions.models import Mission
from renfort.missions.rules import helps, is_of_its_team
from renfort.missions.selectors.mission import with_places
from renfort.missions.selectors.policy import with_policy
from renfort.missions.selectors.territory import territory_missions
from renfort.missions.services.mission import CLOSED
from renfort.missions.views.mission_form import Page, edit_page
from renfort.organisations.views.territory import enter_referent


class OfficerPage(Page):
    """The organisation's form in a referent's hands. What is typed is not kept: a form left half-way is the organisation's."""

    template_name = "missions/referent/mission_form.html"

    def __init__(self, request: Request, pk: int) -> None:  # not the organisation's entrance: the referent's
        self.request = request
        self.actor = enter_referent(request)
        self.number = pk
        mission = self.again()
        self.host = mission.organisation
        if is_of_its_team.stands(self.actor, mission):
            raise NotAllowed(_("Vous faites partie de l'équipe de cette structure : modifiez sa mission depuis son espace."))
        if mission.state not in CLOSED and not helps(self.actor, mission):
            raise NotAllowed(_("Cette mission n'est pas de celles que vous suivez."))
        self.team = [mission.responsible, *(each for each in mission.deputies.all() if each != mission.responsible)]

    @property
    def address(self) -> str:
        """Where this form stands."""
        return reverse("missions:referent-mission-edit", args=[self.number])

    @property
    def back(self) -> str:
        """The referent's page of the mission."""
        return reverse("missions:referent-mission", args=[self.number])

    def again(self) -> Mission:
        """The mission as it is now, with all that its form and its rules read."""
        rows = with_policy(with_places(territory_missions(self.actor, {}).filter(pk=self.number)))
        found = rows.select_related("domain", "department", "rules", "responsible", "organisation").first()
        if found is None:
            raise Http404
        self.mission = found
        return found

    def links(self) -> dict[str, str]:
        """Nothing is asked meanwhile, and nobody is invited."""
        return {"keep_url": "", "team_url": "", "invite_url": ""}

    def keep(self, desk: Desk) -> None:
        """What is wrong stands on the page; it is not kept beside."""


@login_required
def mission_edit(request: Request, pk: int) -> HttpResponse:
    """The form, and what was sent."""
    return edit_page(request, OfficerPage(request, pk))
