"""R40 at the same moment: two managers remove each other, a link opened twice, two invitations of one address."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from tests.factories import account, actor, invitation, manager, organisation
from tests.organisations.test_organisations_races import at_once

from renfort.kernel.firing import NotAllowed, Refused
from renfort.organisations.models import Grant, Invitation
from renfort.organisations.services import (
    InvitationFacts,
    Succession,
    accept_invitation,
    change_role,
    invite,
    leave_platform,
    leave_team,
    remove_member,
    team,
)

pytestmark = pytest.mark.race


def managers_left(where) -> int:
    return Grant.objects.filter(organisation=where, role="manager", valid_until=None).count()


def remove_each_other(where) -> list[str]:
    """Each of two managers removes the other; what became of it."""
    first, second = manager(where), manager(where)

    def remove(by, whom) -> str:
        try:
            remove_member(actor=by, member=whom, succession=Succession(successor=by.person_id))
        except (Refused, NotAllowed) as refused:
            return type(refused).__name__
        return "removed"

    works = []
    for one, other in ((first, second), (second, first)):
        by, whom = actor(one), Grant.objects.select_related("organisation").get(person=other)
        works.append(lambda by=by, whom=whom: remove(by, whom))
    return at_once(*works)


def test_two_managers_who_remove_each_other_leave_one(own_database):
    where = organisation()

    said = remove_each_other(where)

    assert sorted(said) == ["NotAllowed", "removed"] and managers_left(where) == 1


def test_without_the_lock_nobody_would_be_left(own_database, monkeypatch):
    """The negative control: both look, both see two, both remove."""

    def read_only(stale):
        return type(stale).objects.get(pk=stale.pk)

    monkeypatch.setattr(team, "lock_row", read_only)
    monkeypatch.setattr(team, "hand_all_over", lambda **said: time.sleep(0.7) or 0)
    where = organisation()

    assert remove_each_other(where) == ["removed", "removed"] and managers_left(where) == 0


def test_three_managers_who_all_go_at_once_leave_one(own_database):
    """Leaving, becoming « tuteur », being removed: whichever way, one remains."""
    where = organisation()
    people = [manager(where) for _ in range(3)]
    grants = {each.pk: Grant.objects.select_related("organisation").get(person=each) for each in people}

    def go(work) -> str:
        try:
            work()
        except (Refused, NotAllowed):
            return "refused"
        return "gone"

    first, second, third = people
    said = at_once(
        lambda: go(lambda: leave_team(actor=actor(first), member=grants[first.pk], succession=Succession(successor=third.pk))),
        lambda: go(lambda: change_role(actor=actor(second), member=grants[second.pk], role="mission_tutor")),
        lambda: go(lambda: leave_team(actor=actor(third), member=grants[third.pk], succession=Succession(successor=second.pk))),
    )

    assert managers_left(where) == 1 and said.count("gone") == 2


def test_a_link_opened_by_two_people_at_once_serves_one(own_database):
    where = organisation()
    made = invitation(where)
    people = [account().person for _ in range(4)]

    def accept(someone) -> bool:
        try:
            accept_invitation(
                actor=actor(someone), person=someone, invitation=Invitation.objects.select_related("organisation").get(pk=made.pk)
            )
        except (Refused, NotAllowed):
            return False
        return True

    said = at_once(*[lambda someone=someone: accept(someone) for someone in people])

    holder = Grant.objects.get(organisation=where, role="mission_tutor").person_id
    assert said.count(True) == 1 and Invitation.objects.get().person_id == holder


def test_one_address_invited_by_four_managers_at_once_is_invited_once(own_database):
    where = organisation()
    team_ = [manager(where) for _ in range(4)]
    facts = InvitationFacts(role="manager", first_name="Nadia", last_name="Nouvelle", email="nadia@example.org")

    said = at_once(*[lambda by=by: invite(actor=actor(by), organisation=where, facts=facts)[1] for by in team_])

    assert said.count(True) == 1 and Invitation.objects.count() == 1


def test_joining_while_the_organisation_leaves_ends_one_way(own_database):
    """Either one joins and goes with the team, or the invitation is withdrawn: nobody stays in a team that has left."""
    where = organisation()
    boss, someone = manager(where), account().person
    made = invitation(where, by=boss)

    def join() -> None:
        found = Invitation.objects.select_related("organisation").get(pk=made.pk)
        with suppress(Refused, NotAllowed):
            accept_invitation(actor=actor(someone), person=someone, invitation=found)

    at_once(join, lambda: leave_platform(actor=actor(boss), organisation=where))

    assert Invitation.objects.get().state in ("accepted", "revoked")
    assert not Grant.objects.filter(organisation=where, valid_until=None).exists()
