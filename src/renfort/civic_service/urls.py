"""The addresses of the programme « service civique »; while the operator keeps it closed, none of them exists."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from renfort.civic_service.views import (
    access,
    campaigns,
    directory,
    establishment_home,
    federations,
    projects,
    records,
    review,
    schools,
    team,
)
from renfort.organisations.enums import Programme
from renfort.parameters.selectors import is_open

app_name = "civic_service"


def page(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    """One address, which exists only while the programme is open."""

    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_open(Programme.CIVIC_SERVICE):
            raise Http404
        return view(request, *args, **kwargs)

    return path(route, inside, name=name)


def both(route: str, view: Callable[..., HttpResponseBase], name: str) -> list[URLPattern]:
    """A page of case managers twice: of a federation's (``manager``), of the national ones (``national``)."""
    suffix = f"-{name}" if name else ""
    return [
        page(f"gestion/<int:federation>/{route}", view, f"manager{suffix}"),
        page(f"gestion/{route}", view, f"national{suffix}"),
    ]


urlpatterns = [
    # somebody whom an establishment asks to come in
    page("acces/<str:token>/", access.access, "access"),
    # an establishment: its leads and tutors
    page("etablissements/<int:organisation>/", establishment_home.home, "establishment"),
    page("etablissements/<int:organisation>/projets/", projects.projects, "projects"),
    page("etablissements/<int:organisation>/projets/nouveau/", projects.project_new, "project-new"),
    page("etablissements/<int:organisation>/projets/<int:pk>/modifier/", projects.project_edit, "project-edit"),
    page("etablissements/<int:organisation>/projets/<int:pk>/copier/", projects.project_copy, "project-copy"),
    page("etablissements/<int:organisation>/fiche/", records.record, "record"),
    page("etablissements/<int:organisation>/fiche/modifier/", records.record_edit, "record-edit"),
    page("etablissements/<int:organisation>/equipe/", team.team, "team"),
    page("etablissements/<int:organisation>/equipe/ajouter/", team.person_new, "team-new"),
    page("etablissements/<int:organisation>/equipe/<int:post>/", team.person_edit, "team-edit"),
    page("etablissements/<int:organisation>/equipe/<int:post>/inviter/", team.invite, "team-invite"),
    page("etablissements/<int:organisation>/equipe/<int:post>/confier/", team.hand_over, "team-hand-over"),
    page("etablissements/<int:organisation>/equipe/<int:post>/retirer/", team.end, "team-end"),
    # a host project: everybody concerned, in the role that may see it
    page("projets/<int:pk>/", projects.project, "project"),
    page("projets/<int:pk>/<slug:path>/", projects.project_act, "project-act"),
    # case managers: a federation's, the national ones
    *both("", review.home, ""),
    *both("projets/a-etudier/", review.queue, "queue"),
    *both("projets/", review.projects, "projects"),
    *both("projets/exporter/", review.projects_export, "projects-export"),
    *both("projets/<int:pk>/", review.case, "case"),
    *both("projets/<int:pk>/avis/", review.opinion, "case-opinion"),
    *both("projets/<int:pk>/<slug:path>/", review.case_act, "case-act"),
    page("gestion/<int:federation>/etablissements/", schools.of_federation, "schools"),
    page("gestion/etablissements/", schools.national, "national-schools"),
    # the directory: national case managers, the operator
    page("annuaire/", directory.runs, "directory"),
    page("annuaire/fichier/", directory.bring, "directory-file"),
    page("annuaire/fichier/modele/", directory.model, "directory-model"),
    page("annuaire/relire/", directory.ask, "directory-ask"),
    page("annuaire/relire/<int:organisation>/", directory.ask, "directory-ask-one"),
    page("annuaire/<int:pk>/", directory.run, "directory-run"),
    page("annuaire/<int:pk>/confirmer/", directory.confirm, "directory-confirm"),
    page("annuaire/<int:pk>/laisser/", directory.drop, "directory-drop"),
    page("annuaire/<int:pk>/arreter/", directory.stop, "directory-stop"),
    page("annuaire/<int:pk>/defaire/", directory.undo, "directory-undo"),
    page("annuaire/<int:pk>/a-corriger/", directory.wrong_lines, "directory-lines"),
    # campaigns, approvals, amounts, places
    page("etablissements/<int:organisation>/campagnes/<int:pk>/", campaigns.establishment_campaign, "establishment-campaign"),
    page("gestion/<int:federation>/campagnes/", campaigns.campaigns, "manager-campaigns"),
    page("gestion/<int:federation>/campagnes/<int:pk>/", campaigns.campaign, "manager-campaign"),
    page("gestion/<int:federation>/campagnes/<int:pk>/places/", campaigns.campaign_places, "manager-campaign-places"),
    page(
        "gestion/<int:federation>/campagnes/<int:pk>/places/<int:establishment>/",
        campaigns.campaign_place,
        "manager-campaign-place",
    ),
    page("campagnes/", campaigns.campaigns, "campaigns"),
    page("campagnes/nouvelle/", campaigns.campaign_new, "campaign-new"),
    page("campagnes/<int:pk>/", campaigns.campaign, "campaign"),
    page("campagnes/<int:pk>/modifier/", campaigns.campaign_edit, "campaign-edit"),
    page("campagnes/<int:pk>/classes/", campaigns.class_set, "campaign-class"),
    page("campagnes/<int:pk>/classes/<int:from_pupils>/retirer/", campaigns.class_remove, "campaign-class-remove"),
    page("campagnes/<int:pk>/places/", campaigns.campaign_places, "campaign-places"),
    page("campagnes/<int:pk>/places/<int:establishment>/", campaigns.campaign_place, "campaign-place"),
    page("campagnes/<int:pk>/<slug:path>/", campaigns.campaign_act, "campaign-act"),
    page("agrements/", campaigns.approvals, "approvals"),
    page("agrements/nouveau/", campaigns.approval, "approval-new"),
    page("agrements/<int:pk>/", campaigns.approval, "approval"),
    page("montants/", campaigns.figures, "figures"),
    # federations, their territories and their case managers
    page("federations/", federations.federations, "federations"),
    page("federations/nouvelle/", federations.federation_new, "federation-new"),
    page("federations/<int:pk>/", federations.federation, "federation"),
    page("federations/<int:pk>/inviter/", federations.manager_invite, "manager-invite"),
    page("federations/<int:pk>/invitations/<int:invitation>/", federations.invitation_act, "manager-invitation-act"),
    page("federations/<int:pk>/gestionnaires/<int:grant>/retirer/", federations.manager_remove, "manager-remove"),
    page("invitation/<slug:token>/", federations.invitation, "manager-invitation"),
]
