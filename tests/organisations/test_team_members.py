"""R40: roles change, people are removed or leave; missions are handed over; the last manager stays; rights end at once."""

from __future__ import annotations

from html import unescape

import pytest
from django.utils import timezone
from tests.factories import actor, client_of, manager, mission, organisation, participation, tutor, volunteer

from renfort.audit.models import Entry
from renfort.kernel.firing import NotAllowed, Refused
from renfort.missions.models import Contact, Mission
from renfort.notifications.models import Outgoing
from renfort.organisations.models import Grant
from renfort.organisations.services import Succession, change_role, leave_team, remove_member
from renfort.people.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    """An organisation with two managers and two tutors, one of whom looks after three missions."""
    where = organisation(name="Secours Bordeaux")
    where.boss, where.second = manager(where, first_name="Maryse"), manager(where, first_name="Karim")
    where.tutor, where.other = tutor(where, first_name="Tao"), tutor(where, first_name="Olga")
    where.given = [mission(where, responsible=where.tutor, title=f"Mission {n}") for n in range(3)]
    where.team = f"/espace/{where.pk}/equipe/"
    return where


def held(someone, where) -> Grant:
    return Grant.objects.get(person=someone, organisation=where, valid_until=None)


def charges_of(someone) -> list[str]:
    return sorted(Mission.objects.filter(responsible=someone).values_list("title", flat=True))


# ── roles ─────────────────────────────────────────────────────────────────────────────────────────
def test_a_tutor_becomes_manager_at_once_and_is_told(here):
    browser = client_of(here.tutor)
    assert browser.get(here.team).status_code == 404

    answer = client_of(here.boss).post(f"{here.team}{held(here.tutor, here).pk}/role/", {"role": "manager"})

    assert answer.url == here.team and browser.get(here.team).status_code == 200
    assert charges_of(here.tutor) == ["Mission 0", "Mission 1", "Mission 2"], "missions stay"
    letter = Outgoing.objects.get()
    assert (letter.message, letter.address) == ("organisations.member.role", here.tutor.account.email)
    assert Grant.objects.filter(person=here.tutor).count() == 2, "the former role is kept for the history"


def test_who_becomes_tutor_loses_the_page_of_the_team(here):
    answer = client_of(here.boss).post(f"{here.team}{held(here.boss, here).pk}/role/", {"role": "mission_tutor"})

    assert answer.url == f"/espace/{here.pk}/missions/"
    assert client_of(here.boss).get(here.team).status_code == 404
    assert not Outgoing.objects.exists()


@pytest.mark.parametrize("role", ["operator", "volunteer", "", "manager'--"])
def test_no_other_role_can_be_given(here, role):
    client = client_of(here.boss)

    assert client.post(f"{here.team}{held(here.tutor, here).pk}/role/", {"role": role}).status_code == 422
    with pytest.raises(NotAllowed):
        change_role(actor=actor(here.boss), member=held(here.tutor, here), role=role)


# ── removal ───────────────────────────────────────────────────────────────────────────────────────
def test_removing_hands_the_missions_over_to_whom_was_chosen(here):
    first, second, third = here.given
    browser = client_of(here.tutor)
    url = f"{here.team}{held(here.tutor, here).pk}/supprimer/"
    client = client_of(here.boss)
    page = unescape(client.get(url).content.decode())
    assert "3 missions suivies" in page and "Mission 1" in page and "reçoit un e-mail" in page
    choice = client.get(url).context["form"]
    assert choice["successor"].value() == str(here.boss.pk), "the remover by default"

    answer = client.post(url, {"successor": str(here.second.pk), f"charge-{second.pk}": str(here.other.pk)})

    assert answer.url == here.team
    assert (charges_of(here.second), charges_of(here.other), charges_of(here.tutor)) == (
        ["Mission 0", "Mission 2"],
        ["Mission 1"],
        [],
    )
    for path in ("missions/", f"missions/{first.pk}/", "participations/", "equipe/"):
        assert browser.get(f"/espace/{here.pk}/{path}").status_code == 404, "an open session has no right left"
    told = {(letter.message, letter.address) for letter in Outgoing.objects.all()}
    assert told == {
        ("organisations.member.removed", here.tutor.account.email),
        ("missions.team.handed_over", here.second.account.email),
        ("missions.team.handed_over", here.other.account.email),
    }
    handed = Outgoing.objects.get(message="missions.team.handed_over", address=here.second.account.email)
    assert "2 missions" in handed.subject, "one e-mail for all of them"
    assert Grant.objects.get(person=here.tutor).valid_until is not None
    lines = Entry.objects.filter(verb="missions.mission.hand_over", object_id=third.pk)
    assert [line.changes for line in lines] == [{"responsible_id": [here.tutor.pk, here.second.pk]}]


