"""What the environment says of the network's identity provider (S1); read by the settings, so that it needs no database."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSettings:
    """``RENFORT_OIDC_…``."""

    issuer: str = ""
    client_id: str = ""
    client_secret: str = ""
    name: str = ""
    scopes: str = "openid profile email"
    email_attribute: str = "email"
    first_name_attribute: str = "given_name"
    last_name_attribute: str = "family_name"
    key_attribute: str = ""  # "": the subject is the directory's key
    vouches: bool = False  # every address that it gives is verified, though it does not say so
    newcomers: bool = False

    @property
    def is_on(self) -> bool:
        """Whether there is a provider to sign in through."""
        return bool(self.issuer and self.client_id)


def origin_of(address: str) -> str:
    """Scheme, host and port of an address: what a Content-Security-Policy names."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
