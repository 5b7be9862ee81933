"""The database of the tests, as a pytest plugin (decision 23).

Migrations, first contents and geography go once into a template named by what they are made of; each pytest process works on a
clone, and a race or live-server test takes a clone of its own: nothing is ever flushed. The server is that of DATABASE_URL, else
one that is made for this run and thrown away with it, even when the run fails.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from tests.harness.recipe import recipe

from renfort.config.env import environment
from renfort.kernel.sentences import Sentence
from renfort.ops.accounts import can_enter, server_account
from renfort.ops.cluster import OWNER, SUPERUSER, Cluster
from renfort.ops.programs import find_programs

LOCK = 5_224_307_292  # one process makes the template, the others wait for it
CLONE, TEMPLATE = "renfort_clone_", "renfort_template_"
OLD = 6 * 3600  # seconds after which a clone is what a killed run left behind
FOLDER = "renfort-tests-"
ADMIN, OWNED = "RENFORT_TEST_ADMIN_URL", "RENFORT_TEST_URL"  # from the first process to those of pytest-xdist


@dataclass(frozen=True)
class Server:
    """Where databases are made (``admin``) and by whom they are owned (``url``); both may be one role."""

    admin: str
    url: str

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection]:
        """An administrator's connection outside any test database."""
        with psycopg.connect(self.admin, autocommit=True) as connection:
            yield connection

    def parameters(self, name: str) -> dict[str, str]:
        """Django's settings for the database ``name``."""
        parts = conninfo_to_dict(self.url)
        names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
        return {"NAME": name, **{ours: str(parts.get(theirs) or "") for ours, theirs in names.items()}}

    def clone(self, template: str) -> str:
        """A new database with the contents of ``template``."""
        name = f"{CLONE}{int(time.time())}_{uuid4().hex[:10]}"
        owner = conninfo_to_dict(self.url)["user"]
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}")
        with self.connection() as connection:
            connection.execute(statement.format(*map(sql.Identifier, (name, template, str(owner)))))
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        with self.connection() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def template(self) -> str:
        """The template of the present code; made when the server does not have it yet."""
        name = TEMPLATE + recipe()
        with self.connection() as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                self._sweep(connection)
                self._make(connection, name)
        return name

    def _make(self, connection: psycopg.Connection, name: str) -> None:
        part = name + "_part"
        owner = str(conninfo_to_dict(self.url)["user"])
        self.drop(part)
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' OWNER {}")
        connection.execute(statement.format(sql.Identifier(part), sql.Identifier(owner)))
        with django_on(self.parameters(part)):
            from django.core.management import call_command

            from renfort.ops.migrate import fill

            call_command("migrate", interactive=False, verbosity=0)
            fill()
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(part), sql.Identifier(name)))

    def _sweep(self, connection: psycopg.Connection) -> None:
        """Drop the clones of runs that were killed on a long-lived server."""
        rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [CLONE.replace("_", r"\_") + "%"])
        for (name,) in rows.fetchall():
            if int(name.removeprefix(CLONE).split("_")[0]) < time.time() - OLD:
                self.drop(name)


@contextmanager
def django_on(parameters: dict[str, str]) -> Iterator[None]:
    """Point Django's connection at another database for a while; threads started meanwhile follow."""
    from django.db import connections

    connection = connections["default"]
    connection.close()
    before = {name: connection.settings_dict[name] for name in parameters}
    connection.settings_dict.update(parameters)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


# ── the server of this run ────────────────────────────────────────────────────────────────────────
class ThrownAway:
    """A cluster for one run, in a folder of its own."""

    def __init__(self) -> None:
        account = server_account()
        base = next(p for p in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")) if can_enter(p, account))
        _sweep_folders(base)
        self.folder = Path(tempfile.mkdtemp(prefix=FOLDER, dir=base))
        self.folder.chmod(0o711)
        (self.folder / "pid").write_text(str(os.getpid()), encoding="ascii")
        self.cluster = Cluster(self.folder, find_programs(environment().pgbin), account, durable=False, connections=300)
        try:
            self.cluster.create()
            self.cluster.start()
        except BaseException:
            self.remove()
            raise

    def remove(self) -> None:
        """Stop it and leave nothing."""
        self.cluster.stop()
        shutil.rmtree(self.cluster.sockets, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def _sweep_folders(base: Path) -> None:
    """Remove what killed runs left; their servers ended with them."""
    for folder in base.glob(FOLDER + "*"):
        try:
            pid = int((folder / "pid").read_text(encoding="ascii"))
            alive = Path(f"/proc/{pid}").exists()
        except (OSError, ValueError):
            continue
        if not alive:
            shutil.rmtree(folder, ignore_errors=True)


def _is_first(config: pytest.Config) -> bool:
    return not hasattr(config, "workerinput")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Find or start the server, once, before pytest-xdist starts its processes."""
    config = session.config
    if not _is_first(config) or config.option.collectonly:
        return
    url = environment().database_url
    if url:
        os.environ[ADMIN] = os.environ[OWNED] = url
        return
    try:
        server = ThrownAway()
    except Sentence as sentence:
        pytest.exit(str(sentence), returncode=2)
    config.add_cleanup(server.remove)
    os.environ[ADMIN] = server.cluster.url(SUPERUSER, "postgres")
    os.environ[OWNED] = server.cluster.url(OWNER)


# ── fixtures ──────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="session")
def database_server() -> Server:
    """The server of this run."""
    return Server(os.environ[ADMIN], os.environ[OWNED])


@pytest.fixture(scope="session")
def database_template(database_server, django_test_environment, django_db_blocker) -> str:
    """The name of the template database."""
    with django_db_blocker.unblock():
        return database_server.template()


@pytest.fixture(scope="session")
def django_db_setup(database_server, database_template, django_db_blocker) -> Iterator[None]:
    """This process's clone: what tests with ``django_db`` see, each in a transaction that is rolled back."""
    name = database_server.clone(database_template)
    try:
        with django_db_blocker.unblock(), django_on(database_server.parameters(name)):
            django_db_blocker.block()
            try:
                yield
            finally:
                django_db_blocker.restore()
    finally:
        database_server.drop(name)


@pytest.fixture
def own_database(request, database_server, database_template, django_db_blocker) -> Iterator[str]:
    """A fresh database for this test alone, with real commits: for races, live servers and programs.

    Yields:
        Its address (for ``DATABASE_URL`` of a program). Django is connected to it, in threads too, which close their connections.
    """
    if request.node.get_closest_marker("django_db") is not None:
        pytest.fail("own_database replaces the django_db mark: take one of the two")
    name = database_server.clone(database_template)
    try:
        with django_db_blocker.unblock(), django_on(database_server.parameters(name)):
            yield _renamed(database_server.url, name)
    finally:
        database_server.drop(name)


@pytest.fixture
def own_server(own_database) -> Iterator[str]:
    """The site, served from threads of this process on a database of its own.

    Yields:
        Its address, without a slash at the end.
    """
    from pytest_django.live_server_helper import LiveServer

    server = LiveServer("127.0.0.1:0")
    try:
        yield server.url
    finally:
        server.stop()


def _renamed(url: str, name: str) -> str:
    """The address of another database on the same server."""
    from psycopg.conninfo import make_conninfo

    if not url.startswith(("postgresql://", "postgres://")):
        return make_conninfo(url, dbname=name)
    from urllib.parse import urlsplit, urlunsplit

    return urlunsplit(urlsplit(url)._replace(path="/" + name))
