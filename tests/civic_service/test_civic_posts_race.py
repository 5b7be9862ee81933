"""Two « Référents » who leave at the same moment, on real connections with real commits (S4). The race has its control."""

from __future__ import annotations

import pytest
from tests.factories import person
from tests.factories.civic_service import acting, establishment, lead, open_programme, project
from tests.missions.test_race import at_once, kinds

from renfort.civic_service.models import Post
from renfort.civic_service.services import posts
from renfort.civic_service.services.posts import end_post
from renfort.organisations.enums import Role

pytestmark = pytest.mark.race


def both_leave():
    where = establishment()
    project(where, "submitted", lead=person())
    two = [lead(where), lead(where)]
    held = {each.pk: Post.objects.select_related("establishment").get(person=each, role="establishment_lead") for each in two}
    actors = {each.pk: acting(each, Role.ESTABLISHMENT_LEAD) for each in two}
    outcomes = at_once(*(lambda pk=pk: end_post(actor=actors[pk], post=held[pk]) for pk in held))
    return Post.objects.filter(establishment=where, role="establishment_lead", ended_at=None).count(), outcomes


def test_one_of_two_leads_who_leave_at_once_stays(own_database):
    open_programme()
    for _ in range(5):
        left, outcomes = both_leave()

        assert (left, kinds(outcomes)) == (1, {"NoneType": 1, "Refused": 1}), outcomes


def test_both_are_gone_without_the_lock(own_database, monkeypatch):
    """The control: with the lock taken out, the race is lost within some rounds."""
    open_programme()
    monkeypatch.setattr(posts, "lock_row", lambda row: type(row)._base_manager.get(pk=row.pk))
    rounds = []
    for _ in range(20):
        rounds.append(both_leave()[0])
        if rounds[-1] == 0:
            break

    assert rounds[-1] == 0
