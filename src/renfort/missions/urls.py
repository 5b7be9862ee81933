"""Addresses of the réserve, by who is looking."""

from __future__ import annotations

from django.urls import path

from renfort.missions.views import (
    host,
    host_exports,
    host_missions,
    host_participations,
    menus,  # noqa: F401 -- registers the roles' homes and menus
    operator,
    organisations,
    preview,
    public,
    search,
    volunteer,
)

app_name = "missions"
HOST = "espace/<int:organisation>/"
urlpatterns = [
    # everybody
    path("missions/", search.mission_list, name="public-list"),
    path("missions/<int:pk>-<str:slug>/", public.mission_detail, name="public-detail"),
    path("missions/<int:pk>-<str:slug>/proposer/", public.mission_apply, name="apply"),
    path("structures/<int:pk>-<str:slug>/", organisations.organisation_detail, name="organisation"),
    # an organisation's managers
    path(HOST + "missions/", host_missions.mission_list, name="host-missions"),
    path(HOST + "missions/exporter/", host_exports.export_missions, name="host-missions-export"),
    path(HOST + "missions/nouvelle/", host.mission_new, name="mission-new"),
    path(HOST + "missions/<int:pk>/", host.mission_detail, name="host-mission"),
    path(HOST + "missions/<int:pk>/modifier/", host.mission_edit, name="host-mission-edit"),
    path(HOST + "missions/<int:pk>/apercu/", preview.host_preview, name="host-mission-preview"),
    path(HOST + "missions/<int:pk>/<slug:path>/", host.mission_act, name="host-mission-act"),
    path(HOST + "participations/", host_participations.participation_list, name="host-participations"),
    path(HOST + "participations/exporter/", host_exports.export_participations, name="host-participations-export"),
    path(HOST + "participations/<int:pk>/", host_participations.participation_detail, name="host-participation"),
    path(HOST + "participations/<int:pk>/<slug:path>/", host_participations.participation_act, name="host-participation-act"),
    # volunteers
    path("espace/benevole/", volunteer.space, name="volunteer-space"),
    path("espace/benevole/<int:pk>/", volunteer.participation_detail, name="volunteer-participation"),
    path("espace/benevole/<int:pk>/merci/", volunteer.applied, name="applied"),
    path("espace/benevole/<int:pk>/<slug:path>/", volunteer.participation_act, name="volunteer-participation-act"),
    # the operator
    path("operateur/missions/", operator.mission_list, name="operator-missions"),
    path("operateur/missions/<int:pk>/", operator.mission_detail, name="operator-mission"),
    path("operateur/missions/<int:pk>/apercu/", preview.operator_preview, name="operator-mission-preview"),
    path("operateur/missions/<int:pk>/<slug:path>/", operator.mission_act, name="operator-mission-act"),
    path("operateur/reglages/", operator.settings, name="operator-settings"),
]
