"""Amounts of the law with their days, and the pages of the national case managers (facts A.3; S3, S5)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from tests.factories import client_of
from tests.factories.civic_service import acting, campaign, case_manager, establishment, federation, lead, project

from renfort.civic_service.enums import FigureKind
from renfort.civic_service.models import LegalFigure
from renfort.civic_service.selectors.figures import figure_on, figures_visible
from renfort.civic_service.services.figures import FigureFacts, add_figure
from renfort.kernel.firing import NotAllowed, Refused
from renfort.organisations.enums import Role

pytestmark = pytest.mark.django_db
STATE, HOST = FigureKind.STATE_ALLOWANCE, FigureKind.HOST_MINIMUM


def facts(first_on, cents, kind=STATE):
    return FigureFacts(kind=kind, cents=cents, first_on=first_on, source="Agence du Service Civique")


@pytest.fixture
def chief():
    return acting(case_manager(), Role.CASE_MANAGER)


def test_an_amount_holds_until_the_day_before_the_next_one_whatever_the_order_they_are_noted_in(chief):
    for first_on, cents in ((date(2023, 1, 1), 49_693), (date(2024, 1, 1), 50_498), (date(2022, 7, 1), 48_959)):
        add_figure(actor=chief, facts=facts(first_on, cents))

    for day, cents in (
        (date(2022, 7, 1), 48_959), (date(2022, 12, 31), 48_959), (date(2023, 12, 31), 49_693), (date(2024, 1, 1), 50_498),
        (date(2030, 1, 1), 50_498),
    ):  # fmt: skip
        assert figure_on(STATE, day).cents == cents
    assert figure_on(STATE, date(2022, 6, 30)) is None and figure_on(HOST, date(2024, 1, 1)) is None


def test_two_amounts_of_one_kind_never_begin_nor_hold_on_one_day(chief):
    made = add_figure(actor=chief, facts=facts(date(2024, 1, 1), 50_498))
    add_figure(actor=chief, facts=facts(date(2024, 1, 1), 11_485, HOST))

    with pytest.raises(Refused, match="déjà ce jour-là"):
        add_figure(actor=chief, facts=facts(date(2024, 1, 1), 1))
    with pytest.raises(IntegrityError, match="civic_service_legalfigure_one_a_day"), transaction.atomic():
        LegalFigure.objects.create(kind=STATE, cents=1, first_on=date(2025, 1, 1), source="Ailleurs")
    assert made.covers(date(2025, 1, 1))


@pytest.mark.parametrize("change", [{"cents": 1}, {"first_on": date(2020, 1, 1)}, {"kind": "top_up"}, {"source": "Autre"}])
def test_an_amount_never_changes(chief, change):
    made = add_figure(actor=chief, facts=facts(date(2024, 1, 1), 50_498))

    with pytest.raises(IntegrityError, match="another one follows it"), transaction.atomic():
        LegalFigure.objects.filter(pk=made.pk).update(**change)


def test_only_the_national_case_managers_note_amounts_and_case_managers_read_them(chief):
    add_figure(actor=chief, facts=facts(date(2024, 1, 1), 50_498))
    someone = acting(case_manager(federation("33")), Role.CASE_MANAGER)

    with pytest.raises(NotAllowed):
        add_figure(actor=someone, facts=facts(date(2025, 1, 1), 1))
    assert figures_visible(someone).count() == 1
    assert not figures_visible(acting(lead(establishment()), Role.ESTABLISHMENT_LEAD))


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────
def test_a_figure_sent_twice_is_noted_once():
    browser = client_of(case_manager())
    here = "/service-civique/montants/"
    token = str(browser.get(here).context["form"]["form_token"].value())
    said = {"form_token": token, "kind": "top_up", "amount": "114.95", "first_on": "2024-01-01", "source": "Agence"}

    assert [browser.post(here, said).status_code for _ in range(2)] == [302, 302]
    assert LegalFigure.objects.get().cents == 11_495
    assert browser.post(here, {**said, "form_token": "", "first_on": "0001-01-01"}).status_code == 422
    assert browser.post(here, {**said, "form_token": ""}).status_code == 409


def test_the_places_of_many_establishments_cost_as_many_queries_as_those_of_one(django_assert_max_num_queries):
    opened, gironde = campaign(), federation("33")
    browser = client_of(case_manager(gironde))
    here = f"/service-civique/gestion/{gironde.pk}/campagnes/{opened.pk}/places/"
    project(establishment(name="Lycée Premier"), "submitted", campaign=opened)
    browser.get(here)
    with django_assert_max_num_queries(60) as few:
        page = browser.get(here).content.decode()
    assert "Lycée Premier" in page and "1 / 2" in page
    for number in range(19):
        establishment(name=f"Collège {number}")
    with django_assert_max_num_queries(len(few)):
        assert "Collège 7" in browser.get(here).content.decode()
    assert "Collège 7" not in browser.get(f"{here}?q=premier bordeaux").content.decode()


def test_a_territorial_case_manager_reads_a_campaign_and_changes_none():
    opened, gironde = campaign(launch_note="Bonne rentrée à tous"), federation("33")
    browser = client_of(case_manager(gironde))
    page = browser.get(f"/service-civique/gestion/{gironde.pk}/campagnes/{opened.pk}/").content.decode()

    assert "Bonne rentrée à tous" in page and "Clore la campagne" not in page and "Modifier" not in page
    assert browser.get(f"/service-civique/gestion/{gironde.pk}/campagnes/{campaign('draft').pk}/").status_code == 404


def test_an_establishment_reads_the_launch_note_and_how_many_volunteers_it_may_host():
    where, opened = establishment(enrolment=299), campaign(launch_note="Vérifiez votre fiche")
    page = client_of(lead(where)).get(f"/service-civique/etablissements/{where.pk}/campagnes/{opened.pk}/").content.decode()

    assert "Vérifiez votre fiche" in page and "299" in page
