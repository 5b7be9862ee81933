"""R7, R8, P8: one's password, profile and language."""

from __future__ import annotations

from datetime import date

import pytest
from tests.factories.time import limits_wait
from tests.people.conftest import PASSWORD, can_sign_in, words

from renfort.audit.models import Entry
from renfort.kernel.messages import MESSAGES
from renfort.people.models import Account, Intent, Person
from renfort.people.selectors import recipient_of, today

NEW = "deux ânes sur un toit"
CHECK = "/inscription/consultez-vos-e-mails/"


# ── lost password ─────────────────────────────────────────────────────────────────────────────────
def test_a_lost_password_is_replaced_through_the_mail_once(client, phone, mailbox, made):
    made()
    assert client.post("/mot-de-passe/oublie/", {"email": "Ana@exemple.fr"}).url == CHECK
    assert mailbox.keys() == ["people.password_lost"]
    assert mailbox.last.mail.secret
    link = mailbox.last.link
    assert phone.get(link).status_code == 200
    assert phone.post(link, {"password1": "court", "password2": "court"}).status_code == 422
    assert phone.post(link, {"password1": NEW, "password2": NEW}).url == "/espace/"
    assert "_auth_user_id" in phone.session
    assert mailbox.keys()[-1] == "people.password_changed"
    assert can_sign_in("ana@exemple.fr", NEW)
    assert not can_sign_in("ana@exemple.fr", PASSWORD)
    answer = client.post(link, {"password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 404
    assert "Demandez-en un nouveau" in answer.content.decode()


def test_the_answer_to_a_lost_password_is_the_same_for_everybody(client, phone, mailbox, made):
    made()
    answers = [
        reader.post("/mot-de-passe/oublie/", {"email": address})
        for reader, address in ((client, "ana@exemple.fr"), (phone, "rien@exemple.fr"))
    ]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, CHECK)] * 2
    assert words(client.get(CHECK)) == words(phone.get(CHECK))
    assert [(letter.key, letter.to) for letter in mailbox.letters] == [
        ("people.password_lost", "ana@exemple.fr"),
        ("people.unknown", "rien@exemple.fr"),
    ]


def test_the_link_of_a_lost_password_confirms_an_address_that_waited(client, phone, mailbox, volunteer_form):
    client.post("/inscription/benevole/", volunteer_form)
    phone.post("/mot-de-passe/oublie/", {"email": "zoe@exemple.fr"})
    assert phone.post(mailbox.last.link, {"password1": NEW, "password2": NEW}).url == "/espace/"
    assert "people.account.confirmed" in [event.name for event in mailbox.events]
    assert can_sign_in("zoe@exemple.fr", NEW)
    assert not can_sign_in("zoe@exemple.fr", PASSWORD)


@pytest.mark.parametrize("link", ["1-x", "zzzzzzzzzzzzz-abc", "0-0", "1-a-b-c"])
def test_a_wrong_link_is_a_page(client, db, link):
    assert client.get(f"/mot-de-passe/nouveau/{link}/").status_code == 404


# ── « Paramètres de compte » ──────────────────────────────────────────────────────────────────────
def test_the_password_is_changed_with_the_old_one(client, phone, mailbox, made):
    account = made()
    client.force_login(account)
    phone.force_login(account)
    form = {"password": PASSWORD, "password1": NEW, "password2": NEW}
    answer = client.post("/espace/compte/", form | {"password": "faux"})
    assert answer.status_code == 422
    assert "mot de passe actuel" in str(answer.context["form"].errors)
    assert client.post("/espace/compte/", form).status_code == 302
    assert client.get("/espace/compte/").status_code == 200  # still signed in here
    assert phone.get("/espace/compte/").status_code == 302  # and nowhere else
    assert mailbox.keys() == ["people.password_changed"]
    assert can_sign_in("ana@exemple.fr", NEW)


def test_a_password_like_ones_name_is_refused(client, made):
    client.force_login(made(first_name="Maximilienne"))
    form = {"password": PASSWORD, "password1": "maximilienne", "password2": "maximilienne"}
    answer = client.post("/espace/compte/", form)
    assert answer.status_code == 422
    assert "ressemble trop" in str(answer.context["form"].errors)


# ── language ──────────────────────────────────────────────────────────────────────────────────────
def test_french_whatever_the_browser_prefers(client, db):
    answer = client.get("/connexion/", headers={"accept-language": "en,de"})
    assert answer.headers["Content-Language"] == "fr"
    assert 'lang="fr"' in answer.content.decode()


def test_a_visitor_chooses_a_language_for_this_browser(client, phone, db):
    answer = client.post("/langue/", {"language": "en", "next": "/connexion/"})
    assert (answer.status_code, answer.url) == (302, "/connexion/")
    assert client.get("/connexion/").headers["Content-Language"] == "en"
    assert phone.get("/connexion/").headers["Content-Language"] == "fr"