def test_ended_missions_go_too_and_cancelled_ones_stay(here):
    ended = mission(here, responsible=here.tutor, state="ended", title="Finie")
    mission(here, responsible=here.tutor, state="cancelled", title="Annulée")

    moved = remove_member(actor=actor(here.boss), member=held(here.tutor, here), succession=Succession(successor=here.boss.pk))

    ended.refresh_from_db()
    assert (moved, ended.responsible, charges_of(here.tutor)) == (4, here.boss, ["Annulée"])


def test_volunteers_are_no_longer_told_to_call_who_has_gone(here):
    what = here.given[0]
    Contact.objects.create(mission=what, name=here.tutor.full_name, phone="0611111111", email=here.tutor.email.upper())

    remove_member(actor=actor(here.boss), member=held(here.tutor, here), succession=Succession(successor=here.second.pk))

    assert sorted(what.contacts.values_list("name", "email")) == sorted(
        [("Maryse Contact", "contact@secret.example"), (here.second.full_name, here.second.email)]
    )


def test_the_history_still_names_who_has_gone(here):
    what = here.given[0]
    waiting = participation(what)
    client_of(here.tutor).post(f"/espace/{here.pk}/participations/{waiting.pk}/accepter/", {"seen": waiting.version})
    remove_member(actor=actor(here.boss), member=held(here.tutor, here), succession=Succession(successor=here.boss.pk))

    page = unescape(client_of(here.boss).get(f"/espace/{here.pk}/participations/{waiting.pk}/").content.decode())

    assert f"{here.tutor.full_name} · Tuteur" in page


def test_who_is_not_of_the_team_takes_nothing_over(here):
    stranger = manager()
    url = f"{here.team}{held(here.tutor, here).pk}/supprimer/"

    assert client_of(here.boss).post(url, {"successor": str(stranger.pk)}).status_code == 422
    for wrong in (Succession(successor=stranger.pk), Succession(), Succession(successor=here.tutor.pk),
                  Succession(successor=here.boss.pk, chosen={here.given[0].pk: stranger.pk})):  # fmt: skip
        with pytest.raises(Refused, match="quelqu'un de l'équipe"):
            remove_member(actor=actor(here.boss), member=held(here.tutor, here), succession=wrong)
    assert held(here.tutor, here) and len(charges_of(here.tutor)) == 3, "nothing half done"


def test_missions_of_another_organisation_are_not_touched(here):
    elsewhere = organisation()
    manager(elsewhere)
    theirs = mission(elsewhere, responsible=here.tutor, title="Ailleurs")
    succession = Succession(successor=here.boss.pk, chosen={theirs.pk: here.other.pk})

    remove_member(actor=actor(here.boss), member=held(here.tutor, here), succession=succession)

    assert charges_of(here.tutor) == ["Ailleurs"]


def test_the_last_manager_can_be_neither_removed_nor_changed_nor_leave(here):
    remove_member(actor=actor(here.boss), member=held(here.second, here), succession=Succession(successor=here.boss.pk))
    last = held(here.boss, here)

    for verb, more in (
        (leave_team, {"succession": Succession(successor=here.tutor.pk)}),
        (change_role, {"role": "mission_tutor"}),
    ):
        with pytest.raises(Refused, match="au moins un responsable"):
            verb(actor=actor(here.boss), member=last, **more)
    client = client_of(here.boss)
    page = unescape(client.get(f"/espace/{here.pk}/quitter/").content.decode())
    assert "Il faut au moins un responsable" in page and "Retirer la structure de la plateforme" in page
    assert client.post(f"/espace/{here.pk}/quitter/", {"successor": str(here.tutor.pk)}).status_code == 409
    assert client.post(f"{here.team}{last.pk}/role/", {"role": "mission_tutor"}).status_code == 409
    assert held(here.boss, here).role == "manager"


