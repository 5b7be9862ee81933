"""Addresses of notices and e-mails."""

from __future__ import annotations

from django.urls import path

from renfort.notifications.views import mailbox, notices, outgoing, samples

app_name = "notifications"
MAIL = "operateur/courriels/"
urlpatterns = [
    # everybody signed in
    path("espace/notifications/", notices.notice_list, name="list"),
    path("espace/notifications/lues/", notices.notices_read, name="read-all"),
    path("espace/notifications/e-mails/", notices.email_choice, name="email-choice"),
    path("espace/notifications/<int:pk>/", notices.notice_open, name="open"),
    # where there is no mail server
    path("demo/courriels/", mailbox.mailbox, name="mailbox"),
    # the operator
    path(MAIL, outgoing.outgoing_list, name="outgoing-list"),
    path(MAIL + "reessayer/", outgoing.outgoing_retry_all, name="outgoing-retry-all"),
    path(MAIL + "modeles/", samples.message_list, name="message-list"),
    path(MAIL + "modeles/<str:key>/", samples.message_detail, name="message-detail"),
    path(MAIL + "modeles/<str:key>/<slug:language>/html/", samples.message_html, name="message-html"),
    path(MAIL + "<int:pk>/", outgoing.outgoing_detail, name="outgoing-detail"),
    path(MAIL + "<int:pk>/html/", outgoing.outgoing_html, name="outgoing-html"),
    path(MAIL + "<int:pk>/reessayer/", outgoing.outgoing_retry, name="outgoing-retry"),
]
