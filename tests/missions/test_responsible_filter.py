"""« Responsable » narrows both lists of an organisation, stays in the address, and is exported as listed (R17, R19, R32)."""

import pytest
from django.http import QueryDict
from django.urls import reverse
from tests.factories import as_manager, client_of, manager, mission, organisation, participation, tutor

from renfort.kernel.exports import Asked
from renfort.missions import exporters
from renfort.missions.forms.filters import MissionFilterForm, ParticipationFilterForm
from renfort.missions.models import SavedView
from renfort.missions.selectors.host_lists import host_missions, host_participations

pytestmark = pytest.mark.django_db


class Team:
    """Two missions of mine, one of which a tutor leads with me, and one of the tutor's alone; one participation on each."""

    def __init__(self) -> None:
        self.where = organisation()
        self.boss, self.tutor = manager(self.where), tutor(self.where)
        self.mine, self.both = (mission(self.where, title=title, responsible=self.boss) for title in ("La mienne", "À deux"))
        self.both.deputies.add(self.tutor)
        self.theirs = mission(self.where, title="La sienne", responsible=self.tutor)
        self.asked = {what.pk: participation(what) for what in (self.mine, self.both, self.theirs)}

    def address(self, kind: str, **said) -> str:
        return reverse(f"missions:host-{kind}", args=[self.where.pk], query=said)


@pytest.fixture
def team() -> Team:
    return Team()


def test_a_mission_is_found_by_whoever_leads_it_alone_or_with_others(team):
    def found(said: str):
        form = MissionFilterForm(QueryDict(f"responsable={said}"))
        return set(host_missions(as_manager(team.where), team.where.pk, form.said))

    assert found(str(team.boss.pk)) == {team.mine, team.both}
    assert found(str(team.tutor.pk)) == {team.both, team.theirs}
    assert found("") == {team.mine, team.both, team.theirs}
    assert found(str(manager().pk)) == set(), "somebody of another organisation"


def test_participations_are_found_by_who_leads_their_mission(team):
    def found(said: str):
        form = ParticipationFilterForm(QueryDict(f"responsable={said}"))
        return {each.mission_id for each in host_participations(as_manager(team.where), team.where.pk, form.said)}

    assert found(str(team.tutor.pk)) == {team.both.pk, team.theirs.pk}
    assert found(str(team.boss.pk)) == {team.mine.pk, team.both.pk}


@pytest.mark.parametrize("kind", ["missions", "participations"])
def test_it_is_a_chip_that_can_be_taken_away_and_me_is_whoever_reads(team, kind):
    page = client_of(team.tutor).get(team.address(kind, responsable="moi", tri="cree")).content.decode()

    assert "Responsable\xa0: Moi" in page and 'href="?tri=cree"' in page
    assert "La sienne" in page and "La mienne" not in page
    boss = client_of(team.boss)
    assert "La mienne" in boss.get(team.address(kind, responsable="moi")).content.decode()
    named = boss.get(team.address(kind, responsable=str(team.tutor.pk))).content.decode()
    assert f"Responsable\xa0: {team.tutor.full_name}" in named


@pytest.mark.parametrize("said", ["0", "-1", "x", "99999999999999999999", "%00", "١"])
def test_what_is_nobody_narrows_nothing_or_finds_nothing_and_never_fails(team, said):
    for kind in ("missions", "participations"):
        assert client_of(team.boss).get(f"{team.address(kind)}?responsable={said}").status_code == 200
        assert client_of(team.boss).get(f"{team.address(kind)}?responsable=424242").status_code == 200


def test_a_saved_view_keeps_it(team):
    browser = client_of(team.boss)
    said = {"filtre": "responsable=moi", "name": "Les miennes"}

    browser.post(f"{team.address('missions')}vues/", said)

    assert SavedView.objects.get(name="Les miennes").query == "responsable=moi"


def test_the_export_has_the_same_rows_and_says_of_whom(team):
    asked = Asked(organisation=team.where.pk, query=f"responsable={team.tutor.pk}", role="")
    who = as_manager(team.where)

    assert exporters.host.missions(who, asked).count() == exporters.host.participations(who, asked).count() == 2
    words = exporters.reads.narrowed_by(MissionFilterForm)(asked)
    assert words == [f"Responsable : {team.tutor.full_name}"]
