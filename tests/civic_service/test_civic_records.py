"""The six compulsory facts of an establishment: what is missing or wrong, who corrects it where (S2, A.6, A.7)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from tests.factories import client_of
from tests.factories.civic_service import (
    SIRET,
    acting,
    case_manager,
    establishment,
    federation,
    lead,
    service_tutor,
)

from renfort.audit.models import Entry
from renfort.civic_service.models import Establishment
from renfort.civic_service.selectors.identifiers import is_phone, is_uai, school_year_of
from renfort.civic_service.selectors.records import earliest_school_year, incomplete, is_complete, missing_facts, school_year
from renfort.civic_service.services.records import correct_record
from renfort.kernel.firing import NotAllowed, Refused, Stale
from renfort.organisations.enums import Role
from renfort.organisations.rules import is_siret

LA_POSTE = "35600000000001"  # its digits add up to fifteen; Luhn's check fails on it


def address(where, page="fiche/"):
    return f"/service-civique/etablissements/{where.pk}/{page}"


def fields(where):
    return [each.field for each in missing_facts(where)]


@pytest.mark.parametrize(
    ("code", "exact"),
    [
        ("0951099D", True), ("0942434K", True), ("0022004T", True), ("6200001G", True),
        ("0951099E", False), ("0750001X", False), ("0951099d", False), ("951099D", False), ("0951099", False), ("", False),
        ("٠951099D", False),
    ],
)  # fmt: skip
def test_a_uai_is_seven_digits_and_the_letter_that_checks_them(code, exact):
    """A.7: the letter is that of the alphabet without I, O, Q at the number modulo 23."""
    assert is_uai(code) is exact


@pytest.mark.parametrize(
    ("number", "exact"), [(SIRET, True), ("73282932000075", False), (LA_POSTE, True), ("35600000000012", False)]
)
def test_a_siret_of_la_poste_has_a_rule_of_its_own(number, exact):
    """A.7, C.16 scenario 10."""
    assert is_siret(number) is exact


@pytest.mark.parametrize(
    ("number", "real"), [("+33556000000", True), ("+262262000000", True), ("+3355600", False), ("0556", False)]
)
def test_a_phone_is_one_that_somebody_may_have(number, real):
    assert is_phone(number) is real


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 7, 31), 2025), (date(2026, 8, 1), 2026), (date(2026, 12, 31), 2026), (date(2027, 1, 1), 2026)]
)
def test_the_school_year_turns_on_the_day_that_the_operator_set(day, year):
    assert school_year_of(day, month=8, first=1) == year


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "empty", "named"),
    [
        ("managing_body", "", "managing_body"), ("siret", "", "siret"), ("phone", "", "phone"), ("uai", "", "uai"),
        ("enrolment", None, "enrolment"), ("enrolment_year", 2020, "enrolment"),
        ("organisation__address", "", "address"), ("organisation__postcode", "", "address"),
        ("organisation__city", "", "address"),
    ],
)  # fmt: skip
def test_each_missing_fact_is_named_and_found_by_the_list(column, empty, named):
    """S2, C.16 scenario 1: the missing field is named; the case managers' filter asks the database the same."""
    where, other = establishment(), establishment()
    holder = where.organisation if column.startswith("organisation__") else where
    setattr(holder, column.removeprefix("organisation__"), empty)
    holder.save()

    assert fields(where) == [named] and fields(other) == []
    assert [each.pk for each in Establishment.objects.filter(incomplete(earliest_school_year()))] == [where.pk]


@pytest.mark.django_db
def test_a_complete_record_lacks_nothing():
    assert is_complete(establishment())


@pytest.mark.django_db
def test_the_new_school_year_begins_on_the_establishments_own_clocks():
    """1 August has begun in La Réunion while it is still July in Paris."""
    eve = datetime(2026, 7, 31, 21, 0, tzinfo=UTC)

    assert school_year(establishment(department="974"), now=eve) == 2026
    assert school_year(establishment(department="33"), now=eve) == 2025


@pytest.mark.django_db
@pytest.mark.parametrize(("column", "wrong"), [("uai", "0951099E"), ("siret", "73282932000075"), ("siret", "7328293200007")])
def test_the_database_refuses_a_number_that_is_not_exact(column, wrong):
    where = establishment()

    with pytest.raises(IntegrityError), transaction.atomic():
        Establishment.objects.filter(pk=where.pk).update(**{column: wrong})
    Establishment.objects.filter(pk=where.pk).update(siret=LA_POSTE, uai="0951099D")


