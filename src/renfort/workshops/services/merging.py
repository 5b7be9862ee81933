"""What becomes of a client's orders when two entries of one organisation become one (R55, W11)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from renfort.organisations.services.moves import Fate, register
from renfort.workshops.models import Client


def _is_client(kept: int, absorbed: int) -> list[str]:
    """Orders, sessions and the roles of coordinators stay with the entry that ordered: it is the one to keep."""
    if not Client.objects.filter(organisation_id=absorbed).exists():
        return []
    return [_("La fiche absorbée est cliente de la coordination : gardez plutôt celle-là.")]


register(
    "workshops",
    [Fate(fields=("workshops.client.organisation",), why="the entry that ordered is kept", hinders=_is_client)],
)
