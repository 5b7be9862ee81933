"""Several people at once ask for the same paper (P5)."""

from __future__ import annotations

import pytest
from tests.factories import actor, mission, participation
from tests.missions.test_race import at_once

from renfort.documents.models import Paper
from renfort.missions.enums import ParticipationState as P
from renfort.missions.services.papers import issue_attestation

pytestmark = pytest.mark.race


def test_four_clicks_at_once_give_one_paper(own_database):
    someone = participation(mission(), state=P.ACCEPTED)

    got = at_once(*(lambda: issue_attestation(actor=actor(someone.person), participation=someone) for _number in range(4)))

    assert {type(each) for each in got} == {Paper}, got
    assert Paper.objects.count() == 1
