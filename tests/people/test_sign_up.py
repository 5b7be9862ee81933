"""R3: somebody with two minutes, on a phone, tonight."""

from __future__ import annotations

from datetime import date
from unittest import mock

import pytest
from django.contrib.auth import hashers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.people.conftest import PASSWORD, can_sign_in, words

from renfort.audit.models import Entry
from renfort.kernel.actors import SERVICE
from renfort.organisations.models import Grant
from renfort.parameters.catalogue import MINIMUM_AGE
from renfort.parameters.services import set_value
from renfort.people.forms import VolunteerForm
from renfort.people.forms.fields import in_e164
from renfort.people.models import Account, Person
from renfort.people.rules import age_on
from renfort.people.selectors import today

PAGE = "/inscription/benevole/"
CHECK = "/inscription/consultez-vos-e-mails/"


def test_somebody_signs_up_opens_the_link_and_is_a_volunteer(client, mailbox, volunteer_form):
    assert client.get(PAGE).status_code == 200
    answer = client.post(PAGE, volunteer_form)
    assert (answer.status_code, answer.url) == (302, CHECK)
    assert "zoe@exemple.fr" in client.get(CHECK).content.decode()

    account = Account.objects.get()
    assert not account.has_usable_password()
    assert "_auth_user_id" not in client.session
    assert not Grant.objects.exists()
    assert mailbox.keys() == ["people.confirm"]
    assert mailbox.last.to == "zoe@exemple.fr"
    assert mailbox.last.mail.secret

    page = client.get(mailbox.last.link)
    assert "Confirmer mon adresse" in page.content.decode()
    assert not Account.objects.get().has_usable_password()  # reading the page changes nothing

    answer = client.post(mailbox.last.link)
    assert (answer.status_code, answer.url) == (302, "/espace/")
    assert client.session["_auth_user_id"] == str(account.pk)
    grant = Grant.objects.get()
    assert (grant.programme, grant.role, grant.scope_kind, grant.scope) == ("reserve", "volunteer", "platform", "")
    person = Person.objects.get()
    assert (person.full_name, person.postcode) == ("Zoé d'Haïti-Lemaître", "33000")
    assert (person.birth_date, person.mobile_phone) == (date(1990, 5, 17), "+33612345678")
    assert can_sign_in("zoe@exemple.fr", PASSWORD)


def test_nothing_secret_and_no_personal_data_stands_in_the_history(client, mailbox, volunteer_form):
    client.post(PAGE, volunteer_form)
    client.post(mailbox.last.link)
    written = str([(entry.codes, entry.changes) for entry in Entry.objects.all()])
    key = mailbox.last.link.split("/")[2]
    for secret in (key, PASSWORD, "1990", "0612345678", "+336", "zoe@"):
        assert secret not in written


def test_before_the_link_is_opened_the_password_opens_nothing(client, mailbox, volunteer_form):
    client.post(PAGE, volunteer_form)
    assert not can_sign_in("zoe@exemple.fr", PASSWORD)


def test_the_link_opened_on_another_device_signs_in_without_the_password_typed_elsewhere(client, phone, mailbox, volunteer_form):
    client.post(PAGE, volunteer_form)
    answer = phone.post(mailbox.last.link)
    assert (answer.status_code, answer.url) == (302, "/espace/")
    assert "_auth_user_id" in phone.session
    assert not can_sign_in("zoe@exemple.fr", PASSWORD)
    page = phone.get("/espace/compte/").content.decode()
    assert "Choisir un mot de passe" in page
    assert "Mot de passe actuel" not in page
    phone.post("/espace/compte/", {"password1": PASSWORD + " bleu", "password2": PASSWORD + " bleu"})
    assert can_sign_in("zoe@exemple.fr", PASSWORD + " bleu")


def test_the_browser_that_signed_up_may_still_open_the_link_after_a_mail_scanner_did(client, phone, mailbox, volunteer_form):
    client.post(PAGE, volunteer_form)
    phone.post(mailbox.last.link)  # a scanner that presses buttons
    client.post(mailbox.last.link)
    assert "_auth_user_id" in client.session
    assert can_sign_in("zoe@exemple.fr", PASSWORD)


def test_once_a_password_stands_the_link_opens_nothing(client, phone, mailbox, volunteer_form):
    client.post(PAGE, volunteer_form)
    client.post(mailbox.last.link)
    answer = phone.post(mailbox.last.link)
    assert answer.status_code == 200
    assert "déjà confirmée" in answer.content.decode()
    assert "_auth_user_id" not in phone.session


