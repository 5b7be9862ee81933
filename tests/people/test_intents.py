"""R3: an application made while signing up is kept « à confirmer »; opening the link in the e-mail sends it, once."""

from __future__ import annotations

import time
from datetime import timedelta
from unittest import mock

import pytest
from django.core import signing
from django.utils import timezone
from tests.factories.time import limits_wait
from tests.people.conftest import PASSWORD, can_sign_in, words

from renfort.kernel.firing import Refused
from renfort.people import services
from renfort.people.models import Account, Intent
from renfort.people.selectors import confirmation_key, signed_intent

PAGE = "/inscription/benevole/"
CHECK = "/inscription/consultez-vos-e-mails/"
LABEL = "Distribution de repas · Secours Bordeaux"


def wish(client, mission: int = 7) -> None:
    """What the page of a mission does when a visitor proposes help."""
    session = client.session
    services.remember(session, "missions.apply", {"mission": mission, "rules": 3}, LABEL, f"/missions/{mission}-repas/")
    session.save()


def test_proposing_help_then_signing_up_sends_it_when_the_link_is_opened(client, mailbox, volunteer_form):
    wish(client)
    assert f"Vous proposez votre aide pour : <strong>{LABEL}" in client.get(PAGE).content.decode()
    assert LABEL in client.get("/connexion/").content.decode()
    client.post(PAGE, volunteer_form)
    assert mailbox.performed == []  # nobody is told, no place is held
    assert LABEL in str(mailbox.last.mail.facts)
    answer = client.post(mailbox.last.link)
    assert answer.url == "/missions/7/"
    account = Account.objects.get()
    assert mailbox.performed == [("missions.apply", {"mission": 7, "rules": 3}, account.person_id)]


def test_the_role_is_given_before_the_proposal_is_sent(client, mailbox, volunteer_form):
    wish(client)
    client.post(PAGE, volunteer_form)
    client.post(mailbox.last.link)
    names = [event.name for event in mailbox.events]
    assert names.index("organisations.grant.give") < names.index("people.intent.confirmed")


def test_on_another_device_it_is_sent_once_whoever_opens_the_link_again(client, phone, mailbox, volunteer_form):
    wish(client)
    client.post(PAGE, volunteer_form)
    link = mailbox.last.link
    assert phone.post(link).url == "/missions/7/"
    assert phone.get(link).status_code == 302
    assert phone.get(link).url == "/missions/7/"
    assert phone.post(link).url == "/missions/7/"
    assert client.post(link).url == "/missions/7/"  # the browser that signed up still brings its password
    assert can_sign_in("zoe@exemple.fr", PASSWORD)
    assert len(mailbox.performed) == 1


def test_the_page_of_the_link_says_what_will_be_sent(client, phone, mailbox, volunteer_form):
    wish(client)
    client.post(PAGE, volunteer_form)
    page = phone.get(mailbox.last.link).content.decode()
    assert LABEL in page
    assert 'data-autosubmit="now"' in page
    assert mailbox.performed == []


def test_somebody_signed_in_as_another_is_asked_first(client, mailbox, made, volunteer_form):
    other = made("autre@exemple.fr")
    client.post(PAGE, volunteer_form)
    client.force_login(other)
    page = client.get(mailbox.last.link).content.decode()
    assert "autre@exemple.fr" in page
    assert "data-autosubmit" not in page
    client.post(mailbox.last.link)
    assert client.session["_auth_user_id"] == str(Account.objects.get(email="zoe@exemple.fr").pk)


def test_asking_twice_for_the_same_thing_is_one_intent(client, mailbox, volunteer_form):
    wish(client)
    client.post(PAGE, volunteer_form)
    wish(client)
    client.post(PAGE, volunteer_form | {"form_token": "55555555-5555-4555-8555-555555555555"})
    assert Intent.objects.count() == 1


def test_two_missions_are_two_proposals(client, mailbox, volunteer_form):
    for mission in (7, 8):
        wish(client, mission)
        client.post(PAGE, volunteer_form | {"form_token": f"{mission}5555555-5555-4555-8555-555555555555"})
    client.post(mailbox.last.link)
    assert [payload["mission"] for _kind, payload, _person in mailbox.performed] == [7, 8]


def test_an_address_corrected_keeps_what_was_wanted(client, mailbox, volunteer_form):
    wish(client)
    client.post(PAGE, volunteer_form | {"email": "zo@exemple.fr"})
    client.post(PAGE, volunteer_form)
    assert client.post(mailbox.last.link).url == "/missions/7/"
    assert len(mailbox.performed) == 1


