"""The addresses of the programme « service civique »; while the operator keeps it closed, none of them exists."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from renfort.civic_service.views import access, establishments, records, schools, team
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


urlpatterns = [
    # somebody whom an establishment asks to come in
    page("acces/<str:token>/", access.access, "access"),
    # an establishment: its leads and tutors
    page("etablissements/<int:organisation>/", establishments.home, "establishment"),
    page("etablissements/<int:organisation>/fiche/", records.record, "record"),
    page("etablissements/<int:organisation>/fiche/modifier/", records.record_edit, "record-edit"),
    page("etablissements/<int:organisation>/equipe/", team.team, "team"),
    page("etablissements/<int:organisation>/equipe/ajouter/", team.person_new, "team-new"),
    page("etablissements/<int:organisation>/equipe/<int:post>/", team.person_edit, "team-edit"),
    page("etablissements/<int:organisation>/equipe/<int:post>/inviter/", team.invite, "team-invite"),
    page("etablissements/<int:organisation>/equipe/<int:post>/confier/", team.hand_over, "team-hand-over"),
    page("etablissements/<int:organisation>/equipe/<int:post>/retirer/", team.end, "team-end"),
    # case managers: a federation's, the national ones
    page("gestion/<int:federation>/etablissements/", schools.of_federation, "schools"),
    page("gestion/etablissements/", schools.national, "national-schools"),
    page("gestion/<int:federation>/", establishments.manager_home, "manager"),
    page("gestion/", establishments.national_home, "national"),
]
