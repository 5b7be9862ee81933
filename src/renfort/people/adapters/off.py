"""No identity provider: nothing is shown, and its addresses do not exist."""

from __future__ import annotations

from renfort.people.services.identities import Attempt, Proof, ProviderSilent


class NoProvider:
    """The adapter of an installation without a provider."""

    name = ""
    is_on = False

    def begin(self, attempt: Attempt, back: str) -> str:
        """Raises ProviderSilent: there is nobody to ask."""
        raise ProviderSilent("no provider")

    def finish(self, attempt: Attempt, code: str, back: str) -> Proof:
        """Raises ProviderSilent: there is nobody to ask."""
        raise ProviderSilent("no provider")

    def end(self, id_token: str, back: str) -> str:
        """Nowhere to sign out of."""
        return ""
