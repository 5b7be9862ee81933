"""R8: another address to sign in with; nothing changes until its reader says so, and both addresses know."""

from __future__ import annotations

import time
from datetime import timedelta
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.people.conftest import PASSWORD, can_sign_in, words
from tests.people.test_races import at_once

from renfort.audit.models import Entry
from renfort.people import services
from renfort.people.models import Account, AddressChange, OpenSession, Person
from renfort.people.services import addresses

PAGE = "/espace/compte/"
ASK = "/espace/compte/adresse/"
NEW = "deux ânes sur un toit"


def ask(client, address="Nouvelle@exemple.fr", password=PASSWORD, **more):
    return client.post(ASK, {"email": address, "present_password": password}, **more)


def letter(mailbox, key):
    return next(each for each in reversed(mailbox.letters) if each.key == f"people.{key}")


@pytest.fixture
def ana(client, made):
    """Ana, signed in here."""
    account = made()
    client.force_login(account)
    return account


def addresses_of(account) -> list[tuple[str, bool, bool]]:
    return list(EmailAddress.objects.filter(user=account).values_list("email", "primary", "verified"))


def test_the_address_changes_when_its_link_is_opened_on_any_device(client, phone, mailbox, ana):
    page = ask(client, follow=True).content.decode()
    assert "Un lien attend d’être ouvert" in page and "nouvelle@exemple.fr" in page
    assert [(each.key, each.to) for each in mailbox.letters] == [
        ("people.address_asked", "ana@exemple.fr"),
        ("people.address_link", "nouvelle@exemple.fr"),
    ]
    assert can_sign_in("ana@exemple.fr", PASSWORD) and not can_sign_in("nouvelle@exemple.fr", PASSWORD)

    link = letter(mailbox, "address_link").link
    assert letter(mailbox, "address_link").mail.secret
    assert "nouvelle@exemple.fr" in phone.get(link).content.decode()
    assert can_sign_in("ana@exemple.fr", PASSWORD), "reading the page changes nothing"
    mailbox.letters.clear()
    assert phone.post(link).url == "/connexion/"
    assert "_auth_user_id" not in phone.session, "the link of an address signs nobody in"
    assert can_sign_in("nouvelle@exemple.fr", PASSWORD) and not can_sign_in("ana@exemple.fr", PASSWORD)
    assert addresses_of(ana) == [("nouvelle@exemple.fr", True, True)]
    assert [(each.key, each.to) for each in mailbox.letters] == [
        ("people.address_changed", "nouvelle@exemple.fr"),
        ("people.address_left", "ana@exemple.fr"),
    ]
    page = client.get(PAGE).content.decode()
    assert "nouvelle@exemple.fr" in page and "attend d’être ouvert" not in page


def test_opened_where_one_is_signed_in_it_leads_back_to_the_account(client, mailbox, ana):
    ask(client)
    assert client.post(letter(mailbox, "address_link").link).url == PAGE
    assert client.get(letter(mailbox, "address_link").link).url == PAGE


def test_a_link_used_twice_says_so_and_does_nothing_more(client, phone, mailbox, ana):
    ask(client)
    link = letter(mailbox, "address_link").link
    phone.post(link)
    mailbox.letters.clear()
    for answer in (phone.post(link), phone.get(link)):
        assert (answer.status_code, "déjà changé" in answer.content.decode()) == (200, True)
    assert mailbox.letters == []


