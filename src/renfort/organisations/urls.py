"""Addresses of organisations, by who is looking."""

from __future__ import annotations

from django.urls import path

from renfort.organisations.views import host, impersonation, invitation, leaving, onboarding, operator, team
from renfort.people.views import sign_up_manager

app_name = "organisations"
HOST = "espace/<int:organisation>/"
urlpatterns = [
    # whoever brings an organisation in
    path("inscription/structure/", sign_up_manager, name="sign-up"),
    path("inscription/structure/etapes/", onboarding.resume, name="open"),
    path("inscription/structure/etapes/vous/", onboarding.you, name="you"),
    path("inscription/structure/etapes/votre-structure/", onboarding.about, name="about"),
    path("inscription/structure/etapes/deja-inscrite/", onboarding.alike_page, name="alike"),
    path("inscription/structure/etapes/lieu/", onboarding.place, name="place"),
    # its managers
    path(HOST + "structure/", host.own, name="own"),
    path(HOST + "structure/retirer/", leaving.withdraw, name="withdraw"),
    path(HOST + "equipe/", team.team, name="team"),
    path(HOST + "equipe/inviter/", team.invite_member, name="invite"),
    path(HOST + "equipe/invitations/<int:pk>/<slug:path>/", team.invitation_act, name="invitation-act"),
    path(HOST + "equipe/demandes/<int:pk>/<slug:path>/", team.join_act, name="join-act"),
    path(HOST + "equipe/<int:pk>/role/", team.member_role, name="member-role"),
    path(HOST + "equipe/<int:pk>/supprimer/", team.member_remove, name="member-remove"),
    # anybody of its team
    path(HOST + "quitter/", team.leave, name="leave"),
    # whoever is invited
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("invitation/<str:token>/inscription/", invitation.sign_up, name="invitation-sign-up"),
    path("invitation/<str:token>/decliner/", invitation.decline, name="invitation-decline"),
    # the operator
    path("operateur/reseaux/", operator.memberships, name="memberships"),
    path("operateur/reseaux/<int:pk>/<slug:path>/", operator.membership_act, name="membership-act"),
    path("operateur/structures/", leaving.care, name="care"),
    path("operateur/structures/<int:pk>/retablir/", leaving.restore, name="restore"),
    path("operateur/structures/demandes/<int:pk>/<slug:path>/", leaving.care_act, name="care-act"),
    path("operateur/agir/", impersonation.impersonations, name="impersonations"),
    path("operateur/agir/terminer/", impersonation.impersonation_end, name="impersonation-end"),
    path("operateur/agir/<int:pk>/", impersonation.impersonation_start, name="impersonation-start"),
    path("espace/compte/acces/", impersonation.impersonation_mine, name="impersonation-mine"),
    path("operateur/listes/", operator.lists, name="lists"),
    path("operateur/listes/<slug:kind>/", operator.entries, name="entries"),
    path("operateur/listes/<slug:kind>/<int:pk>/", operator.entry, name="entry"),
    path("operateur/listes/<slug:kind>/<int:pk>/<slug:verb>/", operator.entry_act, name="entry-act"),
]
