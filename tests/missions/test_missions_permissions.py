"""Who may do what in every state, as one readable page per workflow; and that nobody may do what nobody shows them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories import actor, grant, manager, mission, operator, participation, tutor, volunteer

from renfort.kernel.actions import actions_of
from renfort.kernel.actors import ANONYMOUS, CLOCK, SERVICE, Actor, HeldRole
from renfort.kernel.describe import matrix
from renfort.missions.enums import MissionState, ParticipationState
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.mission import with_places
from renfort.missions.selectors.participation import with_rows
from renfort.missions.selectors.policy import with_policy
from renfort.missions.workflow import MISSION, PARTICIPATION
from renfort.organisations.enums import Programme, Role, ScopeKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    """One participation, and everybody who may have something to say about it."""
    waiting = participation()
    return waiting, {
        "volunteer": actor(waiting.person),
        "other volunteer": actor(volunteer()),
        "host manager": actor(waiting.mission.responsible),
        "tutor in charge": in_charge_of(waiting.mission),
        "other tutor": actor(tutor(waiting.mission.organisation)),
        "tutor elsewhere": actor(tutor()),
        "other manager": actor(manager()),
        "operator": actor(operator()),
        "clock": CLOCK,
        "command": SERVICE,
        "anonymous": ANONYMOUS,
    }


def in_charge_of(what):
    """A « tuteur » to whom the mission was given, beside its manager: as an actor whose number is the responsible's (R40)."""
    manager_ = actor(what.responsible)
    role = HeldRole(Programme.RESERVE, Role.MISSION_TUTOR, ScopeKind.ORGANISATION, str(what.organisation_id))
    return Actor(kind="person", person_id=manager_.person_id, roles=(role,))


def drawn(flow, obj, actors):
    table = matrix(flow, obj, actors)
    lines = [f"# {flow.model}: who may do what, in every state (conditions apart)"]
    for state, row in table.items():
        lines += ["", f"{state} « {flow.states(state).label} »"]
        lines += [f"    {name:<16} {', '.join(names) or '–'}" for name, names in row.items()]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("flow", "file"),
    [(MISSION, "mission_permissions.txt"), (PARTICIPATION, "participation_permissions.txt")],
    ids=["mission", "participation"],
)
def test_who_may_do_what_in_every_state(asked, snapshot, flow, file):
    waiting, actors = asked

    snapshot(file, drawn(flow, waiting.mission if flow is MISSION else waiting, actors))


def test_own_application_is_not_answered_by_oneself_as_operator_or_stranger(asked):
    """Roles of one programme give no right in another, nor do two persons' roles add up."""
    waiting, actors = asked
    names = {name: {t.name for t in PARTICIPATION.transitions if t.who(who, waiting)} for name, who in actors.items()}

    assert names["operator"] == names["other manager"] == names["other volunteer"] == names["anonymous"] == set()
    assert names["other tutor"] == names["tutor elsewhere"] == set()
    assert names["tutor in charge"] == names["host manager"]
    assert names["volunteer"] == {"withdraw", "give_back_slots", "contest"}


def test_right_that_has_ended_counts_no_more(asked):
    from django.utils import timezone

    waiting, _actors = asked
    former = volunteer()
    grant(former, Programme.RESERVE, Role.MANAGER, waiting.mission.organisation, valid_until=timezone.now())

    who = actor(former)
    assert [t.name for t in PARTICIPATION.transitions if t.who(who, waiting)] == []


def test_acting_in_one_role_borrows_nothing_from_another(asked):
    """P13: a form sent in one role never uses a right of the same person in another."""
    waiting, _actors = asked
    both = waiting.mission.responsible
    grant(both, Programme.PLATFORM, Role.OPERATOR)

    whole = actor(both)
    in_office = whole.in_role("platform:operator:platform:")
    assert in_office is not None
    assert [t.name for t in MISSION.transitions if t.who(in_office, waiting.mission)] == [
        "opine",
        "validate",
        "review",
        "ask_correction",
        "refuse",
    ]
    assert whole.in_role("reserve:manager:organisation:0") is None