def test_an_attacker_cannot_set_the_password_of_somebody_elses_address(client, phone, mailbox, volunteer_form):
    attack = {**volunteer_form, "first_name": "Mallory", "password1": "mot de passe pirate", "password2": "mot de passe pirate"}
    phone.post(PAGE, attack | {"form_token": "11111111-1111-4111-8111-111111111111"})
    client.post(PAGE, volunteer_form)
    phone.post(PAGE, attack | {"form_token": "22222222-2222-4222-8222-222222222222"})
    client.post(mailbox.letters[0].link)  # the address is the owner's: whichever link is opened, the owner's words count
    assert can_sign_in("zoe@exemple.fr", PASSWORD)
    assert not can_sign_in("zoe@exemple.fr", "mot de passe pirate")
    assert Person.objects.get().first_name == "Zoé"
    assert Account.objects.count() == 1


def test_an_owner_who_opens_the_attackers_link_gives_nothing_away(client, phone, mailbox, volunteer_form):
    phone.post(PAGE, volunteer_form)  # the attacker
    client.post(mailbox.last.link)  # the owner
    assert not can_sign_in("zoe@exemple.fr", PASSWORD)
    assert "_auth_user_id" not in phone.session


@pytest.mark.parametrize("known", ["unknown", "unconfirmed", "confirmed"])
def test_the_answer_is_the_same_whatever_the_address_is(client, phone, made, volunteer_form, known):
    if known == "confirmed":
        made("zoe@exemple.fr")
    if known == "unconfirmed":
        phone.post(PAGE, volunteer_form)
    with mock.patch("renfort.people.views.sign_up.make_password", wraps=hashers.make_password) as hashed:
        answer = client.post(PAGE, volunteer_form | {"form_token": "33333333-3333-4333-8333-333333333333"})
    assert (answer.status_code, answer.url) == (302, CHECK)
    assert hashed.call_count == 1
    reference = type(client)()
    reference.post(PAGE, volunteer_form | {"email": "autre@exemple.fr", "form_token": "44444444-4444-4444-8444-444444444444"})
    assert words(client.get(CHECK)) == words(reference.get(CHECK))
    assert set(client.session.keys()) == set(reference.session.keys())


def test_a_known_address_is_told_by_mail_and_nothing_of_it_changes(client, mailbox, made, volunteer_form):
    account = made("zoe@exemple.fr", first_name="Zoé", last_name="Vraie")
    client.post(PAGE, volunteer_form | {"password1": "un autre mot de passe", "password2": "un autre mot de passe"})
    assert mailbox.keys() == ["people.known"]
    assert mailbox.last.to == "zoe@exemple.fr"
    assert mailbox.last.link.startswith("/connexion/")
    assert Person.objects.get().last_name == "Vraie"
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


def test_a_double_click_makes_one_account_and_one_mail(client, mailbox, volunteer_form):
    for _ in range(2):
        assert client.post(PAGE, volunteer_form).url == CHECK
    assert Account.objects.count() == 1
    assert mailbox.keys() == ["people.confirm"]


def test_who_goes_back_to_correct_the_address_is_heard(client, mailbox, volunteer_form):
    client.post(PAGE, volunteer_form | {"email": "zo@exemple.fr"})
    client.post(PAGE, volunteer_form)
    assert [letter.to for letter in mailbox.letters] == ["zo@exemple.fr", "zoe@exemple.fr"]
    client.post(mailbox.last.link)
    assert can_sign_in("zoe@exemple.fr", PASSWORD)


def test_an_address_gets_at_most_one_mail_in_three_minutes(client, mailbox, volunteer_form):
    for number in range(3):
        client.post(PAGE, volunteer_form | {"form_token": f"{number}5555555-5555-4555-8555-555555555555"})
    assert mailbox.keys() == ["people.confirm"]


# ── what people type ──────────────────────────────────────────────────────────────────────────────
def years_ago(years: int) -> date:
    day = today()
    return day.replace(year=day.year - years, day=min(day.day, 28))


BAD = [
    ("first_name", "a" * 10_000, "80 caractères"),
    ("first_name", "😀", "sans « 😀 »"),
    ("first_name", "Ana\u202e", "U+202E"),
    ("first_name", "Ana\x00", ""),
    ("last_name", "Gagnez sur www.exemple.fr", "ni adresse ni lien"),
    ("last_name", "12", "lettres"),
    ("last_name", "  ", ""),
    ("last_name", "-", "au moins une lettre"),
    ("email", "zoe@", "adresse e-mail complète"),
    ("email", f"{'z' * 300}@exemple.fr", ""),
    ("password1", "court", "10 caractères"),
    ("password1", "motdepasse", ""),
    ("password2", "autre chose", "diffèrent"),
    ("postcode", "330", "cinq chiffres"),
    ("postcode", "٣٣٠٠٠", "cinq chiffres"),
    ("postcode", "99999", "cinq chiffres"),
    ("birth_date", "2100-01-01", "pas encore passée"),
    ("birth_date", "1890-01-01", "trop ancienne"),
    ("birth_date", "2007-02-29", "n'existe pas"),
    ("birth_date", "hier", "n'existe pas"),
    ("birth_date", "0000-00-00", "n'existe pas"),
    ("mobile_phone", "12", "n'existe pas"),
    ("mobile_phone", "05 56 00 00 00", "ligne fixe"),
    ("mobile_phone", "+999999999999999999", "n'existe pas"),
]


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_said_in_a_sentence_and_nothing_is_lost(client, mailbox, volunteer_form, case):
    name, value, sentence = case
    answer = client.post(PAGE, volunteer_form | {name: value})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == ([name, "password2"] if name == "password1" else [name])
    assert sentence in form.errors[name][0]
    if name != "postcode":
        assert 'value="33000"' in answer.content.decode()
    assert PASSWORD not in answer.content.decode()
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    "name", ["Zoé", "Jean-Noël", "N'Guyễn", "O’Brien", "محمد", "שרה", "Łukasz", "Ян", "李", "Mª José", "می‌خواهم", "J. R."]
)
def test_names_of_everybody_are_names(mailbox, volunteer_form, name):
    form = VolunteerForm(volunteer_form | {"first_name": name})
    assert form.is_valid(), form.errors


