"""R40: a « tuteur » runs the missions given to them, reads the others without their volunteers, and sees nothing of the rest."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone
from tests.factories import (
    actor,
    client_of,
    complete_facts,
    grant,
    manager,
    mission,
    operator,
    organisation,
    participation,
    person,
    tutor,
    volunteer,
)

from renfort.kernel.actors import Actor
from renfort.kernel.firing import NotAllowed, fire
from renfort.missions.models import Mission, Participation
from renfort.missions.rules import leads
from renfort.missions.selectors.mission import missions_visible
from renfort.missions.selectors.participation import (
    charges,
    participations_visible,
    waiting_for,
    with_deputies,
    with_rows,
)
from renfort.missions.services.mission import edit_mission, open_mission
from renfort.missions.services.participation import apply
from renfort.missions.services.reminders import remind_hosts
from renfort.missions.workflow import MISSION, PARTICIPATION
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Grant
from renfort.organisations.services.team import Succession, remove_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    """An organisation: a manager, two tutors, a mission of each, with a volunteer on each."""
    where = organisation(name="Secours Bordeaux")
    where.boss, where.me, where.colleague = manager(where), tutor(where, first_name="Tao"), tutor(where, first_name="Olga")
    where.mine = mission(where, responsible=where.me, title="La mienne")
    where.theirs = mission(where, responsible=where.colleague, title="La sienne")
    where.my_volunteer = participation(where.mine, volunteer(first_name="Vera", last_name="Visible"))
    where.hidden = participation(where.theirs, volunteer(first_name="Hugo", last_name="Discret"))
    where.url = f"/espace/{where.pk}/"
    return where


# ── what there is to see ──────────────────────────────────────────────────────────────────────────
def test_a_tutor_sees_every_mission_and_the_volunteers_of_ones_own(here):
    client = client_of(here.me)

    missions = unescape(client.get(f"{here.url}missions/").content.decode())
    participations = unescape(client.get(f"{here.url}participations/").content.decode())

    assert "La mienne" in missions and "La sienne" in missions
    assert "Vera Visible" in participations and "Discret" not in participations
    who = actor(here.me).in_role(f"reserve:mission_tutor:organisation:{here.pk}")
    assert set(participations_visible(who)) == {here.my_volunteer}
    assert set(missions_visible(who)) == {here.mine, here.theirs}


def test_a_colleagues_mission_is_read_and_no_more(here):
    client = client_of(here.me)
    page = unescape(client.get(f"{here.url}missions/{here.theirs.pk}/").content.decode())

    assert "Mission d'un collègue" in page and "Olga" in page
    assert (
        "/modifier/" not in page and "/annuler/" not in page and "/participations/?mission" not in page and "Discret" not in page
    )
    assert client.get(f"{here.url}missions/{here.theirs.pk}/modifier/").status_code == 403
    assert client.post(f"{here.url}missions/{here.theirs.pk}/annuler/", {"seen": 1, "reason": "safety"}).status_code == 403
    for path in ("", "accepter/"):
        assert client.get(f"{here.url}participations/{here.hidden.pk}/{path}").status_code == 404
    assert client.post(f"{here.url}participations/{here.hidden.pk}/accepter/", {"seen": 1}).status_code == 404
    assert "Discret" not in client.get(f"{here.url}participations/?q=Discret").content.decode().partition("<tbody>")[2]
    assert "Discret" not in client.get(f"{here.url}participations/?mission={here.theirs.pk}").content.decode()


@pytest.mark.parametrize("path", ["equipe/", "equipe/inviter/", "structure/", "structure/retirer/"])
def test_no_team_and_no_own_organisation(here, path):
    assert client_of(here.me).get(here.url + path).status_code == 404
    menu = unescape(client_of(here.me).get(f"{here.url}missions/").content.decode())
    assert "Ma structure" not in menu and "Gérer votre équipe" not in menu


def test_nothing_of_another_organisation(here):
    elsewhere = mission()
    theirs = participation(elsewhere)
    client = client_of(here.me)

    for path in ("missions/", f"missions/{elsewhere.pk}/", "participations/", f"participations/{theirs.pk}/", "quitter/"):
        assert client.get(f"/espace/{elsewhere.organisation_id}/{path}").status_code == 404
    assert client.get(f"{here.url}missions/{elsewhere.pk}/").status_code == 404
    assert elsewhere not in missions_visible(actor(here.me)) and theirs not in participations_visible(actor(here.me))


def test_a_mission_elsewhere_that_names_one_gives_no_right(here):
    """In charge, but not of that team: the role decides first."""
    elsewhere = mission(responsible=here.me)
    theirs = participation(elsewhere)
    who = actor(here.me)

    assert leads(who, elsewhere) and theirs not in participations_visible(who)
    assert [t.name for t in MISSION.transitions if t.who(who, elsewhere)] == []
    assert [t.name for t in PARTICIPATION.transitions if t.who(who, theirs)] == []


# ── what there is to do ───────────────────────────────────────────────────────────────────────────
def test_a_tutor_answers_the_volunteers_of_ones_own_missions(here):
    client = client_of(here.me)

    answer = client.post(f"{here.url}participations/{here.my_volunteer.pk}/accepter/", {"seen": here.my_volunteer.version})

    assert answer.status_code == 302
    here.my_volunteer.refresh_from_db()
    assert (here.my_volunteer.state, here.my_volunteer.decided_by) == ("accepted", here.me)


def test_the_menu_counts_those_that_wait_for_me(here):
    who = actor(here.me).in_role(f"reserve:mission_tutor:organisation:{here.pk}")

    assert waiting_for(who).count() == 1
    boss = actor(here.boss).in_role(f"reserve:manager:organisation:{here.pk}")
    assert waiting_for(boss).count() == 2


def test_who_creates_a_mission_as_tutor_is_in_charge_of_it_whatever_is_said(here):
    made = open_mission(actor=actor(here.me), organisation=here, facts=complete_facts(here, responsible=here.boss))

    assert made.responsible == here.me
    page = unescape(client_of(here.me).get(f"{here.url}missions/nouvelle/").content.decode())
    assert "Olga" not in page, "nobody else can be chosen"


def test_a_tutor_edits_ones_own_mission_and_cannot_give_it_away(here):
    changed = edit_mission(
        actor=actor(here.me), mission=here.mine, facts=complete_facts(here, title="Changée", responsible=here.boss)
    )

    assert (changed.title, changed.responsible) == ("Changée", here.me)
    with pytest.raises(NotAllowed):
        edit_mission(actor=actor(here.me), mission=here.theirs, facts=complete_facts(here))


def test_a_manager_gives_a_mission_to_a_tutor_who_then_runs_it(here):
    edit_mission(actor=actor(here.boss), mission=here.theirs, facts=complete_facts(here, responsible=here.me))

    here.theirs.refresh_from_db()
    assert "accept" in {t.name for t in PARTICIPATION.transitions if t.who(actor(here.me), with_mission(here.hidden))}
    assert "accept" not in {t.name for t in PARTICIPATION.transitions if t.who(actor(here.colleague), with_mission(here.hidden))}
    assert client_of(here.me).get(f"{here.url}participations/{here.hidden.pk}/").status_code == 200
    assert client_of(here.colleague).get(f"{here.url}participations/{here.hidden.pk}/").status_code == 404


def with_mission(asked) -> Participation:
    return Participation.objects.select_related("mission").get(pk=asked.pk)


def test_the_form_of_a_manager_offers_the_whole_team(here):
    form = client_of(here.boss).get(f"{here.url}missions/nouvelle/").context["form"]

    assert [key for key, _label in form.fields["responsible"].choices] == [
        str(each.pk) for each in (here.boss, here.me, here.colleague)
    ]


def test_new_proposals_and_news_of_the_mission_reach_who_is_in_charge(here):
    someone = volunteer()
    answer = client_of(someone).post(
        f"{here.mine.get_absolute_url()}proposer/", {"rules": str(here.mine.rules_id), "agrees": "on"}
    )
    assert answer.status_code == 302
    fire(MISSION, here.mine, "ask_correction", actor=actor(operator()), answers={"reasons": "Précisez."})

    told = {(letter.message, letter.address) for letter in Outgoing.objects.all()}
    assert ("missions.participation.to_answer", here.me.account.email) in told
    assert ("missions.mission.to_correct", here.me.account.email) in told
    assert ("missions.mission.to_correct", here.boss.account.email) in told
    assert ("missions.mission.to_correct", here.colleague.account.email) not in told


def test_acting_as_tutor_borrows_nothing_of_the_same_person_as_manager_elsewhere(here):
    """P13: two tabs, two roles; each page acts in its own, whatever the other tab did last."""
    other = organisation(name="Secours Mérignac")
    grant(here.me, Programme.RESERVE, Role.MANAGER, other)
    hers = mission(other, responsible=here.me)
    client = client_of(here.me)
    one, two = f"{here.url}missions/", f"/espace/{other.pk}/missions/"

    for url, role in (
        (one, "Tuteur · Secours Bordeaux"),
        (two, "Responsable · Secours Mérignac"),
        (one, "Tuteur · Secours Bordeaux"),
    ):
        page = unescape(client.get(url).content.decode())
        assert f'<span class="role" title="{role}">{role}</span>' in page
    client.get(two)  # the other tab was used last
    assert client.get(f"{here.url}participations/{here.hidden.pk}/").status_code == 404
    assert client.get(f"{here.url}equipe/").status_code == 404 and client.get(f"/espace/{other.pk}/equipe/").status_code == 200
    assert client.get(f"{here.url}missions/{hers.pk}/").status_code == 404
    answer = client.post(f"{here.url}participations/{here.my_volunteer.pk}/accepter/", {"seen": here.my_volunteer.version})
    assert answer.status_code == 302, "a form of the first tab acts in its own role"


def test_switching_leads_to_the_same_page_of_the_other_organisation(here):
    other = organisation(name="Secours Mérignac")
    grant(here.me, Programme.RESERVE, Role.MANAGER, other)
    client = client_of(here.me)

    def leads_to(url: str) -> dict[str, str]:
        return {choice.label: choice.url for choice in client.get(url).context["nav"].roles}

    assert leads_to(f"{here.url}participations/")["Responsable · Secours Mérignac"] == f"/espace/{other.pk}/participations/"
    assert leads_to(f"/espace/{other.pk}/equipe/")["Tuteur · Secours Bordeaux"] == here.url, "no such page there"
    assert leads_to(f"{here.url}missions/{here.mine.pk}/")["Responsable · Secours Mérignac"] == f"/espace/{other.pk}/missions/"
    client.get(f"{here.url}missions/")
    assert client.get("/espace/missions/?q=repas").url == f"{here.url}missions/?q=repas"
    client.get(f"/espace/{other.pk}/missions/")
    assert client.get("/espace/missions/").url == f"/espace/{other.pk}/missions/"
    assert client.get("/espace/").url == f"/espace/{other.pk}/"
    client.get(f"{here.url}missions/")
    assert client.get("/espace/equipe/").url == f"/espace/{other.pk}/equipe/", "the only team that one manages"


def test_roles_of_nobody_show_nothing():
    nobody = Actor(kind="person", person_id=person().pk)
    mission()

    assert not missions_visible(nobody).exists() and not charges(nobody, [1]).exists()


# ── several responsible persons (R11) ─────────────────────────────────────────────────────────────
@pytest.fixture
def beside(here):
    """The tutor is responsible for the colleague's mission beside the colleague."""
    here.theirs.deputies.add(here.me)
    return here


