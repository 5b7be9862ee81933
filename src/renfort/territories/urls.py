"""Addresses of this storey."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "territories"
urlpatterns: list[URLPattern] = []