def test_a_required_field_left_out_is_422(client, mailbox):
    answer = client.post(PAGE, {})
    assert answer.status_code == 422
    assert len(answer.context["form"].errors) == 8


def test_the_day_of_ones_18th_birthday_is_old_enough_and_the_day_before_is_not(mailbox, volunteer_form, monkeypatch):
    monkeypatch.setattr("renfort.people.services.profile.today", lambda: date(2026, 11, 22))
    assert VolunteerForm(volunteer_form | {"birth_date": "2008-11-22"}).is_valid()
    form = VolunteerForm(volunteer_form | {"birth_date": "2008-11-23"})
    assert "18 ans révolus" in form.errors["birth_date"][0]


def test_the_operator_sets_the_minimum_age(mailbox, volunteer_form, monkeypatch):
    monkeypatch.setattr("renfort.people.services.profile.today", lambda: date(2026, 11, 22))
    set_value(MINIMUM_AGE, 16, actor=SERVICE)
    assert VolunteerForm(volunteer_form | {"birth_date": "2010-11-22"}).is_valid()


def test_somebody_born_on_29_february_is_a_year_older_on_1_march():
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18
    assert age_on(date(2008, 2, 29), date(2028, 2, 29)) == 20


@pytest.mark.parametrize(
    ("number", "postcode", "stored"),
    [
        ("06 12 34 56 78", "33000", "+33612345678"),
        ("06.12.34.56.78", "33000", "+33612345678"),
        ("0692 12 34 56", "97400", "+262692123456"),
        ("0692123456", "33000", "+262692123456"),
        ("0696 12 34 56", "97200", "+596696123456"),
        ("+32 470 12 34 56", "59000", "+32470123456"),
        ("0033612345678", "33000", "+33612345678"),
    ],
)
def test_a_number_is_understood_from_where_one_lives(number, postcode, stored):
    assert in_e164(number, postcode=postcode, mobile=True) == stored


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.fixed_dictionaries(
        {
            name: st.text(max_size=120)
            for name in ("first_name", "last_name", "email", "postcode", "birth_date", "mobile_phone", "password1", "form_token")
        }
    )
)
def test_whatever_is_typed_the_answer_is_a_page(client, mailbox, volunteer_form, data):
    answer = client.post(PAGE, data)
    assert answer.status_code == 422


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=90), phone=st.text(max_size=20), born=st.dates().map(str) | st.text(max_size=12))
def test_one_strange_field_never_breaks_the_form(mailbox, volunteer_form, name, phone, born):
    VolunteerForm(volunteer_form | {"first_name": name}).is_valid()
    VolunteerForm(volunteer_form | {"mobile_phone": phone}).is_valid()
    VolunteerForm(volunteer_form | {"birth_date": born}).is_valid()


def test_sign_ups_from_one_place_are_limited_and_nothing_typed_is_lost(client, mailbox, volunteer_form, settings):
    settings.LIMITS_FACTOR = 1 / 200  # three instead of six hundred in an hour

    def answer(number):
        token = f"{number}6666666-6666-4666-8666-666666666666"
        return client.post(PAGE, volunteer_form | {"email": f"zoe{number}@exemple.fr", "form_token": token})

    answers = [answer(number) for number in range(4)]
    assert [each.status_code for each in answers] == [302] * 3 + [429]
    assert 'value="zoe3@exemple.fr"' in answers[3].content.decode()
    assert "Réessayez dans" in answers[3].content.decode()
    assert Account.objects.count() == 3
    assert client.post(PAGE, volunteer_form | {"email": "rien"}).status_code == 422, "a typing error is not counted"
    elsewhere = type(client)(REMOTE_ADDR="192.0.2.5")
    assert elsewhere.post(PAGE, volunteer_form).status_code == 302
