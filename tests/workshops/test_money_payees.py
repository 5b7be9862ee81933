"""« Coordonnées de paiement »: what is accepted, who reads it, what a change touches and does not (W11)."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.factories import client_of
from tests.factories.money import IBAN, OTHER_IBAN, SIRET, approved, billing, payee
from tests.factories.workshops import acting, facilitator, staff

from renfort.audit.models import Entry
from renfort.kernel.firing import Refused, Stale
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Role
from renfort.workshops.models import Mandate, Payee
from renfort.workshops.rules.money import has_rib_key, tax_of, why_not_bic, why_not_iban
from renfort.workshops.selectors.payees import payee_of
from renfort.workshops.services.bills import write_bill
from renfort.workshops.services.payees import PayeeFacts, accept_mandate, end_mandate, save_details
from renfort.workshops.services.transfers import prepare

FACTS = {
    "holder": "Awa Diallo", "iban": IBAN, "bic": "AGRIFRPP", "company": "Awa Diallo EI", "siret": SIRET, "vat_number": "",
    "vat_regime": "exempt", "address": "3 rue des Lilas", "postcode": "33000", "city": "Bordeaux", "country": "FR",
}  # fmt: skip


def facts(**said):
    return PayeeFacts(**{**FACTS, **said})


@pytest.mark.parametrize(
    ("iban", "said"),
    [
        (IBAN, ""),
        (OTHER_IBAN, ""),  # with a letter in the account
        ("DE89370400440532013000", ""),
        ("BE68539007547034", ""),
        ("FR7630006000011234567890188", "clé de contrôle"),
        ("DE88370400440532013000", "clé de contrôle"),
        ("FR0630006000011234567890188", "clé du RIB"),  # its own key is right, the bank's is not
        ("FR76", "bonne forme"),
        ("12345678", "bonne forme"),
        ("BR1800360305000010009795493C1", "hors de la zone SEPA"),
    ],
)
def test_an_account_number_is_checked(iban, said):
    assert said in why_not_iban(iban) and bool(said) == bool(why_not_iban(iban))


def test_the_key_of_a_rib_is_the_banks_own():
    assert has_rib_key("30006000011234567890189")
    assert has_rib_key("20041010050500013M02606")
    assert not has_rib_key("30006000011234567890188")


@pytest.mark.parametrize(
    ("bic", "iban", "is_right"),
    [("", IBAN, True), ("AGRIFRPP", IBAN, True), ("AGRIFRPP882", IBAN, True), ("AGRI", IBAN, False), ("DEUTDEFF", IBAN, False)],
)
def test_a_banks_code_is_of_the_accounts_country(bic, iban, is_right):
    assert (why_not_bic(bic, iban) == "") is is_right


@pytest.mark.parametrize(
    ("cents", "regime", "rate", "vat"),
    [
        (10_000, "standard", 200, 2_000),
        (3, "standard", 200, 1),
        (2, "standard", 200, 0),
        (10_000, "exempt", 200, 0),
        (999, "standard", 55, 55),
    ],
)
def test_tax_is_rounded_to_the_cent(cents, regime, rate, vat):
    assert tax_of(cents, regime, rate).vat == vat
    assert tax_of(cents, regime, rate).total == cents + vat


@pytest.mark.django_db
def test_details_are_the_actors_own_and_said_back():
    someone = facilitator()

    save_details(actor=acting(someone, Role.FACILITATOR), facts=facts())

    kept = Payee.objects.get()
    assert (kept.pk, kept.iban, kept.masked) == (someone.pk, IBAN, "FR76 •••• 0189")
    mail = Outgoing.objects.get()
    assert mail.address == someone.person.account.email
    assert "0189" in mail.text and IBAN not in mail.text


@pytest.mark.django_db
def test_the_history_keeps_no_account_number():
    someone = payee(mandate=False)

    save_details(actor=acting(someone, Role.FACILITATOR), facts=facts(iban=OTHER_IBAN), seen=1)

    entry = Entry.objects.get(verb="workshops.payee.change")
    assert entry.changes["iban"] == ["FR76 •••• 0189", "FR14 •••• 2606"]
    assert OTHER_IBAN not in str(entry.changes) + str(entry.codes)


@pytest.mark.django_db
def test_details_changed_in_another_tab_are_not_overwritten():
    someone = payee(mandate=False)
    with pytest.raises(Stale):
        save_details(actor=acting(someone, Role.FACILITATOR), facts=facts(), seen=0)
    assert Payee.objects.get().city == "Bordeaux"


@pytest.mark.django_db
def test_only_the_person_and_the_association_read_them():
    someone, other = payee(), facilitator()

    assert payee_of(acting(someone, Role.FACILITATOR), someone.pk)
    assert payee_of(acting(staff(), Role.ASSOCIATION_STAFF), someone.pk)
    assert payee_of(acting(other, Role.FACILITATOR), someone.pk) is None


@pytest.mark.django_db
def test_a_change_does_not_touch_a_transfer_in_preparation_and_the_page_says_so():
    billing()
    someone = payee()
    approved(someone)
    chief = acting(staff(), Role.ASSOCIATION_STAFF)
    write_bill(actor=chief, facilitator_id=someone.pk)
    made = prepare(actor=chief, bills=[someone.bills.get().pk], execution_on=timezone.localdate())

    save_details(actor=acting(someone, Role.FACILITATOR), facts=facts(iban=OTHER_IBAN, bic=""), seen=1)

    assert made.payments.get().iban == IBAN
    assert IBAN in made.file.read().decode()
    page = client_of(someone.person).get("/ateliers/animation/paiement/").content.decode()
    assert "en préparation vers le compte FR76 •••• 0189" in page
    assert OTHER_IBAN not in page and "FR14 •••• 2606" in page


@pytest.mark.django_db
def test_a_mandate_is_kept_as_it_was_accepted_and_ends_with_the_company():
    billing()
    someone = payee(mandate=False)
    actor = acting(someone, Role.FACILITATOR)

    first = accept_mandate(actor=actor)
    assert accept_mandate(actor=actor) == first
    assert "Les Fresques" in first.text and "289" in first.text
    save_details(actor=actor, facts=facts(siret="44306184100047"), seen=1)

    assert Mandate.objects.get().ended_at is not None
    assert accept_mandate(actor=actor).number == f"M{someone.pk}-2"
    assert end_mandate(actor=actor) and not end_mandate(actor=actor)


@pytest.mark.django_db
def test_no_mandate_without_a_company_in_france():
    abroad = payee(country="BE", siret="", vat_regime="reverse", mandate=False)
    with pytest.raises(Refused, match="Hors de France"):
        accept_mandate(actor=acting(abroad, Role.FACILITATOR))
    with pytest.raises(Refused, match="Enregistrez d'abord"):
        accept_mandate(actor=acting(facilitator(), Role.FACILITATOR))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"iban": "FR7630006000011234567890188"}, "sa clé de contrôle ne correspond pas"),
        ({"siret": ""}, "Indiquez le SIRET de votre entreprise"),
        ({"vat_regime": "standard"}, "Indiquez votre numéro de TVA"),
        ({"vat_regime": "standard", "vat_number": "FR00552081317"}, "Ce numéro de TVA n&#x27;est pas exact"),
        ({"vat_regime": "reverse"}, "réservé aux entreprises établies hors de France"),
        ({"country": "BE"}, "la TVA est due par le client"),
        ({"iban": ""}, "Ce champ est obligatoire"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_keeps_the_others(wrong, said):
    browser = client_of(facilitator().person)

    answer = browser.post("/ateliers/animation/paiement/", {**FACTS, **wrong, "seen": "0"})

    assert answer.status_code == 422
    assert said in answer.content.decode() and "3 rue des Lilas" in answer.content.decode()
    assert not Payee.objects.exists()


@pytest.mark.django_db
def test_an_empty_account_number_keeps_the_one_on_record():
    someone = payee(mandate=False)
    answer = client_of(someone.person).post("/ateliers/animation/paiement/", {**FACTS, "iban": "", "city": "Pessac", "seen": "1"})
    assert answer.status_code == 302
    assert Payee.objects.values_list("iban", "city").get() == (IBAN, "Pessac")
