"""Servers of one's own: refusals that say what to do, rights of the two roles, migrations that run twice (decision 17)."""

import threading
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from renfort.config.env import Environment
from renfort.ops import migrate as migrations
from renfort.ops.server import EXTENSIONS, ServerError, check_server, check_version, connect


def as_role(url: str, role: str, password: str = "") -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{password}@{host}" if password else f"{role}@{host}"))


@pytest.fixture
def stranger(database_server):
    """A role that owns nothing; dropped afterwards."""
    name = f"stranger_{uuid4().hex[:8]}"
    with database_server.connection() as admin:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'x'").format(sql.Identifier(name)))
    yield name
    with database_server.connection() as admin:
        admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@pytest.fixture
def empty_database(database_server, django_db_blocker):
    """A database without any table, owned by the owner."""
    name = f"renfort_clone_0_{uuid4().hex[:8]}"
    owner = database_server.parameters(name)["USER"]
    with database_server.connection() as admin:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' OWNER {}")
        admin.execute(statement.format(sql.Identifier(name), sql.Identifier(owner)))
    yield urlunsplit(urlsplit(database_server.url)._replace(path=f"/{name}"))
    database_server.drop(name)


def test_an_old_server_is_refused():
    with pytest.raises(ServerError, match="PostgreSQL 14 : il faut la version 15"):
        check_version(140_011)
    check_version(150_000)


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite:///x", "renfort"])
def test_another_database_is_refused(url):
    with pytest.raises(ServerError, match="qu'avec PostgreSQL"):
        connect(url)


def test_a_malformed_address_shows_the_form(monkeypatch):
    with pytest.raises(ServerError, match=r"mal formée.*postgresql://utilisateur"):
        connect("postgresql://host/base?nonsense=1")


def test_a_missing_database_is_named(database_server):
    with pytest.raises(ServerError, match="Créez ce rôle ou cette base"):
        connect(urlunsplit(urlsplit(database_server.url)._replace(path="/nobody_made_this")))


def test_rights_that_lack_are_given_as_statements(stranger, empty_database, database_server):
    url = as_role(empty_database, stranger, "x")
    with connect(url) as connection, pytest.raises(ServerError, match="ALTER SCHEMA public OWNER TO"):
        check_server(connection)
    with psycopg.connect(database_server.admin.rpartition("/")[0] + urlsplit(empty_database).path, autocommit=True) as admin:
        admin.execute(sql.SQL("GRANT CREATE ON SCHEMA public TO {}").format(sql.Identifier(stranger)))
        with connect(url) as connection, pytest.raises(ServerError, match="CREATE EXTENSION IF NOT EXISTS unaccent"):
            check_server(connection)
        for name in EXTENSIONS:
            admin.execute(sql.SQL("CREATE EXTENSION {} WITH SCHEMA public").format(sql.Identifier(name)))
        with connect(url) as connection:
            check_server(connection)


def test_the_extensions_that_migrations_create_are_those_that_are_checked():
    import re
    from pathlib import Path

    import renfort

    text = "".join(file.read_text() for file in Path(renfort.__file__).parent.glob("*/migrations/*.py"))
    assert set(re.findall(r"CREATE EXTENSION IF NOT EXISTS (\w+)", text)) == set(EXTENSIONS)


def test_the_application_reads_and_writes_but_never_rewrites_history(stranger, own_database):
    with connect(own_database) as owner:
        owner.execute("CREATE TABLE plain (id bigserial PRIMARY KEY)")
        owner.execute("CREATE TABLE history (id bigserial PRIMARY KEY)")
        owner.execute(
            "CREATE TRIGGER history_fence BEFORE UPDATE OR DELETE ON history FOR EACH ROW EXECUTE FUNCTION public.append_only()"
        )
        migrations.grant(owner, stranger)
        migrations.grant(owner, stranger)
        with connect(as_role(own_database, stranger, "x")) as application:
            application.execute("INSERT INTO plain DEFAULT VALUES")
            application.execute("UPDATE plain SET id = 5")
            application.execute("DELETE FROM plain")
            application.execute("SELECT count(*) FROM procrastinate_jobs")
            application.execute("INSERT INTO history DEFAULT VALUES")
            for statement in ("UPDATE history SET id = 2", "DELETE FROM history", "TRUNCATE history", "CREATE TABLE t (i int)"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
                    application.execute(statement)


def test_the_history_is_append_only_for_the_application(own_database):
    with connect(own_database) as owner:
        tables = dict(owner.execute(migrations.APPEND_ONLY).fetchall())
    assert tables["audit_entry"] and tables["audit_seal"]
    assert tables["audit_contactview"] is False  # never changed, but forgotten when its year is over (P10)


def test_the_second_migrate_finds_nothing_to_do(own_database, capsys):
    settings = Environment(DATABASE_URL=own_database)
    migrations.migrate(settings)
    assert capsys.readouterr().out == ""


def test_two_migrates_at_once_take_turns(own_database, monkeypatch):
    """The second waits for the first: without the lock both would be inside at once."""
    inside, most = 0, 0
    counting, entered = threading.Lock(), threading.Event()

    def work(*, quiet: bool) -> None:
        nonlocal inside, most
        with counting:
            inside += 1
            most = max(most, inside)
        entered.wait(0.3)  # nobody sets it: room for the other to come in
        with counting:
            inside -= 1

    monkeypatch.setattr(migrations, "_apply_migrations", work)
    monkeypatch.setattr(migrations, "fill", lambda: None)
    settings = Environment(DATABASE_URL=own_database)
    threads = [threading.Thread(target=migrations.migrate, args=(settings,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