def test_the_language_of_an_account_follows_it_everywhere(client, phone, made):
    account = made()
    client.force_login(account)
    client.post("/langue/", {"language": "en"})
    phone.force_login(account)
    assert phone.get("/espace/compte/").headers["Content-Language"] == "en"
    assert recipient_of(Person.objects.get()).language == "en"


@pytest.mark.parametrize("language", ["de", "", "../", "x" * 5000])
def test_a_language_that_is_not_offered_is_a_wrong_request(client, db, language):
    assert client.post("/langue/", {"language": language}).status_code == 400


def test_who_signs_up_in_english_is_written_to_in_english(client, mailbox, volunteer_form):
    client.cookies["django_language"] = "en"
    client.post("/inscription/benevole/", volunteer_form)
    assert Account.objects.get().language == "en"


# ── profile ───────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def profile_form() -> dict[str, str]:
    return {
        "first_name": "Ana",
        "last_name": "Petit",
        "email": "ana.pro@exemple.fr",
        "mobile_phone": "0612345678",
        "landline_phone": "05 56 00 00 00",
        "postcode": "33000",
        "birth_date": "1990-05-17",
    }


def test_the_profile_is_edited_and_says_who_sees_what(client, mailbox, made, profile_form):
    client.force_login(made())
    page = client.get("/espace/profil/").content.decode()
    assert "AP" in page
    assert "Enregistrer les modifications" in page
    assert "Les structures auxquelles vous proposez votre aide voient" in page
    assert client.post("/espace/profil/", profile_form).status_code == 302
    person = Person.objects.get()
    assert (person.email, person.landline_phone, person.birth_date) == ("ana.pro@exemple.fr", "+33556000000", date(1990, 5, 17))
    page = client.get("/espace/profil/").content.decode()
    assert "Vos modifications sont enregistrées" in page
    assert 'value="06 12 34 56 78"' in page
    entry = Entry.objects.filter(verb="people.person.edit").get()
    assert "birth_date" in entry.codes["fields"]
    assert "1990" not in str([entry.codes, entry.changes])


def test_an_unchanged_profile_writes_nothing(client, made, profile_form):
    client.force_login(made())
    client.post("/espace/profil/", profile_form)
    before = Entry.objects.count()
    client.post("/espace/profil/", profile_form)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("name", ["mobile_phone", "postcode", "birth_date"])
def test_a_volunteer_keeps_what_the_reserve_needs_and_a_manager_need_not_give_it(client, made, profile_form, name):
    account = made()
    client.force_login(account)
    assert client.post("/espace/profil/", profile_form | {name: ""}).status_code == 422
    client.force_login(made("resp@exemple.fr", joins=""))
    assert client.post("/espace/profil/", profile_form | {name: ""}).status_code == 302


def test_a_volunteer_cannot_grow_younger_than_the_minimum_age(client, made, profile_form):
    client.force_login(made())
    answer = client.post("/espace/profil/", profile_form | {"birth_date": f"{today().year - 10}-01-01"})
    assert answer.status_code == 422


@pytest.mark.parametrize(("page", "most"), [("/espace/profil/", 6), ("/espace/compte/", 8)])
def test_pages_of_ones_own_cost_few_queries(client, made, django_assert_max_num_queries, page, most):
    client.force_login(made())
    with django_assert_max_num_queries(most):
        assert client.get(page).status_code == 200


def test_somebody_with_an_account_joins_the_reserve_without_a_second_one(client, mailbox, made):
    account = made("resp@exemple.fr", joins="")
    client.force_login(account)
    page = client.get("/inscription/benevole/").content.decode()
    assert "Mot de passe" not in page.split("<main")[1]
    form = {"postcode": "33000", "birth_date": "1990-05-17", "mobile_phone": "0612345678"}
    assert client.post("/inscription/benevole/", form | {"birth_date": "2020-01-01"}).status_code == 422
    assert client.post("/inscription/benevole/", form).url == "/espace/"
    assert account.person.grants.filter(role="volunteer").count() == 1
    assert client.get("/inscription/benevole/").url == "/espace/"


# ── e-mails ───────────────────────────────────────────────────────────────────────────────────────
def test_every_link_that_opens_something_is_secret_and_no_bell_rings():
    ours = {key: message for key, message in MESSAGES.items() if key.startswith("people.")}
    assert len(ours) == 15
    assert not any(message.notice for message in ours.values())


def test_the_unknown_are_kept_no_longer_than_intents(client, mailbox):
    client.post("/mot-de-passe/oublie/", {"email": "rien@exemple.fr"})
    assert Intent.objects.get().done_at is not None


def test_limits_on_asking_for_links(client, mailbox, made):
    made()
    statuses = [client.post("/mot-de-passe/oublie/", {"email": "ana@exemple.fr"}).status_code for _ in range(6)]
    assert statuses == [302] * 5 + [429]
    limits_wait(61)
    assert client.post("/mot-de-passe/oublie/", {"email": "ana@exemple.fr"}).status_code == 302
