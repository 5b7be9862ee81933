"""Addresses of the geography."""

from __future__ import annotations

from django.urls import path

from renfort.territories import views

app_name = "territories"
urlpatterns = [
    path("communes/", views.suggest, name="suggest"),
    path("adresses/", views.addresses, name="addresses"),
]
