"""A transfer and what happens at the same moment, on real connections with real commits (R55, decision 10)."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.factories import actor, manager, mission, organisation, participation, referent, volunteer
from tests.missions.test_race import at_once

from renfort.kernel.firing import Refused, fire
from renfort.missions.enums import MissionState, TransferState
from renfort.missions.models import Mission, Participation, Transfer
from renfort.missions.services import transfers
from renfort.missions.services.participation import apply
from renfort.missions.services.transfers import propose_transfer
from renfort.missions.workflow import MISSION, TRANSFER

pytestmark = pytest.mark.race
ROUNDS = 6


def kinds(outcomes):
    return Counter(type(each).__name__ for each in outcomes)


def sides():
    giver, receiver = organisation(), organisation()
    return mission(giver), actor(manager(giver)), actor(manager(receiver)), receiver


def test_accepted_and_cancelled_at_once_one_of_them_stands(own_database):
    officer = actor(referent("33"))
    for _ in range(ROUNDS):
        what, giver, taker, receiver = sides()
        participation(what)
        what = Mission.objects.get(pk=what.pk)
        made = propose_transfer(actor=officer, mission=what, receiver=receiver)

        outcomes = at_once(
            lambda made=made, taker=taker: fire(TRANSFER, made, "accept", actor=taker, answers={"contacts": "mine"}),
            lambda what=what, giver=giver: fire(MISSION, what, "cancel", actor=giver, answers={"reason": "other"}),
        )

        what, made = Mission.objects.get(pk=what.pk), Transfer.objects.get(pk=made.pk)
        moved = what.organisation_id == receiver.pk
        assert moved == (made.state == TransferState.ACCEPTED) == (what.state == MissionState.PUBLISHED), outcomes
        assert sum(isinstance(each, Exception) for each in outcomes) == 1, outcomes
        assert not Participation.objects.filter(mission=what).exclude(organisation_id=what.organisation_id).exists()


def test_two_transfers_of_one_mission_at_once_and_one_is_proposed(own_database):
    first, second = actor(referent("33")), actor(referent("33"))
    for _ in range(ROUNDS):
        what, _giver, _taker, receiver = sides()
        other = organisation()
        manager(other)

        outcomes = at_once(
            lambda what=what, receiver=receiver: propose_transfer(actor=first, mission=what, receiver=receiver),
            lambda what=what, other=other: propose_transfer(actor=second, mission=what, receiver=other),
        )

        assert kinds(outcomes) == {"Transfer": 1, "Refused": 1}, outcomes
        assert Transfer.objects.filter(mission=what).count() == 1


def test_the_database_holds_one_proposal_when_nobody_locks(own_database, monkeypatch):
    """The negative control: without the locks both get as far as the unique index, which lets one through."""
    first, second = actor(referent("33")), actor(referent("33"))
    monkeypatch.setattr(transfers, "lock_row", lambda row: type(row).objects.get(pk=row.pk))
    monkeypatch.setattr(transfers, "lock_rows", list)
    monkeypatch.setattr(transfers, "_refusals", lambda *_: [])
    what, _giver, _taker, receiver = sides()

    outcomes = at_once(
        lambda: propose_transfer(actor=first, mission=what, receiver=receiver),
        lambda: propose_transfer(actor=second, mission=what, receiver=receiver),
    )

    assert kinds(outcomes) == {"Transfer": 1, "Refused": 1}, outcomes


def test_transfers_that_cross_do_not_block_one_another(own_database):
    """Both organisations are locked by number, whichever gives: no deadlock, both are done."""
    officer = actor(referent("33"))
    for _ in range(ROUNDS):
        one, giver, taker, receiver = sides()
        back = mission(receiver)
        there = propose_transfer(actor=officer, mission=one, receiver=receiver)
        here = propose_transfer(actor=officer, mission=back, receiver=one.organisation)

        outcomes = at_once(
            lambda there=there, taker=taker: fire(TRANSFER, there, "accept", actor=taker, answers={"contacts": "mine"}),
            lambda here=here, giver=giver: fire(TRANSFER, here, "accept", actor=giver, answers={"contacts": "mine"}),
        )

        assert kinds(outcomes) == {"Transfer": 2}, outcomes


def test_who_applies_while_the_mission_moves_is_the_new_organisations_or_told(own_database):
    """R37: never a participation of one organisation on a mission of another."""
    officer = actor(referent("33"))
    for _ in range(ROUNDS):
        what, _giver, taker, receiver = sides()
        made, someone = propose_transfer(actor=officer, mission=what, receiver=receiver), volunteer()
        what = Mission.objects.get(pk=what.pk)

        outcomes = at_once(
            lambda made=made, taker=taker: fire(TRANSFER, made, "accept", actor=taker, answers={"contacts": "mine"}),
            lambda what=what, someone=someone: apply(actor=actor(someone), person=someone, mission=what, ticked=what.rules),
        )

        assert isinstance(outcomes[0], Transfer), outcomes
        assert isinstance(outcomes[1], Participation | Refused), outcomes
        assert not Participation.objects.filter(mission=what).exclude(organisation_id=receiver.pk).exists()
