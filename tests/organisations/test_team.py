"""R40: a manager invites; whoever holds the link joins with the account they have, or make; nobody learns who has an account."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from tests.factories import (
    account,
    actor,
    at,
    client_of,
    grant,
    invitation,
    join_request,
    manager,
    operator,
    organisation,
    person,
    tutor,
    volunteer,
)
from tests.people.conftest import PASSWORD

from renfort.audit.models import Entry, Remark
from renfort.kernel.actors import ANONYMOUS
from renfort.kernel.firing import NotAllowed, Refused, fire, fire_due
from renfort.kernel.integrity import registered, run
from renfort.notifications.models import Notice, Outgoing
from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Grant, Invitation, Organisation
from renfort.organisations.selectors import actor_of, invitations_visible
from renfort.organisations.services import InvitationFacts, ask_to_join, invite
from renfort.organisations.tasks import forget
from renfort.organisations.workflow import INVITATION, JOIN
from renfort.parameters.catalogue import INVITATION_DAYS
from renfort.parameters.services import set_value
from renfort.people.models import Account, Intent

pytestmark = pytest.mark.django_db
LINK = "/invitation/a-token/"


@pytest.fixture
def here():
    """An organisation with a manager."""
    where = organisation(name="Secours Bordeaux")
    where.boss = manager(where, first_name="Maryse", last_name="Cheffe")
    where.team = f"/espace/{where.pk}/equipe/"
    return where


def said(**changes):
    given = {"role": "mission_tutor", "first_name": "Nadia", "last_name": "Nouvelle", "email": "Nadia@Example.org"}
    return {**given, **changes}


def facts(**changes):
    return InvitationFacts(**said(**{"email": "nadia@example.org", **changes}))


def form_token(page) -> dict[str, str]:
    return {"form_token": str(page.context["form"]["form_token"].value())}


def path_of(letter: Outgoing) -> str:
    word = next(word for word in letter.text.split() if "/invitation/" in word)
    return word[word.index("/invitation/") :]


def new_account(**changes):
    return {
        "first_name": "Nadia", "last_name": "Nouvelle", "email": "nadia@example.org",
        "password1": PASSWORD, "password2": PASSWORD, **changes,
    }  # fmt: skip


# ── inviting ──────────────────────────────────────────────────────────────────────────────────────
def test_inviting_writes_one_letter_with_a_link_that_the_table_does_not_hold(here):
    client = client_of(here.boss)
    url = f"{here.team}inviter/"
    page = client.get(url)
    assert all(
        word in unescape(page.content.decode()) for word in ("Tuteur", "Responsable", "Adresse email", "Ajouter un membre")
    )
    sent = said() | form_token(page)

    assert [client.post(url, sent).status_code for _ in "12"] == [302, 302]

    made = Invitation.objects.get()
    assert (made.role, made.email, made.state, made.invited_by) == ("mission_tutor", "nadia@example.org", "sent", here.boss)
    assert made.expires_at - made.sent_at == timedelta(days=14)
    letter = Outgoing.objects.get(message="organisations.invitation.sent")
    token = path_of(letter).strip("/").rpartition("/")[2]
    assert len(token) >= 43 and letter.secret and letter.address == "nadia@example.org"
    assert token not in str(list(Invitation.objects.values())), "the table opens nothing"
    assert token not in str(list(Entry.objects.values())) + str(list(Remark.objects.values())), "nor does the history"
    assert not Notice.objects.filter(message="organisations.invitation.sent").exists()
    assert "Secours Bordeaux" in letter.text and "Maryse Cheffe" in letter.text
    team = unescape(client.get(here.team).content.decode())
    assert "nadia@example.org" in team and "Envoyée" in team


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": "operator"}, "role"),
        ({"role": ""}, "role"),
        ({"first_name": "http://x.example"}, "first_name"),
        ({"last_name": "x" * 200}, "last_name"),
        ({"email": "nadia"}, "email"),
        ({"email": ""}, "email"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_leaves(here, wrong, field):
    client = client_of(here.boss)
    answer = client.post(f"{here.team}inviter/", said(**wrong) | form_token(client.get(f"{here.team}inviter/")))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Invitation.objects.exists() and not Outgoing.objects.exists()


def test_invited_twice_is_one_invitation_and_one_letter(here):
    first, is_new = invite(actor=actor(here.boss), organisation=here, facts=facts())
    second, is_newer = invite(actor=actor(manager(here)), organisation=here, facts=facts(first_name="Autre"))

    assert (first.pk == second.pk, is_new, is_newer, Outgoing.objects.count()) == (True, True, False, 1)
    with pytest.raises(Refused, match="déjà invitée, comme tuteur"):
        invite(actor=actor(here.boss), organisation=here, facts=facts(role="manager"))


def test_database_refuses_two_open_invitations_of_one_address(here):
    invitation(here)

    with pytest.raises(IntegrityError, match="organisations_invitation_once"), transaction.atomic():
        invitation(here, token="another")


def test_who_is_of_the_team_is_not_invited(here):
    colleague = tutor(here, email="deja@example.org", first_name="Karim", last_name="Là")
    client = client_of(here.boss)
    sent = said(email="DEJA@example.org") | form_token(client.get(f"{here.team}inviter/"))

    answer = client.post(f"{here.team}inviter/", sent)

    assert answer.status_code == 409
    assert "Karim Là fait déjà partie de l'équipe, comme tuteur" in unescape(answer.content.decode())
    assert Grant.objects.get(person=colleague).role == "mission_tutor"


def test_an_address_with_and_without_account_get_the_same(here):
    """Nobody learns from an invitation who has an account: same answer, same letter."""
    account(person(email="connue@example.org"))
    client = client_of(here.boss)
    pages = []
    for address in ("connue@example.org", "inconnue@example.org"):
        sent = said(email=address) | form_token(client.get(f"{here.team}inviter/"))
        page = client.post(f"{here.team}inviter/", sent, follow=True)
        pages.append(page.status_code)
    known, unknown = (Outgoing.objects.get(address=address) for address in ("connue@example.org", "inconnue@example.org"))

    assert pages == [200, 200]
    assert known.text.replace(path_of(known), "") == unknown.text.replace(path_of(unknown), "")
    assert (known.subject, known.person_id, unknown.person_id) == (unknown.subject, None, None)
    assert not Notice.objects.exists()


def test_only_managers_invite(here):
    colleague = tutor(here)

    for someone in (colleague, manager(), volunteer(), operator()):
        assert client_of(someone).get(f"{here.team}inviter/").status_code == 404
        with pytest.raises(NotAllowed):
            invite(actor=actor(someone), organisation=here, facts=facts())
    assert not Invitation.objects.exists()


def test_the_operator_sets_how_long_a_link_lives(here):
    set_value(INVITATION_DAYS, 3, actor=actor(operator()))

    made, _new = invite(actor=actor(here.boss), organisation=here, facts=facts())

    assert made.expires_at - made.sent_at == timedelta(days=3)


# ── accepted ──────────────────────────────────────────────────────────────────────────────────────
def test_sign_up_with_the_invited_address_joins_at_once(here):
    """The link came by that e-mail: the address is confirmed by it, on any device, and no second e-mail is needed."""
    invitation(here)
    device = Client()
    page = unescape(device.get(LINK).content.decode())
    assert "Rejoindre l'équipe de Secours Bordeaux" in page and "J'ai déjà un compte" in page
    form = device.get(f"{LINK}inscription/")
    assert form.context["form"]["email"].value() == "nadia@example.org"

    answer = device.post(f"{LINK}inscription/", new_account() | form_token(form))

    assert answer.url == f"/espace/{here.pk}/missions/"
    made = Account.objects.get(email="nadia@example.org")
    assert made.check_password(PASSWORD) and made.emailaddress_set.get().verified
    assert actor_of(made.person_id).holds("reserve", "mission_tutor", "organisation", here.pk)
    assert device.get(answer.url).status_code == 200
    assert (Invitation.objects.get().state, Invitation.objects.get().person) == ("accepted", made.person)
    letters = Outgoing.objects.exclude(message="organisations.invitation.sent")
    assert [(each.message, each.address) for each in letters] == [
        ("organisations.invitation.accepted", here.boss.account.email)
    ], "the managers are told, and nobody is asked to confirm again"
    assert "Nadia Nouvelle" in letters[0].text


def test_sign_up_with_another_address_waits_for_that_one_to_be_confirmed(here):
    invitation(here)
    device = Client()
    sent = new_account(email="autre@example.org") | form_token(device.get(f"{LINK}inscription/"))

    answer = device.post(f"{LINK}inscription/", sent)

    assert answer.url == "/inscription/consultez-vos-e-mails/"
    made = Account.objects.get(email="autre@example.org")
    assert not made.emailaddress_set.get().verified
    assert Invitation.objects.get().state == "sent" and not Grant.objects.filter(person=made.person).exists()
    other_device = Client()
    key = next(word for word in Outgoing.objects.get(address="autre@example.org").text.split() if "/confirmer/" in word)
    confirmed = other_device.post(key[key.index("/confirmer/") :])

    assert confirmed.url == f"/espace/{here.pk}/missions/"
    assert actor_of(made.person_id).holds("reserve", "mission_tutor", "organisation", here.pk)
    assert Invitation.objects.get().state == "accepted"


def test_sign_up_with_an_address_that_has_an_account_says_to_sign_in(here):
    """Who holds the link reads that address: this tells no stranger anything. The account is untouched."""
    known = account(person(email="nadia@example.org"))
    invitation(here)
    device = Client()

    answer = device.post(f"{LINK}inscription/", new_account() | form_token(device.get(f"{LINK}inscription/")))

    assert answer.status_code == 409 and "connectez-vous" in unescape(answer.content.decode())
    known.refresh_from_db()
    assert not known.has_usable_password() and Invitation.objects.get().state == "sent"
    assert not Intent.objects.exists()


def test_signed_in_one_joins_with_a_button_and_reading_changes_nothing(here):
    invitation(here, role=Role.MANAGER)
    someone = account(person(email="nadia@example.org")).person
    client = client_of(someone)

    page = unescape(client.get(LINK).content.decode())
    assert "Rejoindre l'équipe" in page and "Ce n'est pas l'adresse" not in page
    assert Invitation.objects.get().state == "sent"
    answer = client.post(LINK)

    assert answer.url == f"/espace/{here.pk}/missions/"
    assert [(grant.role, grant.given_by_id) for grant in Grant.objects.filter(person=someone)] == [("manager", someone.pk)]
    assert client.get(here.team).status_code == 200
    assert client.get(LINK).url == f"/espace/{here.pk}/missions/", "the link leads there from now on"


def test_signed_in_with_another_account_one_is_told_and_asked(here):
    invitation(here)
    someone = account(person(email="autre@example.org")).person
    client = client_of(someone)

    page = unescape(client.get(LINK).content.decode())

    assert "nadia@example.org" in page and "autre@example.org" in page and "Me déconnecter" in page
    client.post(LINK)
    assert Grant.objects.get(person=someone).role == "mission_tutor", "the one who holds the link chooses the account"


def test_not_signed_in_accepting_leads_to_sign_in_and_back(here):
    invitation(here)

    assert Client().post(LINK).url == f"/connexion/?next={LINK}"


def test_who_is_already_of_the_team_is_told(here):
    invitation(here, role=Role.MANAGER)
    colleague = tutor(here)
    client = client_of(colleague)

    page = unescape(client.get(LINK).content.decode())
    answer = client.post(LINK)

    assert "Vous faites déjà partie de cette équipe" in page
    assert answer.status_code == 409 and "comme tuteur" in unescape(answer.content.decode())
    assert Grant.objects.get(person=colleague).role == "mission_tutor" and Invitation.objects.get().state == "sent"


def test_a_link_serves_once(here):
    invitation(here)
    first, second = (client_of(account().person) for _ in "12")
    first.post(LINK)

    answer = second.post(LINK)

    assert answer.status_code == 410 and "déjà servi" in unescape(answer.content.decode())
    assert Grant.objects.filter(organisation=here, role="mission_tutor").count() == 1


@pytest.mark.parametrize(
    ("facts", "status", "words"),
    [
        ({"state": "revoked"}, 410, "retirée"),
        ({"state": "expired"}, 410, "expiré"),
        ({"state": "declined"}, 410, "décliné"),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, 410, "expiré"),  # the clock is late
        ({"token": "another"}, 404, "plus récent"),
    ],
)
def test_a_dead_link_says_why_and_opens_nothing(here, facts, status, words):
    invitation(here, **facts)
    client = client_of(account().person)

    for answer in (client.get(LINK), client.post(LINK), Client().get(f"{LINK}inscription/"), Client().post(f"{LINK}decliner/")):
        assert answer.status_code == status and words in unescape(answer.content.decode())
    assert not Grant.objects.filter(role="mission_tutor").exists()


@pytest.mark.parametrize("token", ["x", "%00", "a" * 5000, "é", "../..", "%F0%9F%92%A9"])
def test_nonsense_in_a_link_is_a_404(token):
    assert Client().get(f"/invitation/{token}/").status_code in (404, 301)


def test_declined_without_an_account_the_inviter_is_told(here):
    invitation(here, by=here.boss)

    answer = Client().post(f"{LINK}decliner/")

    assert answer.status_code == 200 and Invitation.objects.get().state == "declined"
    assert Outgoing.objects.get().address == here.boss.account.email
    assert Client().get(LINK).status_code == 410


# ── sent again, withdrawn, expired ────────────────────────────────────────────────────────────────
def test_sent_again_the_new_link_opens_and_the_old_one_does_not(here):
    made = invitation(
        here, by=here.boss, sent_at=timezone.now() - timedelta(days=10), expires_at=timezone.now() + timedelta(days=4)
    )
    client = client_of(here.boss)

    answer = client.post(f"{here.team}invitations/{made.pk}/renvoyer/", {"seen": made.version})

    assert answer.url == here.team
    made.refresh_from_db()
    assert (made.times_sent, made.expires_at - made.sent_at) == (2, timedelta(days=14))
    assert Client().get(path_of(Outgoing.objects.get())).status_code == 200
    assert Client().get(LINK).status_code == 404


def test_not_sent_again_too_soon_nor_too_often(here):
    made = invitation(here, by=here.boss)
    with pytest.raises(Refused, match="dix minutes"):
        fire(INVITATION, made, "resend", actor=actor(here.boss))

    for hours in range(1, 5):
        with at(timezone.now() + timedelta(hours=hours)):
            fire(INVITATION, made, "resend", actor=actor(here.boss))
    with at(timezone.now() + timedelta(hours=6)), pytest.raises(Refused, match="cinq fois"):
        fire(INVITATION, made, "resend", actor=actor(here.boss))
    assert Outgoing.objects.count() == 4


def test_withdrawn_it_opens_nothing_and_may_be_made_anew(here):
    made = invitation(here, by=here.boss)
    client_of(here.boss).post(f"{here.team}invitations/{made.pk}/retirer/", {"seen": made.version})

    assert Client().get(LINK).status_code == 410
    assert not Outgoing.objects.exists()
    _again, is_new = invite(actor=actor(here.boss), organisation=here, facts=facts(role="manager"))
    assert is_new


def test_after_its_time_the_clock_ends_it_and_tells_the_inviter(here):
    made = invitation(here, by=here.boss)
    with at(made.expires_at + timedelta(minutes=1)):
        assert [fire_due(timezone.now(), flows=[INVITATION]) for _ in "12"] == [1, 0]
        assert Outgoing.objects.get().address == here.boss.account.email
        again, is_new = invite(actor=actor(here.boss), organisation=here, facts=facts())

        assert (again.pk == made.pk, is_new, again.state) == (True, True, "sent"), "the same invitation, sent again"
    assert Invitation.objects.count() == 1


def test_only_its_managers_see_an_invitation(here):
    made = invitation(here)
    elsewhere = organisation()
    strangers = [manager(elsewhere), tutor(here), volunteer(), operator()]

    assert [list(invitations_visible(actor(each))) for each in strangers] == [[]] * 4
    assert list(invitations_visible(ANONYMOUS)) == []
    for each in strangers:
        for where in (here, elsewhere):
            url = f"/espace/{where.pk}/equipe/invitations/{made.pk}/retirer/"
            assert client_of(each).post(url, {"seen": 1}).status_code == 404
    assert client_of(here.boss).post(f"{here.team}invitations/{made.pk}/accepter/", {"seen": 1}).status_code == 403


# ── requests to join, decided with a role (R9) ────────────────────────────────────────────────────
@pytest.mark.parametrize(("role", "sees_team"), [("manager", 200), ("mission_tutor", 404)])
def test_who_asks_to_join_gets_the_role_that_is_chosen(here, role, sees_team):
    asked = join_request(here)
    url = f"{here.team}demandes/{asked.pk}/accepter/"
    boss = client_of(here.boss)
    assert boss.post(url, {"seen": asked.version}).status_code == 422, "a role is owed"

    boss.post(url, {"seen": asked.version, "role": role})

    newcomer = client_of(asked.person)
    assert newcomer.get(here.team).status_code == sees_team
    assert newcomer.get(f"/espace/{here.pk}/missions/").status_code == 200
    assert ("responsable" if role == "manager" else "tuteur") in Outgoing.objects.get().text


def test_where_no_manager_remains_the_operator_answers(here):
    boss = operator()
    deserted = organisation(name="Secours Désert")
    left = manager(deserted)
    Account.objects.filter(person=left).update(is_active=False)
    asker = account().person

    ask_to_join(actor=actor(asker), person=asker, organisation=deserted)

    letter = Outgoing.objects.get(message="organisations.join.asked")
    assert letter.address == boss.account.email and "/operateur/structures/" in letter.text
    asked = deserted.join_requests.get()
    client = client_of(boss)
    assert "Secours Désert" in unescape(client.get("/operateur/structures/").content.decode())
    client.post(f"/operateur/structures/demandes/{asked.pk}/accepter/", {"seen": 1, "role": "manager"})
    assert Grant.objects.get(person=asker).role == "manager"
    managed = join_request(here)
    assert client.post(f"/operateur/structures/demandes/{managed.pk}/accepter/", {"seen": 1}).status_code == 404
    with pytest.raises(NotAllowed):
        fire(JOIN, managed, "accept", actor=actor(boss), answers={"role": "manager"})


# ── the page ──────────────────────────────────────────────────────────────────────────────────────
def test_the_page_says_who_is_of_the_team(here):
    tutor(here, first_name="Tao", last_name="Tuteur")
    page = unescape(client_of(here.boss).get(here.team).content.decode())

    assert "Gérer votre équipe" in page and "Tao Tuteur" in page and "2 personnes" in page
    assert "Dernier responsable" in page, "says why the last one can be neither changed nor removed"


def test_the_page_costs_the_same_for_twenty(here, django_assert_max_num_queries):
    def cost() -> int:
        client = client_of(here.boss)
        client.get("/espace/")
        with django_assert_max_num_queries(16) as counted:
            client.get(here.team)
        return len(counted)

    tutor(here)
    invitation(here)
    join_request(here)
    few = cost()
    for number in range(20):
        tutor(here)
        invitation(here, token=f"token {number}", email=f"n{number}@example.org")
        join_request(here)

    assert cost() == few


def test_history_holds_with_what_was_decided(here):
    made, _new = invite(actor=actor(here.boss), organisation=here, facts=facts())
    path = path_of(Outgoing.objects.get())
    client_of(account().person).post(path)

    assert [
        finding.check.name for finding in run(registered()) if not finding.holds and "organisations" in finding.check.name
    ] == []
    Organisation.objects.filter(pk=here.pk).update(left_at=timezone.now())
    assert [finding.check.name for finding in run(registered()) if not finding.holds] == [
        "organisations.left", "organisations.managed",
    ]  # fmt: skip
    Organisation.objects.filter(pk=here.pk).update(left_at=None)
    Grant.objects.filter(role="manager").update(valid_until=timezone.now() - timedelta(hours=1))
    assert [finding.check.name for finding in run(registered()) if not finding.holds] == ["organisations.managed"]
    assert made.organisation_id == here.pk


def test_database_refuses_two_roles_in_one_team(here):
    with pytest.raises(IntegrityError, match="organisations_grant_one_in_team"), transaction.atomic():
        grant(here.boss, Programme.RESERVE, Role.MISSION_TUTOR, here)


def test_what_came_to_nothing_is_forgotten_after_three_months(here):
    """P10: the name and address of somebody who never came are not kept for ever."""
    kept = [invitation(here), invitation(here, token="b", state="accepted", person=here.boss, email="b@example.org")]
    for number, state in enumerate(("declined", "expired", "revoked")):
        invitation(here, token=str(number), state=state, email=f"{number}@example.org")

    forget(timezone.now() + timedelta(days=89))
    assert Invitation.objects.count() == 5
    forget(timezone.now() + timedelta(days=91))

    assert list(Invitation.objects.order_by("id")) == kept
