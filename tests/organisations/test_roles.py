"""Who holds which role, since when and until when (decisions 5 and 6, P13)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories import account, actor, at, grant, manager, organisation, person, volunteer

from renfort.audit.models import Entry
from renfort.kernel.actors import ANONYMOUS, CLOCK, SERVICE
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.organisations.models import Grant
from renfort.organisations.selectors import actor_of, is_operator, managers_of, organisations_managed
from renfort.organisations.services import OrganisationFacts, give_role, open_organisation

pytestmark = pytest.mark.django_db


def facts(**changes):
    given = {"name": "Secours", "legal_status": "association", "description": "x", "city": "Bordeaux", "department": "33"}
    return OrganisationFacts(**{**given, **changes})


def test_first_manager_is_who_opened_the_organisation():
    """R2."""
    someone = account().person

    where = open_organisation(actor=actor(someone), person=someone, facts=facts())

    assert actor(someone).holds(Programme.RESERVE, Role.MANAGER, ScopeKind.ORGANISATION, where.pk)
    assert list(organisations_managed(actor(someone))) == [where]
    assert list(Entry.objects.order_by("id").values_list("verb", flat=True)) == [
        "organisations.organisation.open",
        "organisations.grant.give",
    ]


def test_role_given_twice_is_held_once():
    someone, where = person(), organisation()

    given = [
        give_role(actor=SERVICE, person=someone, programme=Programme.RESERVE, role=Role.MANAGER, organisation=where) for _ in "12"
    ]

    assert (given[0] == given[1], Entry.objects.filter(verb="organisations.grant.give").count()) == (True, 1)


def test_role_counts_from_its_first_moment_to_its_last():
    someone, where, now = person(), organisation(), timezone.now()
    held = grant(someone, Programme.RESERVE, Role.MANAGER, where, valid_until=now + timedelta(hours=1))
    Grant.objects.filter(pk=held.pk).update(valid_from=now - timedelta(hours=1))

    found = []
    for minutes in (-61, -60, 0, 59, 60):
        with at(now + timedelta(minutes=minutes)):
            found.append(len(actor_of(someone.pk).roles))

    assert found == [0, 1, 1, 1, 0]


def test_role_is_that_programme_that_role_that_scope():
    """Vocabulary: no role of one programme gives a right in another."""
    where, elsewhere = organisation(), organisation()
    who = actor(manager(where))

    wanted = [
        (Programme.RESERVE, Role.MANAGER, ScopeKind.ORGANISATION, where.pk),
        (Programme.RESERVE, Role.MANAGER, ScopeKind.ORGANISATION, elsewhere.pk),
        (Programme.WORKSHOPS, Role.MANAGER, ScopeKind.ORGANISATION, where.pk),
        (Programme.RESERVE, Role.MISSION_TUTOR, ScopeKind.ORGANISATION, where.pk),
        (Programme.RESERVE, Role.MANAGER, ScopeKind.DEPARTMENT, where.pk),
        (Programme.PLATFORM, Role.OPERATOR, ScopeKind.PLATFORM, ""),
    ]
    assert [who.holds(*each) for each in wanted] == [True, False, False, False, False, False]


def test_nobody_in_particular_holds_nothing():
    assert actor_of(None) == ANONYMOUS
    assert [is_operator(who) for who in (ANONYMOUS, CLOCK, SERVICE)] == [False] * 3
    assert actor_of(person().pk).roles == ()


def test_role_that_is_claimed_is_looked_up():
    """Decision 6: a scope in a path or form is a claim."""
    where = organisation(name="Secours Bordeaux")
    who = actor(manager(where))
    key = f"reserve:manager:organisation:{where.pk}"

    acting = who.in_role(key)

    assert acting is not None and acting.acting is not None
    assert (acting.role_key, acting.acting.label) == (key, "Responsable · Secours Bordeaux")
    assert [
        who.in_role(claim) for claim in ("", key + "0", key.replace("reserve", "workshops"), "platform:operator:platform:")
    ] == [None] * 4


def test_team_is_who_holds_the_role_now_in_the_order_they_came():
    where = organisation()
    first, second = manager(where), manager(where)
    grant(volunteer(), Programme.RESERVE, Role.MANAGER, where, valid_until=timezone.now() - timedelta(days=1))
    grant(volunteer(), Programme.RESERVE, Role.MISSION_TUTOR, where)
    manager()

    assert [held.person for held in managers_of(where.pk)] == [first, second]


def test_actor_costs_one_query(django_assert_num_queries):
    someone = manager()
    for _ in range(5):
        grant(someone, Programme.RESERVE, Role.MANAGER, organisation())

    with django_assert_num_queries(1):
        assert len(actor_of(someone.pk).roles) == 6


@pytest.mark.parametrize(
    "wrong",
    [
        {"scope_kind": ScopeKind.ORGANISATION, "scope": "1"},  # an organisation that no row holds
        {"scope_kind": ScopeKind.PLATFORM, "with_organisation": True},
    ],
)
def test_database_refuses_a_scope_that_is_two_things(wrong):
    where = organisation() if wrong.pop("with_organisation", False) else None

    with pytest.raises(IntegrityError, match="organisations_grant_scope"), transaction.atomic():
        Grant.objects.create(person=person(), programme=Programme.RESERVE, role=Role.MANAGER, organisation=where, **wrong)


def test_database_refuses_the_same_role_twice():
    someone, where = person(), organisation()
    grant(someone, Programme.RESERVE, Role.MANAGER, where)

    with pytest.raises(IntegrityError, match="organisations_grant_once"), transaction.atomic():
        grant(someone, Programme.RESERVE, Role.MANAGER, where)
