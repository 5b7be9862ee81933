"""Addresses of organisations, by who is looking."""

from __future__ import annotations

from django.urls import path

from renfort.organisations.views import host, onboarding, operator
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
    path(HOST + "equipe/", host.team, name="team"),
    path(HOST + "equipe/demandes/<int:pk>/<slug:path>/", host.join_act, name="join-act"),
    # the operator
    path("operateur/reseaux/", operator.memberships, name="memberships"),
    path("operateur/reseaux/<int:pk>/<slug:path>/", operator.membership_act, name="membership-act"),
    path("operateur/listes/", operator.lists, name="lists"),
    path("operateur/listes/<slug:kind>/", operator.entries, name="entries"),
    path("operateur/listes/<slug:kind>/<int:pk>/", operator.entry, name="entry"),
    path("operateur/listes/<slug:kind>/<int:pk>/<slug:verb>/", operator.entry_act, name="entry-act"),
]
