"""Who may decide what about organisations, for every state: one page to read in a diff (P11)."""

from __future__ import annotations

import pytest
from tests.factories import actor, grant, join_request, manager, membership, operator, organisation, supervisor, volunteer

from renfort.kernel.actors import ANONYMOUS, CLOCK
from renfort.kernel.describe import matrix
from renfort.organisations.enums import JoinState, MembershipState, Programme, Role
from renfort.organisations.workflow import JOIN, NETWORK

pytestmark = pytest.mark.django_db


@pytest.fixture
def where():
    return organisation()


@pytest.fixture
def people(where):
    both = volunteer()
    grant(both, Programme.WORKSHOPS, Role.MANAGER, where)  # no role of one programme gives a right in another
    return {
        "anonymous": ANONYMOUS,
        "clock": CLOCK,
        "volunteer": actor(volunteer()),
        "manager": actor(manager(where)),
        "manager elsewhere": actor(manager()),
        "manager of another programme": actor(both),
        "supervisor": actor(supervisor()),
        "supervisor elsewhere": actor(supervisor("secours-populaire")),
        "operator": actor(operator()),
    }


def test_who_may_decide_is_as_written(where, people):
    asked, claimed = join_request(where), membership(where)

    allowed = {
        flow.model: {
            state: {name: moves for name, moves in row.items() if moves} for state, row in matrix(flow, obj, people).items()
        }
        for flow, obj in ((JOIN, asked), (NETWORK, claimed))
    }

    assert allowed == {
        "organisations.JoinRequest": {
            "pending": {"clock": ["close_with_merge"], "manager": ["accept", "refuse"]},
            "accepted": {},
            "refused": {},
        },
        "organisations.NetworkMembership": {
            "claimed": {"supervisor": ["confirm", "refuse"], "operator": ["confirm", "refuse"]},
            "confirmed": {"supervisor": ["end"], "operator": ["end"]},
            "refused": {"supervisor": ["confirm"], "operator": ["confirm"]},
            "ended": {"supervisor": ["confirm"], "operator": ["confirm"]},
        },
    }


@pytest.mark.parametrize("state", JoinState.values)
def test_whatever_a_rule_allows_for_a_request_the_selector_shows(where, people, state):
    asked = join_request(where, state=state)

    for name, who in people.items():
        if any(transition.who(who, asked) for transition in JOIN.transitions):
            assert JOIN.visible(who).filter(pk=asked.pk).exists(), name


@pytest.mark.parametrize("state", MembershipState.values)
def test_whatever_a_rule_allows_for_a_claim_the_selector_shows(where, people, state):
    claim = membership(where, state=state)

    for name, who in people.items():
        if any(transition.who(who, claim) for transition in NETWORK.transitions):
            assert NETWORK.visible(who).filter(pk=claim.pk).exists(), name
