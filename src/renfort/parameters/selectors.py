"""Read what the operator has set."""

from __future__ import annotations

from typing import TypeVar

from django.utils import timezone

from renfort.parameters.catalogue import Setting
from renfort.parameters.models import Value

T = TypeVar("T", str, int, bool)


def value_of(setting: Setting[T]) -> T:
    """The value in force now; the declared default when nothing was set. One query."""
    row = Value.objects.filter(key=setting.key, valid_from__lte=timezone.now()).order_by("-valid_from", "-id").first()
    return setting.default if row is None else type(setting.default)(row.value)


def values_of(*settings: Setting[T]) -> list[T]:
    """The values in force now of several settings, in their order. One query."""
    rows = (
        Value.objects.filter(key__in=[setting.key for setting in settings], valid_from__lte=timezone.now())
        .order_by("key", "-valid_from", "-id")
        .distinct("key")
    )
    found = {row.key: row.value for row in rows}
    return [type(setting.default)(found.get(setting.key, setting.default)) for setting in settings]
