"""Set what the operator may set."""

from __future__ import annotations

from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.parameters.catalogue import Setting
from renfort.parameters.models import Value
from renfort.parameters.selectors import value_of

T = TypeVar("T", str, int, bool)


def set_value(setting: Setting[T], value: T, *, actor: Actor) -> None:
    """Give a setting a value from now on; nothing is written when it has it already.

    Raises:
        ValueError: the value is not one of the choices, or outside the bounds (a form has said so before).
    """
    if setting.choices and value not in {key for key, _label in setting.choices}:
        raise ValueError(f"{setting.key}: {value!r} is not a choice")
    if isinstance(value, int) and not isinstance(value, bool) and not setting.lowest <= value <= setting.highest:
        raise ValueError(f"{setting.key}: {value} is out of bounds")
    with transaction.atomic():
        before = value_of(setting)
        if before == value:
            return
        row = Value.objects.create(key=setting.key, value=value, valid_from=timezone.now(), set_by_id=actor.person_id)
        publish("parameters.value.set", row, actor=actor, codes={"key": setting.key}, changes={"value": (before, value)})
