"""Every address of the site, storey by storey."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("renfort.kernel.health")),
    path("", include("renfort.portal.urls")),
    path("", include("renfort.territories.urls")),
    path("", include("renfort.jobs.urls")),
    path("", include("renfort.people.urls")),
    path("", include("renfort.organisations.urls")),
    path("", include("renfort.notifications.urls")),
    path("", include("renfort.documents.urls")),
    path("", include("renfort.missions.urls")),
    path("ateliers/", include("renfort.workshops.urls")),
    path("service-civique/", include("renfort.civic_service.urls")),
]

handler400 = "renfort.kernel.views.not_understood"
