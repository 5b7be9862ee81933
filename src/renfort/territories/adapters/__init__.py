"""Who suggests addresses: one setting decides (`RENFORT_ADDRESS_SERVICE`, read as `settings.ADDRESS_SERVICE_URL`)."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from renfort.territories.adapters.embedded import EmbeddedCommunes
from renfort.territories.adapters.national import NationalService
from renfort.territories.selectors.addresses import AddressService


def address_service() -> AddressService:
    """Return the service in use: the embedded communes, or the national service with them behind it."""
    return _service(settings.ADDRESS_SERVICE_URL)


@cache
def _service(url: str) -> AddressService:
    """One for the whole process: its circuit-breaker remembers what failed."""
    return NationalService(url, fallback=EmbeddedCommunes()) if url else EmbeddedCommunes()
