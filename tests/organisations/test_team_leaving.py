"""R9: an organisation leaves the platform, what it ends is said first and done by the clock; it may come back for thirty days."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from tests.factories import (
    actor,
    as_manager,
    at,
    client_of,
    days,
    invitation,
    join_request,
    manager,
    mission,
    operator,
    organisation,
    participation,
    today,
    tutor,
    volunteer,
)
from tests.organisations.steps import about, place

from renfort.kernel.firing import NotAllowed, Refused, fire_due
from renfort.kernel.integrity import registered, run
from renfort.missions.services.participation import apply
from renfort.missions.workflow import MISSION, PARTICIPATION
from renfort.notifications.models import Outgoing
from renfort.organisations.models import Grant, Invitation, JoinRequest, Organisation
from renfort.organisations.selectors import lately_left
from renfort.organisations.services import leave_platform, restore_organisation
from renfort.people.models import Account

pytestmark = pytest.mark.django_db
PASSWORD = "quatre chevaux dans un pré"


@pytest.fixture
def here():
    """An organisation with a team, and a mission in every situation that counts."""
    where = organisation(name="Secours Bordeaux", siret="73282932000074")
    where.boss, where.tutor = manager(where, first_name="Maryse"), tutor(where)
    Account.objects.filter(person=where.boss).update(password=make_password(PASSWORD))
    where.url = f"/espace/{where.pk}/structure/retirer/"
    return where


def clock() -> None:
    """The worker's rounds, until nothing is due any more."""
    while fire_due(timezone.now(), flows=[MISSION, PARTICIPATION]):
        pass


def said(**changes):
    return {"name": "secours  bordeaux", "password": PASSWORD, **changes}


def test_what_will_happen_is_said_first_with_its_numbers(here):
    ahead = mission(here, places=5)
    for state in ("pending", "accepted", "withdrawn"):
        participation(ahead, state=state)
    mission(here, state="draft")

    page = unescape(client_of(here.boss).get(here.url).content.decode())

    assert "1 mission à venir ou en cours est annulée" in page and "2 participations deviennent" in page
    assert "1 brouillon est abandonné" in page and "heures confirmées" in page and "30 jours" in page
    assert "les 2 personnes de l'équipe perdent" in page


@pytest.mark.parametrize(
    ("wrong", "field"), [({"name": "Secours"}, "name"), ({"name": ""}, "name"), ({"password": "x"}, "password")]
)
def test_neither_a_wrong_name_nor_a_wrong_password_does_it(here, wrong, field):
    answer = client_of(here.boss).post(here.url, said(**wrong))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    here.refresh_from_db()
    assert here.left_at is None and not Outgoing.objects.exists()


def test_passwords_are_not_guessed_there(here):
    client = client_of(here.boss)

    statuses = [client.post(here.url, said(password="x")).status_code for _ in range(7)]

    assert statuses[:5] == [422] * 5 and statuses[-1] == 429


def test_the_whole_departure(here):
    ahead, running = mission(here, places=5), mission(here, starts_on=today() - days(2), ends_on=today() + days(2), places=5)
    over = mission(here, starts_on=today() - days(9), ends_on=today() - days(2), places=5)
    draft, ended = (
        mission(here, state="draft"),
        mission(here, state="ended", starts_on=today() - days(40), ends_on=today() - days(35)),
    )
    submitted = mission(here, state="submitted")
    waiting, accepted = participation(ahead), participation(running, state="accepted")
    served, done = participation(over, state="ongoing"), participation(ended, state="done")
    invited, asked = invitation(here, by=here.boss), join_request(here)
    browser = client_of(here.tutor)
    elsewhere = mission(state="published")
    runs = operator()

    answer = client_of(here.boss).post(here.url, said())
    clock()

    assert answer.url == "/espace/"
    states = []
    for each in (ahead, running, submitted, draft, over, ended, elsewhere, waiting, accepted, served, done, invited, asked):
        each.refresh_from_db()
        states.append(each.state)
    assert states == [
        "cancelled", "cancelled", "cancelled", "cancelled", "ended", "ended", "published",
        "cancelled", "cancelled", "ongoing", "done", "revoked", "refused",
    ]  # fmt: skip
    told = [(letter.message, letter.address) for letter in Outgoing.objects.order_by("message", "address")]
    assert sorted(told) == sorted(
        [
            ("missions.participation.cancelled", waiting.person.account.email),
            ("missions.participation.cancelled", accepted.person.account.email),
            ("organisations.join.refused", asked.person.account.email),
            ("organisations.organisation.left", here.boss.account.email),
            ("organisations.organisation.left", here.tutor.account.email),
            ("organisations.organisation.left_operator", runs.account.email),
        ]
    )
    assert "a quitté la plateforme" in Outgoing.objects.get(address=waiting.person.account.email).text
    for path in ("missions/", "participations/", "equipe/", "structure/"):
        assert browser.get(f"/espace/{here.pk}/{path}").status_code == 404
    gone = client_of(None).get(f"/structures/{here.pk}-secours-bordeaux/")
    assert gone.status_code == 410 and "a quitté la plateforme" in unescape(gone.content.decode())
    assert client_of(None).get(ahead.get_absolute_url()).status_code == 404
    clock()
    assert Outgoing.objects.count() == len(told), "each is told once"
    assert [finding.check.name for finding in run(registered()) if not finding.holds] == []
    with at(timezone.now() + timedelta(days=31)):
        clock()
        served.refresh_from_db()
        assert served.state == "done", "who came keeps it"


