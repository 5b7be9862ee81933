"""Addresses of the papers."""

from __future__ import annotations

from django.urls import path

from renfort.documents.views import download, verify

app_name = "documents"
urlpatterns = [
    path("verifier/", verify.ask, name="ask"),
    path("verifier/<str:code>/", verify.verify, name="verify"),
    path("espace/documents/<str:code>/", download.download, name="download"),
]
