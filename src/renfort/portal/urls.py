"""The addresses that belong to no programme."""

from __future__ import annotations

from django.urls import path

from renfort.portal.views import crawlers, gallery, help, home, rules, space

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("regles-sanitaires/", rules.rules, name="rules"),
    path("espace/", space.space, name="space"),
    path("espace/missions/", space.short_form, {"page": "missions"}, name="space-missions"),
    path("espace/participations/", space.short_form, {"page": "participations"}, name="space-participations"),
    path("espace/equipe/", space.short_form, {"page": "equipe"}, name="space-team"),
    path("aide/", help.help_index, name="help"),
    path("aide/images/<str:name>", help.help_picture, name="help-picture"),
    path("aide/<slug:guide>/", help.help_guide, name="help-guide"),
    path("aide/<slug:guide>/<slug:chapter>/", help.help_chapter, name="help-chapter"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
    path("sitemap-<int:part>.xml", crawlers.sitemap_part, name="sitemap-part"),
    path("galerie/", gallery.gallery, name="gallery"),
]
