"""What Django is: database, languages, templates, time. Imports without a database and without any variable set."""

from __future__ import annotations

from pathlib import Path

import dj_database_url

from renfort.config.env import environment

ENV = environment()
PACKAGE = Path(__file__).resolve().parents[2]

DEBUG = ENV.debug
ROOT_URLCONF = "renfort.config.urls"
WSGI_APPLICATION = "renfort.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

# ── database: a pool per process, transactions asked for where they are needed ────────────────────
DATABASE = dj_database_url.parse(ENV.database_url or "postgresql:///renfort")
DATABASES = {
    "default": {
        **DATABASE,
        "ENGINE": "django.db.backends.postgresql",
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **DATABASE.get("OPTIONS", {}),  # what DATABASE_URL asks (sslmode, host of a socket…)
            "pool": {"min_size": 1, "max_size": ENV.threads + 1, "timeout": 15},
            "application_name": "renfort",
            "options": "-c lock_timeout=5s -c statement_timeout=60s -c idle_in_transaction_session_timeout=120s -c jit=off",
        },
    }
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "jobs_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# ── addresses are suggested by the shipped communes, or by the service of this address with them behind it (R6) ──
ADDRESS_SERVICE = "renfort.territories.adapters.address_service"
ADDRESS_SERVICE_URL = ENV.address_service
# ── what the public directory says of an organisation: nothing, or what the service of this address answers (R53) ──
DIRECTORY_SERVICE = "renfort.organisations.adapters.directory_service"
DIRECTORY_SERVICE_URL = ENV.directory_service
# ── the directory of the network's establishments (civic service): a file, or what the service of this address answers (S1) ──
CIVIC_DIRECTORY = "renfort.civic_service.adapters.directory_port"
CIVIC_DIRECTORY_URL = ENV.civic_directory
CIVIC_DIRECTORY_TOKEN = ENV.civic_directory_token

# ── languages and time (P8): French first; times in UTC, shown in the place's own zone ────────────
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = "renfort.config.formats"  # dates in British English, not American
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

# ── errors and warnings go to the standard error output, one line each with its traceback; the supervisor passes it on ─────────
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},  # a 404 or a 403 is no event of the machine
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # scanners
    },
}

# ── templates and static files ────────────────────────────────────────────────────────────────────
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "renfort.portal.views.site.context",
            ],
            "builtins": ["renfort.kernel.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "renfort.kernel.forms.Renderer"
STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE / "staticfiles"
# what people send and what is written for them: never served as it is, always by a view that looks at rights; in the data folder,
# or elsewhere by another storage (decision 22)
MEDIA_ROOT = (ENV.data.expanduser().absolute() if ENV.data else PACKAGE.parents[1] / "var") / "uploads"
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
