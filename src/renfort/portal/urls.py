"""The addresses that belong to no programme."""

from __future__ import annotations

from django.urls import path

from renfort.portal.views import gallery, home, space

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("espace/", space.space, name="space"),
    path("galerie/", gallery.gallery, name="gallery"),
]
