"""Which apps make the house, who hears of what happens, and in which order."""

from __future__ import annotations

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "procrastinate.contrib.django",
    # the storeys, bottom to top
    "renfort.kernel",
    "renfort.audit",
    "renfort.parameters",
    "renfort.territories",
    "renfort.jobs",
    "renfort.people",
    "renfort.organisations",
    "renfort.documents",
    "renfort.notifications",
    "renfort.search",
    "renfort.missions",
    "renfort.workshops",
    "renfort.civic_service",
    "renfort.portal",
]

# Down by call, up by event: who hears of every event (transitions and services alike), in this order, in its transaction.
SUBSCRIBERS = [
    "renfort.audit.recorder.record",
    "renfort.organisations.reactions.hear",
    "renfort.documents.reactions.hear",
    "renfort.notifications.dispatch.enqueue",
    "renfort.missions.reactions.hear",
    "renfort.workshops.reactions.hear",
    "renfort.civic_service.reactions.hear",
]

# Who else may see a person's picture: each is asked with the actor and the person's number.
PICTURE_SEERS = [
    "renfort.organisations.selectors.team.is_colleague",
    "renfort.missions.services.contacts.sees_picture",
]

# What `renfort migrate` installs when it is missing: the operator's first texts and lists, never overwritten; the search.
DEFAULTS = [
    "renfort.organisations.services.defaults.install",
    "renfort.missions.services.defaults.install",
    "renfort.missions.services.search.fill",
]

AUTH_USER_MODEL = "people.Account"
