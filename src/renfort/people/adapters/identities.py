"""Who vouches for people beside us: one setting decides (``RENFORT_OIDC_ISSUER``)."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from renfort.people.adapters.off import NoProvider
from renfort.people.adapters.openid import OpenIdProvider
from renfort.people.catalogue import ProviderSettings
from renfort.people.services.identities import IdentityProvider


def identity_provider() -> IdentityProvider:
    """The provider in use (``RENFORT_OIDC_…``), or nobody."""
    return _provider(settings.IDENTITY)


@cache
def _provider(chosen: ProviderSettings) -> IdentityProvider:
    """One for the whole process: it keeps what the provider publishes of itself, and remembers that it fails."""
    return OpenIdProvider(chosen) if chosen.is_on else NoProvider()