def test_a_tutor_beside_another_has_the_same_rights_on_the_mission(beside):
    here, client = beside, client_of(beside.me)

    assert unescape(client.get(f"{here.url}participations/").content.decode()).count("Hugo Discret") >= 1
    assert client.get(f"{here.url}participations/{here.hidden.pk}/").status_code == 200
    assert client.get(f"{here.url}missions/{here.theirs.pk}/modifier/").status_code == 200
    answer = client.post(f"{here.url}participations/{here.hidden.pk}/accepter/", {"seen": here.hidden.version})
    assert answer.status_code == 302
    here.hidden.refresh_from_db()
    assert (here.hidden.state, here.hidden.decided_by) == ("accepted", here.me)
    alone, both = actor(here.colleague), actor(here.me)
    for flow, obj in ((MISSION, here.theirs), (PARTICIPATION, with_mission(here.hidden))):
        assert [t.name for t in flow.transitions if t.who(both, obj)] == [t.name for t in flow.transitions if t.who(alone, obj)]


def test_whatever_the_rule_allows_the_selector_shows(beside):
    here = beside
    for who in (actor(here.me), actor(here.colleague), actor(here.boss)):
        shown = set(participations_visible(who))
        allowed = {each for each in (here.my_volunteer, here.hidden) if PARTICIPATION["accept"].who(who, with_mission(each))}
        assert shown == allowed