# ── decision 9: whatever a rule allows, the selector shows ────────────────────────────────────────
ANY = st.builds(
    HeldRole,
    programme=st.sampled_from(Programme.values),
    role=st.sampled_from(Role.values),
    scope_kind=st.sampled_from(ScopeKind.values),
    scope=st.sampled_from(["", "33", "own", "other"]),
)
# roles that exist, as often as those that nobody should hold: chance alone meets them too seldom
REAL = st.sampled_from(
    [
        HeldRole(Programme.RESERVE, Role.MANAGER, ScopeKind.ORGANISATION, "own"),
        HeldRole(Programme.RESERVE, Role.MANAGER, ScopeKind.ORGANISATION, "other"),
        HeldRole(Programme.RESERVE, Role.MISSION_TUTOR, ScopeKind.ORGANISATION, "own"),
        HeldRole(Programme.RESERVE, Role.MISSION_TUTOR, ScopeKind.ORGANISATION, "other"),
        HeldRole(Programme.RESERVE, Role.VOLUNTEER, ScopeKind.PLATFORM, ""),
        HeldRole(Programme.PLATFORM, Role.OPERATOR, ScopeKind.PLATFORM, ""),
    ]
)
HELD = REAL | ANY


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    roles=st.lists(HELD, max_size=4),
    kind=st.sampled_from(["person", "anonymous", "clock", "service"]),
    is_=st.sampled_from(["applicant", "responsible", "nobody"]),
    state=st.sampled_from([*MissionState.values]),
)
def test_whatever_a_rule_allows_on_a_mission_is_visible(asked, roles, kind, is_, state):
    waiting, _actors = asked
    who = made_up(waiting, roles, kind, is_)
    shown = MISSION.visible(who).filter(pk=waiting.mission_id).exists()

    allowed = [t.name for t in MISSION.from_state(state) if t.who(who, waiting.mission)]

    assert shown or not allowed


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    roles=st.lists(HELD, max_size=4),
    kind=st.sampled_from(["person", "anonymous", "clock", "service"]),
    is_=st.sampled_from(["applicant", "responsible", "nobody"]),
    state=st.sampled_from([*ParticipationState.values]),
)
def test_whatever_a_rule_allows_on_a_participation_is_visible(asked, roles, kind, is_, state):
    waiting, _actors = asked
    who = made_up(waiting, roles, kind, is_)
    shown = PARTICIPATION.visible(who).filter(pk=waiting.pk).exists()

    allowed = [t.name for t in PARTICIPATION.from_state(state) if t.who(who, waiting)]

    assert shown or not allowed


def made_up(waiting, roles, kind, is_):
    """Any actor that the platform could meet; scopes of organisations are numbers, as grants write them."""
    scopes = {"own": str(waiting.organisation_id), "other": str(waiting.organisation_id + 1)}
    held = tuple(
        HeldRole(programme=r.programme, role=r.role, scope_kind=r.scope_kind, scope=scopes.get(r.scope, r.scope))
        for r in roles
        if r.scope_kind != ScopeKind.ORGANISATION or r.scope in scopes
    )
    applicant, responsible = waiting.person_id, waiting.mission.responsible_id
    numbers = {"applicant": applicant, "responsible": responsible, "nobody": max(applicant, responsible) + 1}
    person_id = numbers[is_] if kind == "person" else None
    return Actor(kind=kind, person_id=person_id, roles=held if kind == "person" else ())


def test_selector_does_not_show_what_is_somebody_elses(asked):
    waiting, actors = asked

    missions = {name: MISSION.visible(who).filter(pk=waiting.mission_id).exists() for name, who in actors.items()}
    participations = {name: PARTICIPATION.visible(who).filter(pk=waiting.pk).exists() for name, who in actors.items()}

    assert {name for name, shown in missions.items() if shown} == {
        "host manager", "tutor in charge", "other tutor", "operator", "clock", "command",
    }  # fmt: skip
    assert {name for name, shown in participations.items() if shown} == {
        "volunteer", "host manager", "tutor in charge", "clock", "command",
    }  # fmt: skip


# ── decision 9: a rule makes no query on rows from a selector ─────────────────────────────────────
def test_buttons_of_missions_ask_nothing_of_the_database(django_assert_num_queries):
    for state in MissionState.values:
        mission(state=state)
    rows = list(with_policy(with_places(Mission.objects.all())).order_by("id"))
    everybody = [actor(row.responsible) for row in rows] + [actor(operator()), CLOCK]

    with django_assert_num_queries(0):
        found = [actions_of(MISSION, row, who, lambda path: path) for row in rows for who in everybody]

    assert any(found)


def test_buttons_of_participations_ask_nothing_of_the_database(django_assert_num_queries):
    online = mission(places=20)
    for state in ParticipationState.values:
        participation(online, state=state)
    rows = list(with_rows(Participation.objects.all()))
    everybody = [actor(online.responsible), actor(rows[0].person), CLOCK]

    with django_assert_num_queries(0):
        found = [actions_of(PARTICIPATION, row, who, lambda path: path) for row in rows for who in everybody]

    assert any(found)
