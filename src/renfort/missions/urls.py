"""Addresses of the réserve, by who is looking."""

from __future__ import annotations

from django.urls import path

from renfort.missions.views import (
    host,
    host_batches,
    host_dashboard,
    host_missions,
    host_participations,
    host_replies,
    host_slots,
    host_views,
    menus,  # noqa: F401 -- registers the roles' homes and menus
    mission_copies,
    mission_form,
    mission_typing,
    operator,
    operator_templates,
    organisations,
    preview,
    public,
    search,
    volunteer,
    waiting,
)

app_name = "missions"
HOST = "espace/<int:organisation>/"
MISSIONS, PARTICIPATIONS = "missions", "participations"
urlpatterns = [
    # everybody
    path("missions/", search.mission_list, name="public-list"),
    path("missions/<int:pk>-<str:slug>/", public.mission_detail, name="public-detail"),
    path("missions/<int:pk>-<str:slug>/proposer/", public.mission_apply, name="apply"),
    path("missions/<int:pk>-<str:slug>/attendre/", public.mission_wait, name="wait"),
    path("structures/<int:pk>-<str:slug>/", organisations.organisation_detail, name="organisation"),
    # an organisation's managers
    path(HOST, host_dashboard.dashboard, name="dashboard"),
    path(HOST + "missions/", host_missions.mission_list, name="host-missions"),
    path(HOST + "missions/colonnes/", host_views.columns, {"kind": MISSIONS}, name="missions-columns"),
    path(HOST + "missions/vues/", host_views.view_new, {"kind": MISSIONS}, name="missions-views"),
    path(HOST + "missions/vues/<int:pk>/", host_views.view_change, {"kind": MISSIONS}, name="missions-view"),
    path(HOST + "missions/<int:pk>/volet/", host_missions.mission_panel, name="host-mission-panel"),
    path(HOST + "missions/nouvelle/", mission_form.mission_new, name="mission-new"),
    path(HOST + "missions/saisie/", mission_typing.keep_new, name="mission-keep"),
    path(HOST + "missions/saisie/<uuid:token>/oublier/", mission_typing.drop, name="mission-drop"),
    path(HOST + "missions/equipe/", mission_typing.team, name="mission-team"),
    path(HOST + "missions/modeles/", mission_copies.templates, name="host-templates"),
    path(HOST + "missions/modeles/<int:pk>/<slug:verb>/", mission_copies.template_act, name="host-template-act"),
    path(HOST + "missions/<int:pk>/saisie/", mission_typing.keep_edit, name="mission-edit-keep"),
    path(HOST + "missions/<int:pk>/dupliquer/", mission_copies.duplicate, name="mission-duplicate"),
    path(HOST + "missions/<int:pk>/enregistrer-comme-modele/", mission_copies.save_template, name="mission-template"),
    path(HOST + "missions/<int:pk>/", host.mission_detail, name="host-mission"),
    path(HOST + "missions/<int:pk>/modifier/", mission_form.mission_edit, name="host-mission-edit"),
    path(HOST + "missions/<int:pk>/apercu/", preview.host_preview, name="host-mission-preview"),
    path(HOST + "missions/<int:pk>/<slug:path>/", host.mission_act, name="host-mission-act"),
    path(HOST + "missions/<int:pk>/creneaux/<int:slot>/<slug:path>/", host_slots.slot_act, name="host-slot-act"),
    path(HOST + "participations/", host_participations.participation_list, name="host-participations"),
    path(HOST + "participations/colonnes/", host_views.columns, {"kind": PARTICIPATIONS}, name="participations-columns"),
    path(HOST + "participations/vues/", host_views.view_new, {"kind": PARTICIPATIONS}, name="participations-views"),
    path(HOST + "participations/vues/<int:pk>/", host_views.view_change, {"kind": PARTICIPATIONS}, name="participations-view"),
    path(HOST + "participations/plusieurs/", host_batches.many, name="batch-new"),
    path(HOST + "participations/plusieurs/<int:pk>/", host_batches.batch, name="batch"),
    path(HOST + "participations/plusieurs/<int:pk>/confirmer/", host_batches.batch_confirm, name="batch-confirm"),
    path(HOST + "participations/plusieurs/<int:pk>/arreter/", host_batches.batch_stop, name="batch-stop"),
    path(HOST + "participations/plusieurs/<int:pk>/reprendre/", host_batches.batch_undo, name="batch-undo"),
    path(HOST + "participations/modeles/", host_replies.template_list, name="replies"),
    path(HOST + "participations/modeles/nouveau/", host_replies.template_edit, name="reply-new"),
    path(HOST + "participations/modeles/<int:pk>/", host_replies.template_edit, name="reply"),
    path(HOST + "participations/modeles/<int:pk>/supprimer/", host_replies.template_delete, name="reply-delete"),
    path(HOST + "participations/<int:pk>/volet/", host_participations.participation_panel, name="host-participation-panel"),
    path(HOST + "participations/<int:pk>/statut/", host_participations.participation_status, name="host-participation-status"),
    path(HOST + "participations/<int:pk>/", host_participations.participation_detail, name="host-participation"),
    path(HOST + "participations/<int:pk>/<slug:path>/", host_participations.participation_act, name="host-participation-act"),
    # volunteers
    path("espace/benevole/", volunteer.space, name="volunteer-space"),
    path("espace/benevole/<int:pk>/", volunteer.participation_detail, name="volunteer-participation"),
    path("espace/benevole/<int:pk>/merci/", volunteer.applied, name="applied"),
    path("espace/benevole/<int:pk>/<slug:path>/", volunteer.participation_act, name="volunteer-participation-act"),
    path("espace/benevole/attente/<int:pk>/", waiting.turn_detail, name="turn"),
    path("espace/benevole/attente/<int:pk>/<slug:path>/", waiting.turn_act, name="turn-act"),
    # the operator
    path("operateur/missions/", operator.mission_list, name="operator-missions"),
    path("operateur/missions/<int:pk>/", operator.mission_detail, name="operator-mission"),
    path("operateur/missions/<int:pk>/apercu/", preview.operator_preview, name="operator-mission-preview"),
    path("operateur/missions/<int:pk>/<slug:path>/", operator.mission_act, name="operator-mission-act"),
    path("operateur/modeles/", operator_templates.template_list, name="operator-templates"),
    path("operateur/modeles/nouveau/", operator_templates.template_new, name="operator-template-new"),
    path("operateur/modeles/<int:pk>/", operator_templates.template_edit, name="operator-template"),
    path("operateur/modeles/<int:pk>/<slug:verb>/", operator_templates.template_act, name="operator-template-act"),
    path("operateur/reglages/", operator.settings, name="operator-settings"),
]
