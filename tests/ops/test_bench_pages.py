"""``bench queue`` and ``bench lists``, small: they write what they say, and each page keeps to its queries (R17, R32, R52)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.queue import WAITS as MISSION_WAITS
from renfort.ops.bench import lists, queue
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
    assert Organisation.objects.filter(ORGANISATION_WAITS).count() >= 8  # some of the demonstration wait anyway
    assert Participation.objects.exists()
    assert too_many({name: (client_for(f"{who}{DEMO_DOMAIN}"), path) for name, (who, path) in queue.pages().items()}) == {}


def test_one_organisation_holds_all_and_each_measured_list_answers_within_its_queries(own_database):
    big = lists.write(missions=120, volunteers=200)

    assert Participation.objects.filter(organisation=big).count() > Participation.objects.exclude(organisation=big).count()
    clients = {who: client_for(lists.account_of(who, big).email) for who in ("manager", "operator")} | {"nobody": Client()}
    assert too_many({name: (clients[who], path) for name, (who, path) in lists.pages(big.pk).items()}) == {}


def client_for(email: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(email=email))
    return client


def too_many(pages: dict[str, tuple[Client, str]]) -> dict[str, int]:
    """The pages that ask more than they may, once they were opened before."""
    found = {}
    for name, (client, path) in pages.items():
        client.get(path)
        count = queries_of(client, path)
        if count > next(most for part, most in MOST_QUERIES.items() if part in name):
            found[name] = count
    return found