def test_a_manager_whose_account_is_closed_does_not_count(here):
    Account.objects.filter(person=here.second).update(is_active=False)

    with pytest.raises(Refused, match="au moins un responsable"):
        leave_team(actor=actor(here.boss), member=held(here.boss, here), succession=Succession(successor=here.second.pk))


def test_who_was_removed_meanwhile_removes_nobody(here):
    """The request's roles were read before: under the lock they are read anew."""
    before = actor(here.second)
    remove_member(actor=actor(here.boss), member=held(here.second, here), succession=Succession(successor=here.boss.pk))

    with pytest.raises(NotAllowed):
        remove_member(actor=before, member=held(here.boss, here), succession=Succession(successor=here.tutor.pk))


def test_only_managers_of_it_change_the_team(here):
    strangers = [here.tutor, manager(), volunteer()]

    for someone in strangers:
        for path in ("role/", "supprimer/"):
            assert client_of(someone).get(f"{here.team}{held(here.other, here).pk}/{path}").status_code == 404
        with pytest.raises(NotAllowed):
            remove_member(actor=actor(someone), member=held(here.other, here), succession=Succession(successor=here.boss.pk))
        with pytest.raises(NotAllowed):
            change_role(actor=actor(someone), member=held(here.other, here), role="manager")
    elsewhere = manager()
    there = Grant.objects.get(person=elsewhere).organisation
    assert client_of(elsewhere).get(f"/espace/{there.pk}/equipe/{held(here.other, here).pk}/supprimer/").status_code == 404


# ── leaving oneself ───────────────────────────────────────────────────────────────────────────────
def test_a_tutor_leaves_and_the_managers_are_told(here):
    client = client_of(here.tutor)
    url = f"/espace/{here.pk}/quitter/"
    assert "Quitter cette structure" in unescape(client.get(f"/espace/{here.pk}/missions/").content.decode())
    page = unescape(client.get(url).content.decode())
    assert "3 missions suivies" in page and "Les responsables reçoivent un e-mail" in page

    answer = client.post(url, {"successor": str(here.second.pk)})

    assert answer.url == "/espace/" and client.get(url).status_code == 404
    assert len(charges_of(here.second)) == 3
    assert {letter.address for letter in Outgoing.objects.filter(message="organisations.member.left")} == {
        here.boss.account.email,
        here.second.account.email,
    }
    assert Entry.objects.get(verb="organisations.grant.end").codes["why"] == "left"


def test_nobody_leaves_in_somebody_elses_name(here):
    with pytest.raises(NotAllowed):
        leave_team(actor=actor(here.other), member=held(here.tutor, here), succession=Succession(successor=here.boss.pk))


def test_a_form_left_open_on_a_mission_handed_over_is_told(here):
    """The tutor had the form open: after the hand-over the mission is somebody else's."""
    what = here.given[0]
    before = what.version
    remove_member(actor=actor(here.boss), member=held(here.tutor, here), succession=Succession(successor=here.boss.pk))

    what.refresh_from_db()
    assert what.version == before + 1
    assert client_of(here.tutor).get(f"/espace/{here.pk}/missions/{what.pk}/modifier/").status_code == 404


def test_who_left_may_come_back(here):
    leave_team(actor=actor(here.tutor), member=held(here.tutor, here), succession=Succession(successor=here.boss.pk))
    from renfort.organisations.services import give_role

    give_role(actor=actor(here.boss), person=here.tutor, programme="reserve", role="mission_tutor", organisation=here)

    assert client_of(here.tutor).get(f"/espace/{here.pk}/missions/").status_code == 200
    assert Grant.objects.filter(person=here.tutor, valid_until__lte=timezone.now()).count() == 1
