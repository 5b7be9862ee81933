"""Where people come to the directory's pages from (S1, S2)."""

from __future__ import annotations

import pytest
from tests.factories import client_of
from tests.factories.civic_service import case_manager, establishment, federation, lead

pytestmark = pytest.mark.django_db
AGAIN = "Relire maintenant"


def read(browser, url):
    return browser.get(url).content.decode()


def test_national_case_managers_come_to_the_directory_from_their_establishments():
    federation("33")
    assert 'href="/service-civique/annuaire/"' in read(client_of(case_manager()), "/service-civique/gestion/etablissements/")


@pytest.mark.parametrize("is_on", [True, False])
def test_a_record_is_read_again_where_the_directory_answers_by_who_manages_all(is_on, settings):
    settings.CIVIC_DIRECTORY_URL = "http://127.0.0.1:9/" if is_on else ""
    fed, own = establishment(directory_key="e1"), establishment(name="Collège Sainte-Anne")
    national, boss = client_of(case_manager()), client_of(lead(fed))

    assert (AGAIN in read(national, f"/service-civique/etablissements/{fed.pk}/fiche/")) is is_on
    assert AGAIN not in read(national, f"/service-civique/etablissements/{own.pk}/fiche/"), "the directory does not know it"
    assert AGAIN not in read(boss, f"/service-civique/etablissements/{fed.pk}/fiche/")
