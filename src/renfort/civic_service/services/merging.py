"""What becomes of a school's campaigns when two entries of one organisation become one (R55, S2)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from renfort.civic_service.models import Establishment, Federation
from renfort.organisations.services.moves import Fate, register


def _is_school(kept: int, absorbed: int) -> list[str]:
    """Projects, posts and records stay with the entry that the directory feeds: it is the one to keep."""
    if not Establishment.objects.filter(organisation_id=absorbed).exists():
        return []
    return [_("La fiche absorbée est un établissement du service civique : gardez plutôt celle-là.")]


def _is_federation(kept: int, absorbed: int) -> list[str]:
    if not Federation.objects.filter(organisation_id=absorbed).exists():
        return []
    return [_("La fiche absorbée est une fédération du service civique : gardez plutôt celle-là.")]


register(
    "civic_service",
    [
        Fate(fields=("civic_service.establishment.organisation",), why="the school that is fed is kept", hinders=_is_school),
        Fate(fields=("civic_service.federation.organisation",), why="the federation is kept", hinders=_is_federation),
    ],
)
