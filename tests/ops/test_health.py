"""Health: alive without a database, ready only with all three (P12)."""

import json

import pytest
from django.db import connection
from django.test import Client


@pytest.fixture
def client() -> Client:
    return Client()


def beat(age: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval)", [age])


def ready(client: Client) -> tuple[int, dict]:
    answer = client.get("/health/ready")
    return answer.status_code, json.loads(answer.content)["checks"]


def test_alive_asks_no_database(client):
    answer = client.get("/health/live")  # without django_db a query would raise
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert "no-store" in answer["Cache-Control"]


def test_ready_with_a_worker_that_lives(own_database, client):
    beat("5 seconds")
    status, checks = ready(client)
    assert status == 200
    assert all(check["ok"] for check in checks.values())
    assert set(checks) == {"database", "migrations", "worker"}


def test_not_ready_when_the_last_worker_is_silent(own_database, client):
    beat("2 minutes")
    status, checks = ready(client)
    assert status == 503
    assert "renfort worker" in checks["worker"]["sentence"]


def test_not_ready_when_a_migration_is_missing(own_database, client):
    beat("1 second")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)")
    status, checks = ready(client)
    assert status == 503
    assert checks["migrations"]["sentence"].startswith("Il manque 1 migration")


def test_not_ready_when_the_database_is_empty_or_gone(own_database, client, database_server):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME TO elsewhere")
    assert "renfort migrate" in ready(client)[1]["migrations"]["sentence"]
    connection.close()
    database_server.drop(connection.settings_dict["NAME"])
    status, checks = ready(client)
    assert (status, list(checks)) == (503, ["database"])
