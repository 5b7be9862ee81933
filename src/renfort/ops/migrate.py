"""Bring the database to this version: tables, first contents, rights, geography (decisions 17 and 23)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from renfort.config.env import Environment
from renfort.ops.server import check_server, connect

LOCK = 5_224_307_291  # any number that nothing else locks
APPEND_ONLY = """
SELECT c.relname, bool_or(t.tgtype & 8 <> 0) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgfoid = to_regproc('public.append_only') AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname
"""


def migrate(settings: Environment, *, quiet: bool = False) -> None:
    """Do whatever is missing; a second run finds nothing to do. Two at once: the second waits, then finds nothing.

    Django must run as the owner of the tables (``start.as_owner``).

    Args:
        settings: whose ``database_url`` names the application's role.
        quiet: say nothing of what was done.

    Raises:
        ServerError: when the server cannot be used.
    """
    url = settings.owner_database_url or settings.database_url
    variable = "RENFORT_OWNER_DATABASE_URL" if settings.owner_database_url else "DATABASE_URL"
    with connect(url, variable) as connection:
        check_server(connection)
        with _alone(connection):
            _apply_migrations(quiet=quiet)
            fill()
            if settings.owner_database_url:
                with connect(settings.database_url) as application:
                    grant(connection, application.info.user)


def fill() -> None:
    """Put in what every Renfort starts with, where it is missing: the defaults of the apps, then the geography."""
    from django.conf import settings
    from django.core.management import call_command
    from django.utils.module_loading import import_string

    from renfort.territories.services import load_territories

    call_command("createcachetable", verbosity=0)
    load_territories()
    for path in settings.DEFAULTS:
        import_string(path)()


@contextmanager
def _alone(connection: psycopg.Connection) -> Iterator[None]:
    connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _apply_migrations(*, quiet: bool) -> None:
    """Django's ``migrate``, skipped when there is nothing to apply: its signals alone take half a second."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, verbosity=0)
        if not quiet:
            print(f"Base de données à jour ({len(plan)} migrations).", flush=True)


def grant(connection: psycopg.Connection, role: str) -> None:
    """Let the application's role read and write, and only add to the append-only tables (those with the trigger of that name).

    Args:
        connection: of the owner.
        role: the application's; nothing is done when it is the owner itself.
    """
    if role == connection.info.user:
        return
    name = sql.Identifier(role)
    tables = connection.execute(APPEND_ONLY).fetchall()
    with connection.transaction():  # nobody sees the history writable in between
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        ):
            connection.execute(sql.SQL(statement).format(name))
        for table, keeps_for_ever in tables:
            # what is kept for a time alone (who read contact data) may go when it is over, and is never changed either
            rights = "UPDATE, DELETE, TRUNCATE" if keeps_for_ever else "UPDATE, TRUNCATE"
            revoke = sql.SQL("REVOKE {} ON {} FROM {}")
            connection.execute(revoke.format(sql.SQL(rights), sql.Identifier("public", table), name))
