"""What the operator sees of the lists and of the claims (R5)."""

from __future__ import annotations

from collections import defaultdict

from django.apps import apps
from django.db.models import Count, F, Q, QuerySet

from renfort.kernel.lists import EditableList, Listed
from renfort.organisations.models import NetworkMembership, OrganisationType


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


def used(found: EditableList) -> dict[int, dict[str, int]]:
    """Where the entries of a list are used: by number, what uses it (in words) and how many. One query per relation."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for name, field, words in found.used_by:
        model = apps.get_model(name)
        rows = (
            model._default_manager.exclude(**{field: None}).values_list(F(field)).annotate(Count("pk", distinct=True)).order_by()
        )
        for pk, number in rows:
            counts[pk][str(words)] = counts[pk].get(str(words), 0) + number
    if found.by_key:
        numbers = {each.key: each.pk for each in entries_of(found.model)}
        for name, field, words in found.by_key:
            chosen = apps.get_model(name)._default_manager.exclude(**{field: ""})
            for key, number in chosen.values_list(field).annotate(Count("pk")).order_by():
                if key in numbers:
                    counts[numbers[key]][str(words)] = number
    return counts


def claims(state: str, words: list[str]) -> QuerySet[NetworkMembership]:
    """Claims in one state, all when it is "", whose organisation or network has every word; the oldest first."""
    found = NetworkMembership.objects.select_related("network", "organisation", "organisation__department").order_by("id")
    if state:
        found = found.filter(state=state)
    for word in words:
        found = found.filter(Q(organisation__name__icontains=word) | Q(network__label_fr__icontains=word))
    return found