@pytest.mark.django_db
def test_a_directory_fact_is_corrected_there_and_a_local_one_here():
    """S1: directory fields are read-only here."""
    where = establishment(uai="", siret="", fed=["uai"])
    uai, siret = sorted(missing_facts(where), key=lambda each: each.field, reverse=True)

    assert (uai.is_fed, siret.is_fed) == (True, False)
    assert siret.url == address(where, "fiche/modifier/") and uai.url != siret.url


# ── correcting ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_who_may_correct_is_the_lead_the_territorys_case_manager_and_the_national_one():
    """C.14, « Edit establishment record »."""
    where = establishment(uai="")
    gironde, paris = federation("33"), federation("75", name="Udogec de Paris")
    for someone, role in (
        (lead(where), Role.ESTABLISHMENT_LEAD), (case_manager(gironde), Role.CASE_MANAGER), (case_manager(), Role.CASE_MANAGER),
    ):  # fmt: skip
        correct_record(actor=acting(someone, role), establishment=where, facts={"managing_body": f"OGEC {someone.pk}"})
    for someone, role in ((service_tutor(where), Role.SERVICE_TUTOR), (case_manager(paris), Role.CASE_MANAGER)):
        with pytest.raises(NotAllowed):
            correct_record(actor=acting(someone, role), establishment=where, facts={"managing_body": "X"})

    assert Entry.objects.filter(verb="civic_service.establishment.correct").count() == 3


@pytest.mark.django_db
def test_a_fact_of_the_directory_is_not_written_here_whatever_is_sent():
    where = establishment(fed=["siret", "postcode"])
    boss = acting(lead(where), Role.ESTABLISHMENT_LEAD)

    for facts in ({"siret": ""}, {"address": "1 rue X", "postcode": "33000", "city": "Bordeaux"}):
        with pytest.raises(Refused, match="annuaire"):
            correct_record(actor=boss, establishment=where, facts=facts)
    client_of(lead(where)).post(address(where, "fiche/modifier/"), {"siret": "", "phone": "05 56 00 00 01"})
    where.refresh_from_db()
    assert (where.siret, where.phone) == (SIRET, "+33556000001")


@pytest.mark.django_db
def test_an_enrolment_that_is_said_is_that_of_this_school_year():
    where = establishment(enrolment_year=2020)

    correct_record(actor=acting(lead(where), Role.ESTABLISHMENT_LEAD), establishment=where, facts={"enrolment": 299})

    where.refresh_from_db()
    assert (where.enrolment, where.enrolment_year) == (299, school_year(where)) and is_complete(where)


@pytest.mark.django_db
def test_two_who_correct_at_once_do_not_overwrite_each_other():
    where = establishment()
    boss = acting(lead(where), Role.ESTABLISHMENT_LEAD)
    correct_record(actor=boss, establishment=where, facts={"phone": "+33556000009"}, seen=where.version)

    with pytest.raises(Stale):
        correct_record(actor=boss, establishment=where, facts={"phone": "+33556000008"}, seen=where.version)


@pytest.mark.django_db
def test_a_code_of_another_establishment_is_refused_with_a_sentence():
    taken, where = establishment(), establishment()
    page = client_of(lead(where)).post(address(where, "fiche/modifier/"), {"uai": taken.uai})

    assert page.status_code == 409 and "Un autre établissement a déjà ce code" in page.content.decode()


@pytest.mark.django_db
def test_a_wrong_letter_is_refused_with_the_right_one():
    where = establishment(uai="")
    page = client_of(lead(where)).post(address(where, "fiche/modifier/"), {"uai": "0951099E", "siret": "123"})

    assert page.status_code == 422
    said = page.content.decode()
    assert "la lettre serait D" in said and "0951099E" in said and "Ce SIRET" in said
    assert Establishment.objects.get(pk=where.pk).uai == ""


@pytest.mark.django_db
def test_the_page_names_what_is_missing_where_and_by_whom():
    where = establishment(uai="", enrolment=None, enrolment_year=None, fed=["uai"])
    said = client_of(lead(where)).get(address(where)).content.decode()

    assert "4 informations sur 6" in said
    assert "Le code RNE (UAI) manque." in said and "par le chef d&#x27;établissement ou la fédération" in said
    assert "de la rentrée" in said and "Corriger la fiche" in said
    assert "Corriger la fiche" not in client_of(service_tutor(where)).get(address(where)).content.decode()


@pytest.mark.django_db
def test_completing_the_record_says_so(django_assert_max_num_queries):
    where = establishment(uai="")
    browser = client_of(lead(where))
    page = browser.post(address(where, "fiche/modifier/"), {"uai": "095 1099 d", "seen": where.version}, follow=True)

    assert "La fiche est complète" in page.content.decode()
    assert Establishment.objects.filter(pk=where.pk, uai="0951099D", version=F("version")).exists()
    with django_assert_max_num_queries(12):
        browser.get(address(where))
