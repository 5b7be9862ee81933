"""Several at once around host projects, on real connections with real commits (S3, S5). Each race has its control."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from tests.factories import client_of
from tests.factories.civic_service import (
    acting,
    campaign,
    case_manager,
    establishment,
    lead,
    open_programme,
    project,
    service_tutor,
)
from tests.missions.test_race import at_once, kinds

from renfort.civic_service.models import CampaignRecord, HostProject, ProjectVersion
from renfort.civic_service.workflow import PROJECT
from renfort.kernel.firing import fire
from renfort.kernel.workflow import Workflow
from renfort.organisations.enums import Role

pytestmark = pytest.mark.race


def school(count, *, pupils=420, **facts):
    """An establishment with so many projects, its lead as an actor."""
    open_programme()
    where, one = establishment(enrolment=pupils), facts.pop("campaign", None) or campaign()
    boss, tutor = lead(where), service_tutor(where)
    made = [project(where, facts.get("state", "draft"), campaign=one, lead=boss, tutor=tutor) for _ in range(count)]
    return acting(boss, Role.ESTABLISHMENT_LEAD), made


def filed(boss, projects, flow=PROJECT):
    return at_once(*(lambda each=each: fire(flow, each, "file", actor=boss) for each in projects))


def test_two_projects_for_the_last_place_filed_at_once_one_gets_it(own_database):
    """S3: 299 pupils, one volunteer."""
    boss, projects = school(4, pupils=299)

    outcomes = filed(boss, projects)

    assert kinds(outcomes) == {"HostProject": 1, "Refused": 3}, outcomes
    assert HostProject.objects.filter(state="submitted").count() == 1
    assert CampaignRecord.objects.count() == ProjectVersion.objects.count() == 1


def unlocked(name):
    """The same life, but the step ``name`` holds nothing beside the project."""
    flow = object.__new__(Workflow)
    flow.__dict__ |= PROJECT.__dict__
    steps = tuple(replace(each, locks=()) if each.name == name else each for each in PROJECT.transitions)
    flow.transitions, flow._by_name = steps, {each.name: each for each in steps}
    return flow


def test_without_the_lock_of_the_establishment_several_get_the_last_place(own_database):
    """The control: one of two places is left, and the record frozen already, whose uniqueness would keep the others waiting."""
    taken = 0
    for _ in range(6):
        boss, (first, *others) = school(5, pupils=420)
        fire(PROJECT, first, "file", actor=boss)
        filed(boss, others, unlocked("file"))
        taken = max(taken, HostProject.objects.filter(establishment=first.establishment, state="submitted").count())
        if taken > 2:
            break
    assert taken > 2


def test_two_decisions_at_once_one_wins_and_the_other_is_told(own_database):
    """Whoever has it in hand decides in two windows."""
    open_programme()
    what = project(state="under_review")
    chiefs = [acting(what.taken_by, Role.CASE_MANAGER)] * 2

    outcomes = at_once(
        lambda: fire(PROJECT, what, "accept", actor=chiefs[0], answers={"granted": "1"}),
        lambda: fire(PROJECT, what, "refuse", actor=chiefs[1], answers={"refusal": "support"}),
    )

    assert kinds(outcomes) == {"HostProject": 1, "Stale": 1}, outcomes


def test_two_take_a_project_at_once_one_has_it(own_database):
    open_programme()
    what = project(state="submitted")
    chiefs = [acting(case_manager(), Role.CASE_MANAGER) for _ in range(3)]

    outcomes = at_once(*(lambda each=each: fire(PROJECT, what, "take", actor=each) for each in chiefs))

    assert kinds(outcomes) == {"HostProject": 1, "Stale": 2}, outcomes


def test_the_last_place_of_a_campaign_is_granted_once(own_database):
    open_programme()
    one = campaign(most_places=1)
    someone = case_manager()
    waiting = [project(establishment(name=f"Lycée {n}"), "under_review", campaign=one, taken_by=someone) for n in range(4)]
    chief = acting(someone, Role.CASE_MANAGER)

    outcomes = at_once(
        *(lambda each=each: fire(PROJECT, each, "accept", actor=chief, answers={"granted": "1"}) for each in waiting)
    )

    assert kinds(outcomes) == {"HostProject": 1, "Refused": 3}, outcomes
    assert HostProject.objects.filter(state="accepted").count() == 1


def test_without_the_lock_of_the_campaign_its_last_place_is_granted_several_times(own_database):
    """The control."""
    open_programme()
    someone, flow, granted = case_manager(), unlocked("accept"), 0
    chief = acting(someone, Role.CASE_MANAGER)
    for _ in range(6):
        one = campaign(most_places=1)
        waiting = [project(establishment(name=f"Lycée {n}"), "under_review", campaign=one, taken_by=someone) for n in range(4)]
        at_once(*(lambda each=each: fire(flow, each, "accept", actor=chief, answers={"granted": "1"}) for each in waiting))
        granted = HostProject.objects.filter(campaign=one, state="accepted").count()
        if granted > 1:
            break
    assert granted > 1


def test_a_project_filed_by_a_double_click_is_filed_once(own_database):
    boss, (what,) = school(1)

    outcomes = at_once(*(lambda: fire(PROJECT, what, "file", actor=boss) for _ in range(4)))

    assert kinds(outcomes) == {"HostProject": 1, "Stale": 3}, outcomes
    assert HostProject.objects.get().filings == 1


def test_a_form_sent_twice_at_once_makes_one_draft(own_database):
    open_programme()
    where = establishment()
    boss = lead(where)
    campaign()
    facts, url = {"asked": "1", "form_token": str(uuid4())}, f"/service-civique/etablissements/{where.pk}/projets/nouveau/"
    browsers = [client_of(boss) for _ in range(3)]

    outcomes = at_once(*(lambda each=each: each.post(url, facts).status_code for each in browsers))

    assert outcomes == [302] * 3 and HostProject.objects.count() == 1
    connection.close()
