"""``bench queue``, small: what it writes is what it says, and every page that it opens keeps to its queries (R51, R52)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.queue import WAITS as MISSION_WAITS
from renfort.ops.bench import queue
from renfort.ops.greeting import DEMO_DOMAIN
from renfort.organisations.models import Organisation
from renfort.organisations.selectors.queue import WAITS as ORGANISATION_WAITS
from renfort.people.models import Account

pytestmark = pytest.mark.slow
MOST_QUERIES = {"referent dashboard": 12, "operator home": 12, "one case": 30, "": 12}  # by a part of the page's name, first wins


def queries_of(client: Client, path: str) -> int:
    asked: list[str] = []

    def count(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        assert client.get(path).status_code == 200, path
    return len(asked)


def test_the_queues_are_full_and_each_measured_page_answers_within_its_queries(own_database):
    queue.write(waiting=40, missions=120, volunteers=200)

    assert Mission.objects.filter(MISSION_WAITS).count() == 32
    assert Organisation.objects.filter(ORGANISATION_WAITS).count() == 8
    assert Participation.objects.exists()
    asked = {}
    for name, (who, path) in queue.pages().items():
        client = Client()
        client.force_login(Account.objects.get(email=f"{who}{DEMO_DOMAIN}"))
        client.get(path)
        asked[name] = queries_of(client, path)
    too_many = {
        name: count for name, count in asked.items() if count > next(most for part, most in MOST_QUERIES.items() if part in name)
    }
    assert not too_many
