"""Two tabs, two managers, at the same moment: the database lets one of them be first (R4, R9)."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from tests.factories import account, client_of, draft
from tests.organisations.steps import YOU, about, you

from renfort.organisations.models import Draft, Grant, Organisation
from renfort.organisations.selectors import actor_of
from renfort.organisations.services import finish

pytestmark = pytest.mark.race


def test_the_last_step_sent_by_ten_threads_makes_one_organisation(own_database):
    """R4, under the lock of the draft: whoever comes second finds what the first one made."""
    someone = account().person
    described = draft(someone, about=about(), place={"department": "33", "city": "Bordeaux", "address": "3 rue X"})
    found, start = [], threading.Barrier(10)

    def send():
        try:
            start.wait()
            found.append(finish(actor=actor_of(someone.pk), draft=Draft.objects.get(pk=described.pk)).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(10)]
    [each.start() for each in threads]
    [each.join() for each in threads]

    assert (len(found), len(set(found)), Organisation.objects.count(), Grant.objects.count()) == (10, 1, 1, 1)


def test_the_first_step_sent_by_two_tabs_makes_one_draft(own_database):
    """The database holds that at most one is open."""
    someone = account().person
    clients, start, statuses = [client_of(someone) for _ in range(6)], threading.Barrier(6), []

    def send(client):
        try:
            start.wait()
            statuses.append(client.post(YOU, you()).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[client]) for client in clients]
    [each.start() for each in threads]
    [each.join() for each in threads]

    assert (statuses, Draft.objects.count()) == ([302] * 6, 1)
