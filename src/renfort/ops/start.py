"""Start Django for a command, with the settings of the data folder where the environment leaves them out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from renfort.config.env import Environment, environment

SETTINGS = "renfort.config.settings"


def set_variables(values: dict[str, str]) -> None:
    """Set environment variables for this process and its children, before Django reads them."""
    os.environ.update(values)
    environment.cache_clear()


def start_django() -> None:
    """Load the apps; commands call it late, so that ``--help`` answers at once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()


@contextmanager
def database() -> Iterator[Environment]:
    """Django on the database of the settings; without DATABASE_URL on the embedded one, started when it is not running.

    Yields:
        The settings, completed.

    Raises:
        Sentence: when there is no database to work on.
    """
    if environment().database_url:
        start_django()
        yield environment()
        return
    from renfort.ops.embedded import embedded_database

    with embedded_database() as values:
        set_variables(values)
        start_django()
        yield environment()


@contextmanager
def as_owner() -> Iterator[Environment]:
    """As ``database``, with the role that owns the tables and without the time limits of a request.

    Yields:
        The settings, whose ``database_url`` still names the application's role.
    """
    with _owner_variables() as settings:
        from django.db import connections

        connection = connections["default"]
        connection.settings_dict["OPTIONS"]["options"] = "-c lock_timeout=30s -c statement_timeout=0 -c jit=off"
        connection.settings_dict["OPTIONS"].pop("pool", None)
        yield settings


@contextmanager
def _owner_variables() -> Iterator[Environment]:
    settings = environment()
    if not settings.database_url:
        from renfort.ops.embedded import embedded_database

        with embedded_database() as values:
            set_variables(values)
            with _owner_variables() as settings:
                yield settings
        return
    if settings.owner_database_url:
        set_variables({"DATABASE_URL": settings.owner_database_url})
    start_django()
    yield settings
