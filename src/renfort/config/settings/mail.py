"""E-mail and demonstration mode."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from renfort.config.env import environment

ENV = environment()

DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.mail_from
EMAIL_TIMEOUT = 15
MAIL_IS_KEPT = not ENV.smtp_url  # no mail server: what would leave is read at /operateur/courriels/
if MAIL_IS_KEPT:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
else:
    _smtp = urlsplit(ENV.smtp_url)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _smtp.hostname or "localhost"
    EMAIL_PORT = _smtp.port or (465 if _smtp.scheme == "smtps" else 25)
    EMAIL_HOST_USER = unquote(_smtp.username or "")
    EMAIL_HOST_PASSWORD = unquote(_smtp.password or "")
    EMAIL_USE_TLS = _smtp.scheme == "smtp+tls"
    EMAIL_USE_SSL = _smtp.scheme == "smtps"

SITE_NAME = ENV.site_name
DEMO = bool(ENV.demo)  # `renfort run` says yes for its own database without a public address; nothing else does
