"""Is this process alive, and is the platform ready to serve? For load balancers, supervisors and people (P12)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache

import psycopg
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

FRESH = 30  # seconds; a worker gives a sign of life every ten
TIMEOUT = 3  # seconds to reach the database
HEARTBEAT = "SELECT max(last_heartbeat) > now() - make_interval(secs => %s) FROM procrastinate_workers"


@dataclass(frozen=True)
class Answer:
    """What one check found, in a sentence for people."""

    ok: bool
    sentence: str


REACHED = Answer(True, "La base de données répond.")


@require_safe
@never_cache
def live(_request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers, whatever the database does: a restart would not mend a database."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def ready(_request: HttpRequest) -> JsonResponse:
    """200 when requests can be served and jobs get done, else 503; with one sentence per check."""
    checks = _checks()
    all_well = all(answer.ok for answer in checks.values())
    body = {"ready": all_well, "checks": {name: asdict(answer) for name, answer in checks.items()}}
    return JsonResponse(body, status=200 if all_well else 503, json_dumps_params={"ensure_ascii": False})


def _checks() -> dict[str, Answer]:
    try:
        applied, alive = _ask()
    except psycopg.errors.UndefinedTable:
        return {"database": REACHED, "migrations": Answer(False, "La base est vide : lancez « renfort migrate ».")}
    except psycopg.Error:
        return {"database": Answer(False, "La base de données ne répond pas : vérifiez le serveur PostgreSQL et DATABASE_URL.")}
    return {"database": REACHED, "migrations": _migrations(applied), "worker": _worker(alive=alive)}


def _ask() -> tuple[set[tuple[str, str]], bool]:
    """Applied migrations, and whether a worker lives; on a connection of its own, since the pool would wait for a dead server."""
    parameters = {**connection.get_connection_params(), "connect_timeout": TIMEOUT}
    with psycopg.connect(**parameters) as own:
        applied = set(own.execute("SELECT app, name FROM django_migrations").fetchall())
        row = own.execute(HEARTBEAT, [FRESH]).fetchone()
    return applied, bool(row and row[0])


def _migrations(applied: set[tuple[str, str]]) -> Answer:
    missing = len(_known_migrations() - applied)
    if missing:
        return Answer(False, f"Il manque {missing} migration(s) : lancez « renfort migrate ».")
    return Answer(True, "Toutes les migrations sont appliquées.")


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """The migrations of this version of the code, read from disk once per process."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    return frozenset((app, name) for app, name in loader.disk_migrations if (app, name) not in replaced)


def _worker(*, alive: bool) -> Answer:
    if alive:
        return Answer(True, "Un ouvrier travaille.")
    return Answer(False, "Aucun ouvrier n'a donné signe de vie depuis 30 secondes : lancez « renfort worker ».")


urlpatterns = [
    path("health/live", live, name="health-live"),
    path("health/ready", ready, name="health-ready"),
]