def test_nobody_applies_between_the_departure_and_the_clock(here):
    ahead = mission(here)
    someone = volunteer()
    leave_platform(actor=actor(here.boss), organisation=here)
    ahead.refresh_from_db()

    with pytest.raises(Refused):
        apply(actor=actor(someone), person=someone, mission=ahead, ticked=ahead.rules)


def test_only_its_managers_take_it_away_and_once(here):
    for someone in (here.tutor, manager(), volunteer(), operator()):
        assert client_of(someone).get(here.url).status_code == 404
        with pytest.raises(NotAllowed):
            leave_platform(actor=actor(someone), organisation=here)
    before = actor(here.boss)
    leave_platform(actor=before, organisation=here)
    with pytest.raises(NotAllowed):
        leave_platform(actor=before, organisation=here)
    assert Outgoing.objects.filter(message="organisations.organisation.left").count() == 2, "its team, once"


def test_without_a_password_one_is_led_to_choose_one(here):
    other = manager(here)

    page = unescape(client_of(other).get(here.url).content.decode())

    assert "Choisissez d'abord un mot de passe" in page and 'name="password"' not in page


# ── back (R9) ─────────────────────────────────────────────────────────────────────────────────────
def test_the_operator_brings_it_back_with_its_team(here):
    ahead = mission(here)
    leave_platform(actor=actor(here.boss), organisation=here)
    clock()
    client = client_of(operator())
    assert "Secours Bordeaux" in unescape(client.get("/operateur/structures/").content.decode())

    answer = client.post(f"/operateur/structures/{here.pk}/retablir/")

    assert answer.url == "/operateur/structures/"
    assert client_of(here.boss).get(f"/espace/{here.pk}/equipe/").status_code == 200
    assert client_of(here.tutor).get(f"/espace/{here.pk}/missions/").status_code == 200
    assert sorted(Grant.objects.filter(organisation=here, valid_until=None).values_list("role", flat=True)) == [
        "manager",
        "mission_tutor",
    ]
    ahead.refresh_from_db()
    assert ahead.state == "cancelled", "said before: what was cancelled stays so"
    assert client_of(None).get(f"/structures/{here.pk}-secours-bordeaux/").status_code == 200
    assert Outgoing.objects.filter(message="organisations.organisation.restored").count() == 2
    assert [finding.check.name for finding in run(registered()) if not finding.holds] == []


def test_back_before_the_clock_came_the_missions_go_on(here):
    ahead = mission(here)
    leave_platform(actor=actor(here.boss), organisation=here)

    restore_organisation(actor=actor(operator()), organisation=here)
    clock()

    ahead.refresh_from_db()
    assert ahead.state == "published"


def test_who_had_left_before_does_not_come_back_with_it(here):
    earlier = tutor(here)
    Grant.objects.filter(person=earlier).update(valid_until=timezone.now() - timedelta(days=3))
    leave_platform(actor=actor(here.boss), organisation=here)

    restore_organisation(actor=actor(operator()), organisation=here)

    assert not Grant.objects.filter(person=earlier, valid_until=None).exists()


def test_not_after_thirty_days_nor_over_anothers_siret_nor_by_others(here):
    boss, runs = actor(here.boss), actor(operator())
    leave_platform(actor=boss, organisation=here)
    with pytest.raises(NotAllowed):
        restore_organisation(actor=boss, organisation=here)
    other = organisation(siret="73282932000074")
    with pytest.raises(Refused, match="SIRET"):
        restore_organisation(actor=runs, organisation=here)
    other.delete()
    with at(timezone.now() + timedelta(days=31)):
        assert not lately_left().exists()
        with pytest.raises(Refused, match="30 jours"):
            restore_organisation(actor=runs, organisation=here)


# ── a change of name, SIRET or department (R9) ────────────────────────────────────────────────────
def test_a_change_of_name_tells_the_operator_and_a_change_of_words_does_not(here):
    runs = operator()
    client = client_of(here.boss)
    own = f"/espace/{here.pk}/structure/"
    kept = about(name="Secours Bordeaux", siret="73282932000074") | place()
    client.post(own, kept | {"seen": str(here.version)})
    assert not Outgoing.objects.exists(), "an address is no identity"

    here.refresh_from_db()
    client.post(own, kept | {"name": "Secours Aquitaine", "seen": str(here.version)})

    letter = Outgoing.objects.get()
    assert (letter.message, letter.address) == ("organisations.organisation.identity", runs.account.email)
    assert "Secours Bordeaux → Secours Aquitaine" in letter.text


def test_it_shows_the_way_to_its_public_page(here):
    client = client_of(here.boss)

    assert f"/structures/{here.pk}-structure/" in client.get(f"/espace/{here.pk}/structure/").content.decode()
    assert client.get(f"/structures/{here.pk}-structure/", follow=True).status_code == 200


def test_invitations_and_requests_of_others_are_left_alone(here):
    other = organisation()
    manager(other)
    theirs, asked = invitation(other, token="theirs"), join_request(other)

    leave_platform(actor=actor(here.boss), organisation=here)

    assert Invitation.objects.get(pk=theirs.pk).state == "sent" and JoinRequest.objects.get(pk=asked.pk).state == "pending"
    assert Organisation.objects.get(pk=other.pk).left_at is None and as_manager(other)