def test_only_a_manager_says_who_is_responsible_beside(beside):
    """R40: a tutor neither gives nor takes a mission, not even by leaving the field out."""
    here = beside
    edit_mission(
        actor=actor(here.me), mission=here.mine, facts=complete_facts(here, responsible=here.me, deputies=[here.colleague])
    )
    edit_mission(actor=actor(here.colleague), mission=here.theirs, facts=complete_facts(here, title="Autre", deputies=[]))
    made = open_mission(actor=actor(here.me), organisation=here, facts=complete_facts(here, deputies=[here.colleague]))

    assert list(here.mine.deputies.all()) == [] and list(made.deputies.all()) == []
    assert list(here.theirs.deputies.all()) == [here.me]


def test_who_leaves_the_team_is_no_longer_responsible_beside_others(beside):
    here = beside
    member = Grant.objects.get(person=here.me, organisation=here)
    remove_member(actor=actor(here.boss), member=member, succession=Succession(successor=here.boss.pk))

    assert list(here.theirs.deputies.all()) == []
    apply(actor=actor(helper := volunteer()), person=helper, mission=here.theirs, ticked=here.theirs.rules)
    told = Outgoing.objects.filter(message="missions.participation.to_answer").values_list("person_id", flat=True)
    assert set(told) == {here.colleague.pk}


