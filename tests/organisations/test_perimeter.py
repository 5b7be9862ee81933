"""Whose department is whose: referents' perimeters as rules and as filters (R50, R65, P13)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories import actor, client_of, days, grant, manager, operator, organisation, person, referent, volunteer

from renfort.kernel.actors import ANONYMOUS, CLOCK
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.organisations.models import Grant, Organisation
from renfort.organisations.rules import oversees
from renfort.organisations.selectors.perimeter import departments_overseen, overseen, referents_of

pytestmark = pytest.mark.django_db
FOOD, CHILDREN = 1, 2


def delegated(someone, department, *domains):
    return Grant.objects.create(
        person=someone, programme=Programme.RESERVE, role=Role.REFERENT, scope_kind=ScopeKind.DEPARTMENT, scope=department,
        department_id=department, domains=list(domains), valid_until=timezone.now() + days(3),
    )  # fmt: skip


def seen(who):
    return set(Organisation.objects.filter(overseen(who)).values_list("department_id", flat=True))


@pytest.fixture(autouse=True)
def _three_departments():
    for code in ("33", "40", "974"):
        organisation(department_id=code)


def test_a_referent_oversees_all_of_their_departments_at_once_and_nothing_else():
    """R50: « a referent of several departments always sees all of them »."""
    who = actor(referent("974", "33"))

    assert (seen(who), departments_overseen(who)) == ({"33", "974"}, ["33", "974"])
    assert [oversees(who, code) for code in ("33", "40", "974")] == [True, False, True]
    assert [held.label for held in who.roles] == ["Référent · Gironde et La Réunion"]


def test_the_operator_oversees_everything_and_others_nothing():
    assert seen(actor(operator())) == {"33", "40", "974"}
    for who in (actor(manager()), actor(volunteer()), ANONYMOUS, CLOCK):
        assert (seen(who), oversees(who, "33")) == (set(), False)


def test_another_role_of_the_same_person_borrows_nothing_of_the_referent():
    """P13."""
    someone = referent("33")
    grant(someone, Programme.RESERVE, Role.VOLUNTEER)
    acting = actor(someone).in_role("reserve:volunteer:platform:")

    assert (seen(acting), oversees(acting, "33")) == (set(), False)


def test_a_delegation_limited_to_a_domain_is_about_that_domain_alone():
    """R65: departments × domains."""
    someone = referent("33")
    delegated(someone, "40", FOOD)
    who = actor(someone)

    assert [oversees(who, "40", domain) for domain in (FOOD, CHILDREN, None)] == [True, False, False]
    assert seen(who) == {"33"}  # an organisation is of no domain
    limited = str(overseen(who, department="department_id", domain="domain_id"))
    assert ("40" in limited, "domain_id__in" in limited) == (True, True)


def test_a_region_is_named_by_its_name_and_many_departments_are_counted():
    bretons, many = actor(referent("22", "29", "35", "56")), actor(referent("33", "40", "47", "64", "24"))

    assert [held.label for held in bretons.roles + many.roles] == [
        "Référent · Bretagne",
        "Référent · Dordogne, Gironde et 3 autres",
    ]


def test_a_department_has_the_referents_who_hold_it_now():
    first, second = referent("33"), referent("33", "40")
    delegated(person(), "33", FOOD)
    Grant.objects.filter(person=first).update(valid_until=timezone.now())

    assert [held.person for held in referents_of("33")] == [second]
    assert referents_of("33", FOOD).count() == 2
    assert referents_of("33", CHILDREN).count() == 1


def test_the_database_holds_that_the_department_exists_and_is_the_scope():
    given = {"person": person(), "programme": Programme.RESERVE, "role": Role.REFERENT, "scope_kind": ScopeKind.DEPARTMENT}
    for scope, department in (("33", None), ("33", "40")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.create(**given, scope=scope, department_id=department)


def test_the_header_says_role_and_scope_and_who_is_removed_is_out_at_once():
    someone = referent("33", "40")
    browser = client_of(someone)

    page = browser.get("/referent/")
    Grant.objects.filter(person=someone).update(valid_until=timezone.now())

    assert "Référent · Gironde et Landes" in page.content.decode()
    assert browser.get("/referent/").status_code == 404