def test_signing_in_with_something_in_hand_does_it(client, mailbox, made):
    account = made()
    wish(client)
    answer = client.post("/connexion/", {"email": "Ana@exemple.fr ", "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/missions/7/")
    assert mailbox.performed == [("missions.apply", {"mission": 7, "rules": 3}, account.person_id)]
    client.post("/deconnexion/")
    client.post("/connexion/", {"email": "ana@exemple.fr", "password": PASSWORD})
    assert len(mailbox.performed) == 1


def test_a_known_address_finds_its_proposal_in_the_mail_and_only_that_one(client, phone, mailbox, made, volunteer_form):
    made("zoe@exemple.fr")
    services.keep_intent(address="zoe@exemple.fr", kind="missions.apply", payload={"mission": 666}, label="piège")
    wish(client)
    client.post(PAGE, volunteer_form)
    assert mailbox.keys() == ["people.known"]
    assert LABEL in str(mailbox.last.mail.facts)
    assert LABEL in phone.get(mailbox.last.link).content.decode()
    assert phone.post("/connexion/", {"email": "zoe@exemple.fr", "password": "faux"}).status_code == 422
    answer = phone.post("/connexion/", {"email": "zoe@exemple.fr", "password": PASSWORD})
    assert answer.url == "/missions/7/"
    assert [payload["mission"] for _kind, payload, _person in mailbox.performed] == [7]


def test_the_link_of_somebody_elses_proposal_does_nothing_for_me(client, mailbox, made):
    made()
    intent = services.keep_intent(address="zoe@exemple.fr", kind="missions.apply", payload={"mission": 9})
    client.get(f"/connexion/?intention={signed_intent(intent.pk)}")
    assert client.post("/connexion/", {"email": "ana@exemple.fr", "password": PASSWORD}).url == "/espace/"
    assert mailbox.performed == []
    assert client.get("/connexion/?intention=faux").status_code == 302


def test_an_account_whose_address_others_typed_is_not_made_to_apply_by_signing_in(client, mailbox, made):
    made()
    services.keep_intent(address="ana@exemple.fr", kind="missions.apply", payload={"mission": 9})
    client.post("/connexion/", {"email": "ana@exemple.fr", "password": PASSWORD})
    assert mailbox.performed == []


def test_what_cannot_be_done_any_more_is_said_and_the_account_stands(client, mailbox, volunteer_form):
    def refuse(event) -> None:
        raise Refused("La mission est complète depuis.")

    mailbox.on_intent = refuse
    wish(client)
    client.post(PAGE, volunteer_form)
    answer = client.post(mailbox.last.link)
    assert answer.url == "/missions/7-repas/"
    assert "La mission est complète depuis." in client.get("/espace/profil/").content.decode()
    intent = Intent.objects.get()
    assert intent.done_at is not None
    assert can_sign_in("zoe@exemple.fr", PASSWORD)


# ── links that do not open ────────────────────────────────────────────────────────────────────────
def old_link(account: Account) -> str:
    with mock.patch.object(signing.time, "time", return_value=time.time() - 3 * 24 * 3600 - 60):
        return f"/confirmer/{confirmation_key(account)}/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_of_more_than_three_days_says_what_to_do(client, mailbox, volunteer_form, method):
    wish(client)
    client.post(PAGE, volunteer_form)
    answer = getattr(client, method)(old_link(Account.objects.get()))
    assert answer.status_code == 404
    assert "Demandez-en un nouveau" in answer.content.decode()
    assert mailbox.performed == []
    assert not Account.objects.get().has_usable_password()


@pytest.mark.parametrize("key", ["x", "MQ:1abc:signature", "é" * 20, "%00", "a" * 3000])
def test_a_wrong_link_is_a_page(client, mailbox, key):
    assert client.get(f"/confirmer/{key}/").status_code == 404


def test_a_new_link_works_and_nobody_learns_who_is_known(client, mailbox, made, volunteer_form):
    wish(client)
    client.post(PAGE, volunteer_form)
    made_letters = list(mailbox.letters)
    made("ana@exemple.fr")
    pages = []
    limits_wait(240)
    for address in ("zoe@exemple.fr", "ana@exemple.fr", "personne@exemple.fr"):
        answer = client.post(CHECK, {"email": address})
        assert (answer.status_code, answer.url) == (302, CHECK)
        pages.append(words(client.get(CHECK)))
    assert pages[0] == pages[1] == pages[2]
    assert [(letter.key, letter.to) for letter in mailbox.letters if letter not in made_letters] == [
        ("people.confirm_again", "zoe@exemple.fr"),
        ("people.known", "ana@exemple.fr"),
        ("people.unknown", "personne@exemple.fr"),
    ]
    link = next(letter.link for letter in mailbox.letters if letter.key == "people.confirm_again")
    assert client.post(link).url == "/missions/7/"


def test_what_nobody_confirmed_is_forgotten_after_a_month(client, mailbox, made, volunteer_form):
    made("ana@exemple.fr")
    wish(client)
    client.post(PAGE, volunteer_form)
    assert (services.forget_unconfirmed(), services.forget_old_intents()) == (0, 0)
    long_ago = timezone.now() - timedelta(days=31)
    Account.objects.update(date_joined=long_ago)
    Intent.objects.update(created_at=long_ago)
    assert (services.forget_unconfirmed(), services.forget_old_intents()) == (1, 1)
    assert [account.email for account in Account.objects.all()] == ["ana@exemple.fr"]