def test_a_link_of_more_than_three_days_opens_nothing(client, phone, mailbox, ana):
    ask(client)
    link = letter(mailbox, "address_link").link
    with mock.patch("django.core.signing.time.time", return_value=time.time() + 3 * 86400 + 1):
        answers = [phone.get(link), phone.post(link)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert "ne s'ouvre plus" in answers[0].content.decode()
    assert Account.objects.get().email == "ana@exemple.fr"


@pytest.mark.parametrize("key", ["x", "MQ:1abc:signature", "é" * 20, "a" * 3000])
@pytest.mark.parametrize("door", ["nouvelle-adresse", "ancienne-adresse"])
def test_a_wrong_link_is_a_page(client, db, door, key):
    assert client.get(f"/{door}/{key}/").status_code == 404
    assert client.post(f"/{door}/{key}/").status_code == 404


def test_only_the_newest_link_opens(client, phone, mailbox, ana):
    ask(client, "premiere@exemple.fr")
    first = letter(mailbox, "address_link").link
    ask(client, "seconde@exemple.fr")
    assert phone.post(first).status_code == 404
    assert phone.post(letter(mailbox, "address_link").link).status_code == 302
    assert Account.objects.get().email == "seconde@exemple.fr"


def test_a_change_given_up_opens_nothing(client, phone, mailbox, ana):
    ask(client)
    client.post("/espace/compte/adresse/annuler/")
    assert phone.post(letter(mailbox, "address_link").link).status_code == 404
    assert "attend d’être ouvert" not in client.get(PAGE).content.decode()
    assert client.post("/espace/compte/adresse/annuler/").status_code == 302


def test_a_new_password_kills_the_link(client, phone, mailbox, ana):
    """What the notice at the old address promises to who did not ask."""
    ask(client)
    phone.post("/mot-de-passe/oublie/", {"email": "ana@exemple.fr"})
    phone.post(letter(mailbox, "password_lost").link, {"password1": NEW, "password2": NEW})
    assert Client().post(letter(mailbox, "address_link").link).status_code == 404
    assert Account.objects.get().email == "ana@exemple.fr"


def test_signing_in_elsewhere_meanwhile_leaves_the_link_alive(client, phone, mailbox, ana):
    ask(client)
    assert can_sign_in("ana@exemple.fr", PASSWORD)
    assert phone.post(letter(mailbox, "address_link").link).status_code == 302


def test_nobody_learns_whether_an_address_is_known(client, phone, mailbox, made, ana):
    made("connue@exemple.fr", first_name="Connue")
    other = made("bea@exemple.fr")
    phone.force_login(other)
    pages = []
    for reader, address in ((client, "connue@exemple.fr"), (phone, "libre@exemple.fr")):
        answer = ask(reader, address)
        pages.append((answer.status_code, answer.url, words(reader.get(PAGE))))
    assert [page[:2] for page in pages] == [(302, PAGE)] * 2
    assert pages[0][2] == pages[1][2]
    told = [(each.key, each.to) for each in mailbox.letters if each.to in ("connue@exemple.fr", "libre@exemple.fr")]
    assert told == [("people.address_taken", "connue@exemple.fr"), ("people.address_link", "libre@exemple.fr")]
    assert not letter(mailbox, "address_taken").link.startswith("/nouvelle-adresse/")


def test_a_sign_up_that_nobody_confirmed_does_not_keep_an_address(client, phone, mailbox, ana, volunteer_form):
    Client().post("/inscription/benevole/", volunteer_form | {"email": "nouvelle@exemple.fr"})
    waiting = letter(mailbox, "confirm").link
    ask(client)
    assert phone.post(letter(mailbox, "address_link").link).status_code == 302
    assert [account.email for account in Account.objects.all()] == ["nouvelle@exemple.fr"]
    assert Person.objects.count() == 1
    assert Client().post(waiting).status_code == 404


def test_an_address_taken_meanwhile_is_refused_and_nothing_changes(client, phone, mailbox, made, ana):
    ask(client)
    link = letter(mailbox, "address_link").link
    made("nouvelle@exemple.fr")
    answer = phone.post(link)
    assert (answer.status_code, "un autre compte" in answer.content.decode()) == (409, True)
    ana.refresh_from_db()
    assert ana.email == "ana@exemple.fr"
    assert addresses_of(ana) == [("ana@exemple.fr", True, True)]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"email": "rien"}, "adresse e-mail complète"),
        ({"email": "ANA@exemple.fr"}, "déjà l"),
        ({"present_password": "faux"}, "mot de passe actuel"),
        ({"email": "", "present_password": ""}, "obligatoire"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_kept(client, mailbox, ana, form, said):
    answer = client.post(ASK, {"email": "nouvelle@exemple.fr", "present_password": PASSWORD} | form)
    assert (answer.status_code, mailbox.letters, AddressChange.objects.count()) == (422, [], 0)
    assert said in str(answer.context["address_form"].errors)
    assert not answer.context["form"].errors, "the other form of the page is not concerned"
    assert 'id="adresse_email"' in answer.content.decode()


def test_guessing_the_password_here_is_no_quicker_than_elsewhere(client, ana):
    statuses = [ask(client, password="faux").status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    form = {"password": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post(PAGE, form).status_code == 429, "the same count"


def test_nobody_floods_mailboxes_from_here(client, mailbox, ana):
    statuses = [ask(client, f"victime{number}@exemple.fr").status_code for number in range(7)]
    assert statuses == [302] * 5 + [429] * 2
    assert len([each for each in mailbox.letters if each.key == "people.address_link"]) == 5


@pytest.mark.parametrize(
    ("contact", "after"), [("Ana@exemple.fr", "nouvelle@exemple.fr"), ("ana.pro@exemple.fr", "ana.pro@exemple.fr")]
)
@pytest.mark.usefixtures("ana")
def test_the_contact_address_follows_when_it_was_the_same(client, mailbox, contact, after):
    Person.objects.update(email=contact)
    ask(client)
    Client().post(letter(mailbox, "address_link").link)
    assert Person.objects.get().email == after


def test_without_a_password_one_chooses_it_first(client, mailbox, ana):
    ana.set_unusable_password()
    ana.save()
    client.force_login(ana)
    assert "Choisissez d’abord un mot de passe" in client.get(PAGE).content.decode()
    assert ask(client).url == PAGE
    assert mailbox.letters == []


# ── « Ce n'était pas moi » ────────────────────────────────────────────────────────────────────────
@pytest.fixture
def stolen(client, mailbox, ana):
    """Somebody at Ana's open browser, who knows her password, has moved her account."""
    ask(client, "voleur@exemple.fr")
    Client().post(letter(mailbox, "address_link").link)
    return ana


def test_the_former_address_takes_the_account_back(client, phone, mailbox, stolen):
    link = letter(mailbox, "address_left").link
    assert letter(mailbox, "address_left").to == "ana@exemple.fr"
    assert "ana@exemple.fr" in phone.get(link).content.decode()
    assert client.get(PAGE).status_code == 200, "reading the page changes nothing"
    page = phone.post(link).url
    assert page.startswith("/mot-de-passe/nouveau/")
    assert client.get(PAGE).status_code == 302, "the thief is out at once"
    assert OpenSession.objects.count() == 0
    assert not can_sign_in("voleur@exemple.fr", PASSWORD) and not can_sign_in("ana@exemple.fr", PASSWORD)
    assert letter(mailbox, "address_back").to == "voleur@exemple.fr"
    phone.post(page, {"password1": NEW, "password2": NEW})
    assert can_sign_in("ana@exemple.fr", NEW)
    assert addresses_of(stolen) == [("ana@exemple.fr", True, True)]
    assert phone.post(link).status_code == 404, "once"


def test_a_thief_cannot_outrun_it_with_another_change(client, phone, mailbox, stolen):
    back = letter(mailbox, "address_left").link
    ask(client, "planque@exemple.fr")
    waiting = letter(mailbox, "address_link").link
    phone.post(back)
    assert Client().post(waiting).status_code == 404
    stolen.refresh_from_db()
    assert stolen.email == "ana@exemple.fr"


def test_after_a_week_it_is_too_late(phone, mailbox, stolen):
    with mock.patch("django.core.signing.time.time", return_value=time.time() + 7 * 86400 + 1):
        assert phone.post(letter(mailbox, "address_left").link).status_code == 404


def test_a_former_address_with_an_account_of_its_own_is_told(phone, mailbox, made, stolen):
    link = letter(mailbox, "address_left").link
    made("ana@exemple.fr")
    answer = phone.post(link)
    assert (answer.status_code, "un autre compte" in answer.content.decode()) == (409, True)
    stolen.refresh_from_db()
    assert stolen.email == "voleur@exemple.fr"


# ── history, retention, races ─────────────────────────────────────────────────────────────────────
def test_the_history_says_that_and_never_which(client, phone, mailbox, ana):
    ask(client)
    phone.post(letter(mailbox, "address_link").link)
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"people.addresschange.ask", "people.addresschange.done"} <= verbs
    assert "exemple.fr" not in str([(entry.codes, entry.changes) for entry in Entry.objects.all()])


def test_changes_are_forgotten_after_a_month(client, ana):
    ask(client)
    assert services.forget_old_changes() == 0
    AddressChange.objects.update(asked_at=timezone.now() - timedelta(days=31))
    assert services.forget_old_changes() == 1


@pytest.mark.race
def test_of_two_people_at_one_address_one_has_it_and_the_other_is_told(own_database, mailbox, made):
    links = []
    for name in ("ana", "bea"):
        client = Client()
        client.force_login(made(f"{name}@exemple.fr"))
        ask(client, "commune@exemple.fr")
        links.append(letter(mailbox, "address_link").link)
    statuses = at_once(*[lambda link=link: Client().post(link).status_code for link in links])
    assert sorted(statuses) == [302, 409]
    assert Account.objects.filter(email="commune@exemple.fr").count() == 1
    assert EmailAddress.objects.filter(email="commune@exemple.fr").count() == 1


@pytest.mark.race
def test_a_link_pressed_eight_times_at_once_changes_once(own_database, mailbox, made):
    client = Client()
    client.force_login(made())
    ask(client)
    link = letter(mailbox, "address_link").link
    statuses = at_once(*[lambda: Client().post(link).status_code] * 8)
    assert statuses.count(302) == 1 and set(statuses) <= {200, 302, 404}
    assert mailbox.keys().count("people.address_changed") == 1


@pytest.mark.race
def test_without_the_lock_two_people_would_fall_over_each_other(own_database, mailbox, made, monkeypatch):
    """The negative control: uniqueness alone is an error page."""
    monkeypatch.setattr(addresses, "one_at_a_time", lambda address: None)
    free = addresses._free
    monkeypatch.setattr(addresses, "_free", lambda address: (free(address), time.sleep(0.5)))
    links = []
    for name in ("ana", "bea"):
        client = Client()
        client.force_login(made(f"{name}@exemple.fr"))
        ask(client, "commune@exemple.fr")
        links.append(letter(mailbox, "address_link").link)

    def press(link):
        return Client(raise_request_exception=True).post(link).status_code

    with pytest.raises(Exception, match="unique"):
        at_once(*[lambda link=link: press(link) for link in links])
    connection.close()