def test_news_and_reminders_reach_everybody_responsible(beside):
    """R36: what waits for two days is told to those who may answer, each of their own missions."""
    here = beside
    Participation.objects.update(created_at=timezone.now() - timedelta(days=3))
    noon = timezone.now().astimezone(here.department.time_zone).replace(hour=12)

    remind_hosts(noon)
    fire(MISSION, here.theirs, "ask_correction", actor=actor(operator()), answers={"reasons": "Précisez."})

    letters = Outgoing.objects.filter(message="missions.participation.still_waiting")
    text = {letter.person_id: letter.text for letter in letters}
    assert set(text) == {here.me.pk, here.colleague.pk}
    assert "La mienne" in text[here.me.pk] and "La sienne" in text[here.me.pk]
    assert "La mienne" not in text[here.colleague.pk]
    told = Outgoing.objects.filter(message="missions.mission.to_correct").values_list("person_id", flat=True)
    assert sorted(told) == sorted([here.boss.pk, here.me.pk, here.colleague.pk])


def test_rows_of_many_missions_beside_others_cost_the_same(beside, django_assert_max_num_queries):
    here = beside

    def cost(path: str) -> int:
        client = client_of(here.me)
        client.get(here.url + path)
        with django_assert_max_num_queries(12) as counted:
            client.get(here.url + path)
        return len(counted)

    few = [cost(path) for path in ("missions/", "participations/")]
    for _ in range(20):
        made = mission(here, responsible=here.colleague)
        made.deputies.add(here.me)
        participation(made)

    assert [cost(path) for path in ("missions/", "participations/")] == few


# ── costs ─────────────────────────────────────────────────────────────────────────────────────────
def test_lists_cost_a_tutor_the_same_for_twenty(here, django_assert_max_num_queries):
    def cost(path: str) -> int:
        client = client_of(here.me)
        client.get(here.url + path)  # the session keeps the role from now on, and the site its domains
        with django_assert_max_num_queries(12) as counted:
            client.get(here.url + path)
        return len(counted)

    few = [cost(path) for path in ("missions/", "participations/")]
    for _ in range(20):
        participation(mission(here, responsible=here.me))

    assert [cost(path) for path in ("missions/", "participations/")] == few


def test_buttons_of_a_tutor_ask_nothing_of_the_database(here, django_assert_num_queries):
    rows = list(with_rows(with_deputies(Participation.objects.all(), "mission")))
    missions = list(with_deputies(Mission.objects.all()))
    who = actor(here.me)

    with django_assert_num_queries(0):
        answers = {row.pk: [t.name for t in PARTICIPATION.from_state(row.state) if t.who(who, row)] for row in rows}
        runs = {each.pk: any(t.who(who, each) for t in MISSION.transitions) for each in missions}

    assert answers == {here.my_volunteer.pk: ["accept", "refuse"], here.hidden.pk: []}
    assert runs == {here.mine.pk: True, here.theirs.pk: False}
