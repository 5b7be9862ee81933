"""Who answers for the network's directory: one setting decides (`RENFORT_CIVIC_DIRECTORY`)."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from renfort.civic_service.adapters.off import NoDirectory
from renfort.civic_service.adapters.service import DirectoryService
from renfort.civic_service.selectors.delivery import DirectoryPort


def directory_port() -> DirectoryPort:
    """Return the service in use, or nobody."""
    return _port(settings.CIVIC_DIRECTORY_URL, settings.CIVIC_DIRECTORY_TOKEN)


@cache
def _port(url: str, token: str) -> DirectoryPort:
    """One for the whole process: its circuit-breaker remembers what failed."""
    return DirectoryService(url, token) if url else NoDirectory()
