"""The programme exists once the operator has opened it; who sees what follows the routing of departments (S5)."""

from __future__ import annotations

import pytest
from tests.factories import client_of
from tests.factories.civic_service import (
    acting,
    case_manager,
    establishment,
    federation,
    lead,
    project,
    service_tutor,
)

from renfort.civic_service.selectors.establishments import establishments_visible
from renfort.civic_service.selectors.projects import projects_visible
from renfort.civic_service.selectors.roles import case_managers_of
from renfort.kernel.actors import SERVICE
from renfort.organisations.enums import Role
from renfort.parameters.catalogue import CLOSED, PROGRAMMES
from renfort.parameters.services import set_value

pytestmark = pytest.mark.django_db


def test_each_sees_the_establishments_of_their_own_territory():
    here, there = establishment(), establishment(department="75", name="Collège Sainte-Anne")
    gironde, national = federation("33"), federation(is_national=True, name="Fnogec", kind="fnogec")
    seen = {
        who: {found.pk for found in establishments_visible(acting(someone, role))}
        for who, someone, role in (
            ("gironde", case_manager(gironde), Role.CASE_MANAGER),
            ("rest", case_manager(national), Role.CASE_MANAGER),
            ("all", case_manager(), Role.CASE_MANAGER),
            ("lead", lead(here), Role.ESTABLISHMENT_LEAD),
            ("tutor", service_tutor(there), Role.SERVICE_TUTOR),
        )
    }

    assert seen == {"gironde": {here.pk}, "rest": {there.pk}, "all": {here.pk, there.pk}, "lead": {here.pk}, "tutor": {there.pk}}


def test_a_draft_is_nobody_elses():
    mine, filed = project(), project(state="submitted")
    manager = acting(case_manager(), Role.CASE_MANAGER)

    assert [each.pk for each in projects_visible(manager)] == [filed.pk]
    assert [each.pk for each in projects_visible(acting(mine.lead, Role.ESTABLISHMENT_LEAD))] == [mine.pk]


def test_a_department_without_case_managers_is_answered_for_by_the_national_ones():
    boss = case_manager()
    federation("33")

    assert [held.person_id for held in case_managers_of("33")] == [boss.pk]
    assert [held.person_id for held in case_managers_of("75")] == [boss.pk]


def test_each_enters_at_home_and_nobody_elsewhere():
    here, there = establishment(), establishment(name="Collège Sainte-Anne")
    browser = client_of(lead(here))

    assert browser.get(f"/service-civique/etablissements/{here.pk}/").status_code == 200
    assert browser.get(f"/service-civique/etablissements/{there.pk}/").status_code == 404
    assert client_of(case_manager()).get("/service-civique/gestion/").status_code == 200
    assert browser.get("/service-civique/gestion/").status_code == 404


def test_closed_nothing_of_it_exists():
    here = establishment()
    browser = client_of(lead(here))
    set_value(PROGRAMMES["civic_service"], CLOSED, actor=SERVICE)

    assert browser.get(f"/service-civique/etablissements/{here.pk}/").status_code == 404
