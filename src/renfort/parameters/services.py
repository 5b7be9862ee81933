"""Set what the operator may set."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import TypeVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.recent import forget_all
from renfort.parameters.catalogue import Kind, Setting
from renfort.parameters.models import Value
from renfort.parameters.selectors import PARTS, picture_paths, value_of

T = TypeVar("T", str, int, bool)
NAME = 32  # characters of a picture's name


def set_value(setting: Setting[T], value: T, *, actor: Actor) -> None:
    """Give a setting a value from now on; nothing is written when it has it already.

    What this process remembers of labels and texts is forgotten, so that the next page says the new ones; another process
    finds out by itself within seconds. Nothing is restarted.

    Raises:
        ValueError: the value is not one of the choices, or outside the bounds (a form has said so before).
    """
    check_value(setting, value)
    with transaction.atomic():
        before = value_of(setting)
        if before == value:
            return
        row = Value.objects.create(key=setting.key, value=value, valid_from=timezone.now(), set_by_id=actor.person_id)
        publish("parameters.value.set", row, actor=actor, codes={"key": setting.key}, changes={"value": (before, value)})
        transaction.on_commit(forget_all)
    forget_all()


def keep_picture(parts: Mapping[str, bytes]) -> str:
    """Store the files of a picture and return its name, made of what they hold: the same picture is kept once.

    Nothing is ever taken away, so that a former picture can be brought back.
    """
    digest = sha256()
    for part in PARTS:
        digest.update(parts[part])
    name = digest.hexdigest()[:NAME]
    for part, path in zip(PARTS, picture_paths(name), strict=True):
        if not default_storage.exists(path):
            default_storage.save(path, ContentFile(parts[part]))
    return name


def check_value(setting: Setting[T], value: T) -> None:
    """Whether a setting may have this value.

    Raises:
        ValueError: it is not one of the choices, too long, or out of bounds.
    """
    if setting.choices:
        known = {key for key, _label in setting.choices}
        said = [each for each in str(value).split(",") if each] if setting.kind == Kind.SEVERAL else [str(value)]
        if not all(each in known for each in said):
            raise ValueError(f"{setting.key}: {value!r} is not a choice")
    elif isinstance(value, str) and len(value) > setting.longest:
        raise ValueError(f"{setting.key}: longer than {setting.longest} characters")
    if setting.kind == Kind.PICTURE and value and not all(default_storage.exists(path) for path in picture_paths(str(value))):
        raise ValueError(f"{setting.key}: there is no picture {value!r}")
    if isinstance(value, int) and not isinstance(value, bool) and not setting.lowest <= value <= setting.highest:
        raise ValueError(f"{setting.key}: {value} is out of bounds")
