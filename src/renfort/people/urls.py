"""Addresses of people and accounts."""

from __future__ import annotations

from django.urls import path, re_path

from renfort.people import views

app_name = "people"
urlpatterns = [
    path("connexion/", views.sign_in, name="sign-in"),
    path("deconnexion/", views.sign_out, name="sign-out"),
    path("connexion/reseau/", views.identities.begin, name="identity-begin"),
    path("connexion/reseau/retour/", views.identities.back, name="identity-back"),
    path("connexion/reseau/relier/", views.identities.join, name="identity-join"),
    path("connexion/reseau/relier/<str:key>/", views.identities.prove, name="identity-proof"),
    path("espace/compte/identite/delier/", views.identities.unlink, name="identity-unlink"),
    path("demo/connexion/", views.demo_sign_in, name="demo-sign-in"),
    path("inscription/benevole/", views.sign_up_volunteer, name="sign-up-volunteer"),
    path("inscription/consultez-vos-e-mails/", views.check_email, name="check-email"),
    path("confirmer/<str:key>/", views.confirm, name="confirm"),
    path("mot-de-passe/oublie/", views.password_lost, name="password-lost"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uid>[0-9a-z]{1,13})-(?P<key>[0-9a-zA-Z-]{1,120})/$", views.password_new, name="password-new"
    ),
    path("espace/compte/", views.account, name="account"),
    path("espace/compte/adresse/", views.address_new, name="address-new"),
    path("espace/compte/adresse/annuler/", views.address_drop, name="address-drop"),
    path("espace/compte/appareils/deconnecter/", views.devices_close, name="devices-close"),
    path("espace/compte/appareils/<int:pk>/deconnecter/", views.device_close, name="device-close"),
    path("nouvelle-adresse/<str:key>/", views.address_confirm, name="address-confirm"),
    path("ancienne-adresse/<str:key>/", views.address_back, name="address-back"),
    path("espace/profil/", views.profile, name="profile"),
    path("espace/profil/photo/", views.picture_edit, name="picture-edit"),
    re_path(r"^photos/(?P<key>[0-9a-f]{32})-(?P<size>64|256)\.webp$", views.picture, name="picture"),
    path("langue/", views.language, name="language"),
]
