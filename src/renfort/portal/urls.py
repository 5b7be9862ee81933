"""The addresses that belong to no programme."""

from __future__ import annotations

from django.urls import path

from renfort.portal.views import crawlers, gallery, help, home, rules, space
from renfort.portal.views.operator import home as operator_home
from renfort.portal.views.operator import jobs as operator_jobs
from renfort.portal.views.operator import people as operator_people
from renfort.portal.views.operator import settings as operator_settings

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("reserve-civique/", home.reserve_home, name="reserve-home"),
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
    # the operator
    path("marque/<slug:name>/<slug:part>", operator_settings.picture, name="brand-picture"),
    path("theme.css", operator_settings.theme, name="theme"),
    path("operateur/", operator_home.home, name="operator-home"),
    path("operateur/reglages/", operator_settings.settings, name="operator-settings"),
    path("operateur/reglages/<str:slug>/", operator_settings.sheet, name="operator-sheet"),
    path("operateur/reglages/<str:slug>/retablir/", operator_settings.restore, name="operator-restore"),
    path("operateur/taches/", operator_jobs.jobs, name="operator-jobs"),
    path("operateur/taches/<str:name>/relancer/", operator_jobs.job_again, name="operator-job-again"),
    path("operateur/personnes/", operator_people.people, name="operator-people"),
    path("operateur/personnes/<int:pk>/", operator_people.person, name="operator-person"),
    path("operateur/personnes/<int:pk>/operateur/", operator_people.person_operator, name="operator-person-operator"),
    path("operateur/personnes/<int:pk>/<int:grant>/retirer/", operator_people.person_withdraw, name="operator-person-withdraw"),
    path("galerie/", gallery.gallery, name="gallery"),
]
