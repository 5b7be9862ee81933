"""A database for one benchmark: made, migrated, dropped whatever happens."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from django.db import connections
from psycopg import sql

from renfort.config.env import environment
from renfort.kernel.sentences import Sentence
from renfort.ops.cluster import SUPERUSER

RENFORT = (sys.executable, "-m", "renfort.ops.cli")


class NoBenchDatabaseError(Sentence):
    """No database could be made for the benchmark."""


@contextmanager
def bench_database(url: str = "") -> Iterator[str]:
    """A database with tables, geography and first contents, to which Django is connected meanwhile.

    Args:
        url: one that is there already and is left as the benchmark leaves it; "": one is made beside DATABASE_URL and dropped.

    Yields:
        Its address, for the DATABASE_URL of a program.

    Raises:
        NoBenchDatabaseError: when the role may not make databases.
    """
    if url:
        with _django_on(url):
            yield url
        return
    home = environment().owner_database_url or environment().database_url
    name = f"renfort_bench_{uuid4().hex[:10]}"
    made = urlunsplit(urlsplit(home)._replace(path=f"/{name}"))
    with _administrator(home) as administrator:
        role = unquote(urlsplit(home).username or administrator.info.user)
        create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' OWNER {}")
        administrator.execute(create.format(sql.Identifier(name), sql.Identifier(role)))
        try:
            subprocess.run([*RENFORT, "migrate", "--quiet"], env=variables(made), check=True)
            with _django_on(made):
                yield made
        finally:
            administrator.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def variables(url: str, **more: str) -> dict[str, str]:
    """The environment of a program on the benchmark's database: a site as in production, whatever ours is."""
    return {
        **os.environ,
        "DATABASE_URL": url,
        "RENFORT_OWNER_DATABASE_URL": "",
        "RENFORT_DEMO": "0",
        "DJANGO_SETTINGS_MODULE": "renfort.config.settings",
        **more,
    }


@contextmanager
def _administrator(home: str) -> Iterator[psycopg.Connection]:
    """A connection that may make databases: our own role's, or the superuser's of the embedded database."""
    for url in (home, urlunsplit(urlsplit(home)._replace(netloc=_as_superuser(home)))):
        try:
            connection = psycopg.connect(url, autocommit=True, connect_timeout=5)
        except psycopg.OperationalError:
            continue
        with connection:
            row = connection.execute("SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user").fetchone()
            if row is not None and row[0]:
                yield connection
                return
    raise NoBenchDatabaseError(
        "La mesure se fait dans une base à part, et le rôle de DATABASE_URL n'a pas le droit d'en créer. "
        "Un administrateur peut lancer : ALTER ROLE … CREATEDB;"
    )


def _as_superuser(home: str) -> str:
    return f"{SUPERUSER}@{urlsplit(home).netloc.rpartition('@')[2]}"


@contextmanager
def _django_on(url: str) -> Iterator[None]:
    """Point Django at another database for a while, in threads too, without the time limits of a request."""
    connection, parts = connections["default"], urlsplit(url)
    getattr(connection, "close_pool", connection.close)()
    before = dict(connection.settings_dict)
    options = {key: value for key, value in before["OPTIONS"].items() if key != "pool"}
    connection.settings_dict.update(
        NAME=parts.path.lstrip("/"),
        USER=unquote(parts.username or ""),
        PASSWORD=unquote(parts.password or ""),
        HOST=unquote(parts.hostname or ""),
        PORT=str(parts.port or ""),
        OPTIONS=options | {"options": "-c lock_timeout=30s -c statement_timeout=0 -c jit=off"},
    )
    connection.close()
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)
