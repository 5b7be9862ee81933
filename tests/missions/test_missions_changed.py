"""Volunteers who hold a place are told when the date, the place or the format changes (R14)."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.factories import as_manager, client_of, complete_facts, manager, mission, mission_form, organisation, participation

from renfort.missions.enums import MissionState as M
from renfort.missions.enums import ParticipationState as P
from renfort.missions.services.mission import edit_mission
from renfort.notifications.models import Outgoing

pytestmark = pytest.mark.django_db


def told():
    return [row.person_id for row in Outgoing.objects.filter(message="missions.mission.changed").order_by("id")]


@pytest.fixture
def planned():
    where = organisation()
    made = mission(where, places=3)
    edit_mission(actor=as_manager(where), mission=made, facts=complete_facts(where))
    return made


def edit(what, **changes):
    edit_mission(actor=as_manager(what.organisation), mission=what, facts=complete_facts(what.organisation, **changes))


@pytest.mark.parametrize(
    "change",
    [{"ends_on": complete_facts}, {"city": "Mérignac"}, {"presence": "remote"}, {"schedule": "De 9 h à midi"}],
    ids=["day", "town", "type", "hours"],
)
def test_those_who_hold_a_place_are_told_of_what_matters(planned, change):
    coming = participation(planned, state=P.ACCEPTED)
    participation(planned, state=P.PENDING)
    if "ends_on" in change:
        change = {"ends_on": complete_facts(planned.organisation).starts_on}

    edit(planned, **change)

    assert told() == [coming.person_id]


def test_nobody_is_written_to_for_a_comma(planned):
    participation(planned, state=P.ACCEPTED)

    edit(planned, title="Distribution de repas, le soir", description="Autrement dit.")

    assert told() == []


def test_nobody_is_written_to_for_a_mission_that_is_not_online():
    where = organisation()
    draft = mission(where, state=M.DRAFT)

    edit(draft, city="Mérignac")

    assert told() == []


def test_a_late_edit_is_told_what_the_colleague_saved_and_loses_nothing():
    """Design decision 12: 409 with the difference; what was typed is still there."""
    where = organisation()
    boss = manager(where)
    planned = mission(where, state=M.DRAFT, title="Avant")
    browser = client_of(boss)
    page = reverse("missions:host-mission-edit", args=[where.pk, planned.pk])
    edit(planned, title="Titre de la collègue", places=4)

    answer = browser.post(page, {**mission_form(boss, title="Mon titre"), "seen": planned.version, "then": "draft"})

    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Titre de la collègue" in shown and 'name="choix-title" value="mine" checked' in shown
    assert 'value="Mon titre"' in shown
