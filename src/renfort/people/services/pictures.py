"""Keep a picture of oneself, or take it away (R7)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.people.models import PICTURE_SIZES, Person
from renfort.people.selectors import picture_path


def put_picture(*, actor: Actor, person: Person, renditions: Mapping[int, bytes]) -> None:
    """Keep these renditions (by size) as the person's picture, under a name that cannot be guessed; the former one goes.

    The files are written first: a row never names what is not there. What a failure leaves behind is a file that nobody finds.
    """
    key = secrets.token_hex(16)
    for size in PICTURE_SIZES:
        default_storage.save(picture_path(key, size), ContentFile(renditions[size]))
    _change(actor=actor, person=person, key=key)


def drop_picture(*, actor: Actor, person: Person) -> None:
    """Back to initials."""
    if person.picture:
        _change(actor=actor, person=person, key="")


def _change(*, actor: Actor, person: Person, key: str) -> None:
    with transaction.atomic():
        locked = Person.objects.select_for_update(no_key=True).only("picture").get(pk=person.pk)
        former, locked.picture = locked.picture, key
        locked.save(update_fields=["picture"])
        publish("people.person.picture", person, actor=actor, codes={"has_picture": bool(key)})
        if former:
            transaction.on_commit(lambda: _remove(former))
    person.picture = key


def _remove(key: str) -> None:
    for size in PICTURE_SIZES:
        default_storage.delete(picture_path(key, size))
