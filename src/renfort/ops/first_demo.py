"""Demonstration data: by command, or once in an empty database (decision 29)."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from renfort.kernel.sentences import Sentence

MISSIONS, PEOPLE, SEED = 300, 600, 1


class NoDemoError(Sentence):
    """This installation has no demonstration data."""


def load_demo(*, missions: int = MISSIONS, volunteers: int = PEOPLE, seed: int = SEED) -> None:
    """Add demonstration data, all or nothing: an interrupted load leaves the database as it was.

    Raises:
        NoDemoError: when the data are not part of this installation.
    """
    from django.db import transaction

    if find_spec("renfort.ops.demo") is None:
        raise NoDemoError("Cette installation ne contient pas de données de démonstration.")
    with transaction.atomic():
        import_module("renfort.ops.demo").load(missions=missions, volunteers=volunteers, seed=seed)
        import_module("renfort.ops.demo.workshops").load()
        import_module("renfort.ops.demo.civic_service").load()


def load_once() -> None:
    """Load the small demonstration into a database where nobody has an account yet."""
    from django.contrib.auth import get_user_model

    if not get_user_model().objects.exists():
        print("Chargement de la démonstration…", flush=True)
        try:
            load_demo()
        except NoDemoError as missing:  # the site works without
            print(missing, flush=True)
