"""Who knows organisations by their number: one setting decides (`RENFORT_DIRECTORY_SERVICE`)."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from renfort.organisations.adapters.national import NationalDirectory
from renfort.organisations.adapters.off import NoDirectory
from renfort.organisations.selectors.directory import DirectoryService


def directory_service() -> DirectoryService:
    """Return the service in use: the public directory, or nobody."""
    return _service(settings.DIRECTORY_SERVICE_URL)


@cache
def _service(url: str) -> DirectoryService:
    """One for the whole process: its circuit-breaker remembers what failed."""
    return NationalDirectory(url) if url else NoDirectory()
