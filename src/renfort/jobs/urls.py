"""Addresses of the files that one asked for."""

from __future__ import annotations

from django.urls import path

from renfort.jobs import views

app_name = "jobs"
MINE = "espace/telechargements/"
urlpatterns = [
    path(MINE, views.downloads, name="downloads"),
    path(MINE + "<int:pk>/fichier/", views.download, name="download"),
    path(MINE + "<int:pk>/arreter/", views.stop, name="download-stop"),
]
