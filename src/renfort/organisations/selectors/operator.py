"""What the operator sees of the lists and of the claims (R5)."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from renfort.kernel.lists import Listed
from renfort.organisations.models import (
    Agreement,
    CorrectionReason,
    DenialReason,
    LegalStatus,
    Network,
    NetworkMembership,
    OrganisationType,
)

LISTS: dict[str, type[Listed]] = {  # by the word in the address
    "statuts": LegalStatus,
    "types": OrganisationType,
    "agrements": Agreement,
    "reseaux": Network,
    "motifs-de-correction": CorrectionReason,
    "motifs-de-refus": DenialReason,
}


def entries_of(model: type[Listed]) -> list[Listed]:
    """Every entry of a list, withdrawn ones too, in the order of the screen. One query.

    Types stand under their status, sub-types under their type.
    """
    rows = model.objects.all()  # type: ignore[attr-defined]  # a concrete list has a manager
    if model is not OrganisationType:
        return list(rows.order_by("position", "id"))
    types: list[OrganisationType] = list(rows.select_related("legal_status", "parent"))

    def place(each: OrganisationType) -> tuple[int, int, int, int, int]:
        top = each.parent or each
        low = -1 if each.parent is None else each.position
        return each.legal_status.position, top.position, top.pk, low, each.pk

    return [*sorted(types, key=place)]


def claims(state: str, words: list[str]) -> QuerySet[NetworkMembership]:
    """Claims in one state, all when it is "", whose organisation or network has every word; the oldest first."""
    found = NetworkMembership.objects.select_related("network", "organisation", "organisation__department").order_by("id")
    if state:
        found = found.filter(state=state)
    for word in words:
        found = found.filter(Q(organisation__name__icontains=word) | Q(network__label_fr__icontains=word))
    return found
