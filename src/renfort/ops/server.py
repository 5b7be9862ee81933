"""Is the PostgreSQL of DATABASE_URL one that Renfort can live in? Each « no » is a sentence that says what to do (P12)."""

from __future__ import annotations

import psycopg
from psycopg.conninfo import conninfo_to_dict

from renfort.kernel.sentences import Sentence
from renfort.ops.programs import OLDEST_MAJOR

EXTENSIONS = ("unaccent", "pg_trgm")


class ServerError(Sentence):
    """The database server cannot be reached or used; the sentence says why and what to do."""


def connect(url: str, variable: str = "DATABASE_URL") -> psycopg.Connection:
    """Open a connection, without the limits that requests have.

    Args:
        url: the address.
        variable: the setting it came from, for the sentence.

    Raises:
        ServerError: when the address is wrong or nobody answers there.
    """
    if not url.startswith(("postgresql://", "postgres://")):
        raise ServerError(f"{variable} doit commencer par postgresql:// (Renfort ne fonctionne qu'avec PostgreSQL).")
    try:
        return psycopg.connect(url, connect_timeout=5, autocommit=True, application_name="renfort-ops")
    except psycopg.ProgrammingError as error:
        raise ServerError(
            f"{variable} est mal formée ({str(error).strip()}). Forme attendue : postgresql://utilisateur:motdepasse@hote:5432/base."
        ) from None
    except psycopg.OperationalError as error:
        raise ServerError(_unreachable(url, variable, str(error))) from None


def check_server(connection: psycopg.Connection) -> None:
    """Refuse a server that is too old, or a database where the owner may not do what migrations do.

    Args:
        connection: with the role that will own the tables.

    Raises:
        ServerError: with the statement that an administrator has to run.
    """
    check_version(connection.info.server_version)
    database, role = connection.info.dbname, connection.info.user
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise ServerError(
            f"La base « {database} » est en {encoding} : créez-la en UTF8 (CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0)."
        )
    row = connection.execute("SELECT has_schema_privilege('public', 'CREATE')").fetchone()
    if row is None or not row[0]:
        raise ServerError(
            f"Le rôle « {role} » ne peut pas créer de tables dans « {database} ». Un administrateur doit lancer : "
            f'ALTER SCHEMA public OWNER TO "{role}"; ou donner à RENFORT_OWNER_DATABASE_URL un rôle qui possède la base.'
        )
    for name in EXTENSIONS:
        _check_extension(connection, name)


def check_version(version: int) -> None:
    """Refuse a server older than the oldest that is tested.

    Args:
        version: as libpq counts (150018 for 15.18).

    Raises:
        ServerError: when it is too old.
    """
    major = version // 10_000
    if major < OLDEST_MAJOR:
        raise ServerError(
            f"Le serveur de DATABASE_URL est PostgreSQL {major} : il faut la version {OLDEST_MAJOR} ou plus. Mettez-le à jour, "
            "ou laissez DATABASE_URL vide pour la base intégrée."
        )


def _check_extension(connection: psycopg.Connection, name: str) -> None:
    if connection.execute("SELECT 1 FROM pg_extension WHERE extname = %s", [name]).fetchone():
        return
    available = connection.execute(
        "SELECT bool_or(trusted) FROM pg_available_extension_versions WHERE name = %s HAVING count(*) > 0", [name]
    ).fetchone()
    if available is None:
        raise ServerError(
            f"L'extension {name} n'est pas installée sur le serveur de DATABASE_URL : ajoutez les modules « contrib » de "
            "PostgreSQL (paquet postgresql-contrib), puis relancez."
        )
    rights = connection.execute(
        "SELECT rolsuper, has_database_privilege(current_database(), 'CREATE') FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    superuser, create = rights or (False, False)
    if not superuser and not (available[0] and create):
        raise ServerError(
            f"Le rôle « {connection.info.user} » n'a pas le droit d'installer l'extension {name}. Un administrateur doit lancer, "
            f"dans la base « {connection.info.dbname} » : CREATE EXTENSION IF NOT EXISTS {name} WITH SCHEMA public;"
        )


def _unreachable(url: str, variable: str, said: str) -> str:
    parts = conninfo_to_dict(url)
    where = f"{parts.get('host', 'socket local')}, port {parts.get('port', 5432)}, base « {parts.get('dbname', '')} »"
    if "password" in said or "authentication failed" in said:
        todo = "Vérifiez l'utilisateur et le mot de passe."
    elif "does not exist" in said:
        todo = "Créez ce rôle ou cette base (CREATE ROLE…, CREATE DATABASE…), ou corrigez l'adresse."
    else:
        todo = "Vérifiez que le serveur est démarré et que l'adresse est la bonne."
    detail = said.strip().splitlines()[-1] if said.strip() else ""
    return f"La base de données de {variable} ne répond pas ({where}) : « {detail[-200:]} ». {todo}"
