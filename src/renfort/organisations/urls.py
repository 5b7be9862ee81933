"""Addresses of organisations."""

from __future__ import annotations

from django.urls import path

from renfort.organisations import views
from renfort.people.views import sign_up_manager

app_name = "organisations"
urlpatterns = [
    path("inscription/structure/", sign_up_manager, name="sign-up"),
    path("inscription/structure/votre-structure/", views.open_page, name="open"),
]
