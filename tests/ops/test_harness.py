"""The tests' own database: clones that know nothing of each other."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from tests.harness.recipe import recipe


def add(key: str) -> None:
    Session.objects.create(session_key=key, session_data="", expire_date=timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
def test_a_transaction_is_rolled_back(turn):
    assert not Session.objects.exists()
    add(f"turn{turn}")


@pytest.mark.parametrize("turn", [1, 2])
def test_a_clone_of_ones_own_commits_for_real_and_is_thrown_away(own_database, turn, database_server):
    assert not Session.objects.exists()
    add("mine")
    with database_server.connection() as admin:
        names = [name for (name,) in admin.execute("SELECT datname FROM pg_database")]
    assert connection.settings_dict["NAME"] in names
    assert own_database.endswith("/" + connection.settings_dict["NAME"])


@pytest.mark.django_db
def test_an_ordinary_test_is_back_on_its_own_clone():
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_the_template_holds_the_geography():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM territories_commune")
        assert cursor.fetchone()[0] > 30_000


def test_the_same_code_gives_the_same_template():
    assert recipe() == recipe()
    assert len(recipe()) == 16


def test_the_site_is_served_on_a_clone(own_server):
    import http.client
    from urllib.parse import urlsplit

    parts = urlsplit(own_server)
    answer = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    answer.request("GET", "/health/live")
    assert answer.getresponse().read() == b"ok"
    answer.close()
