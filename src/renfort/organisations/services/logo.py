"""Keep the logo of an organisation, or take it away (R9)."""

from __future__ import annotations

import secrets

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, lock_row
from renfort.organisations.models import Organisation
from renfort.organisations.rules import manages
from renfort.organisations.selectors.logos import logo_path


def put_logo(*, actor: Actor, organisation: Organisation, image: bytes) -> None:
    """Keep this WebP as the organisation's logo, under a name that cannot be guessed; the former one goes.

    The file is written first: a row never names what is not there. What a failure leaves behind is a file that nobody finds.

    Raises:
        NotAllowed: the actor is not « responsable » of it.
    """
    _check(actor, organisation)
    key = secrets.token_hex(16)
    default_storage.save(logo_path(key), ContentFile(image))
    _change(actor=actor, organisation=organisation, key=key)


def drop_logo(*, actor: Actor, organisation: Organisation) -> None:
    """No logo any more.

    Raises:
        NotAllowed: the actor is not « responsable » of it.
    """
    _check(actor, organisation)
    if organisation.logo:
        _change(actor=actor, organisation=organisation, key="")


def _check(actor: Actor, organisation: Organisation) -> None:
    if not manages(actor, organisation.pk):
        raise NotAllowed(_("Seul un responsable de la structure peut la modifier."))


def _change(*, actor: Actor, organisation: Organisation, key: str) -> None:
    """The version stays: whoever has the page's form open loses nothing by a logo."""
    with transaction.atomic():
        locked: Organisation = lock_row(organisation)
        former, locked.logo = locked.logo, key
        locked.save(update_fields=["logo"])
        publish("organisations.organisation.logo", locked, actor=actor, codes={"has_logo": bool(key)})
        if former:
            transaction.on_commit(lambda: default_storage.delete(logo_path(former)))
    organisation.logo = key
