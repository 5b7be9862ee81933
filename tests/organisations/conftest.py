"""The same mailbox and people as the tests of accounts, and a little geography."""

from __future__ import annotations

import pytest
from tests.people.conftest import made, mailbox, manager_form, phone, volunteer_form  # noqa: F401 -- fixtures

from renfort.territories.models import Commune, Department, Postcode, Region

PLACES = [
    # code, name, department, postcodes, population
    ("33063", "Bordeaux", "33", ["33000", "33800"], 260_000),
    ("33281", "Mérignac", "33", ["33700"], 74_000),
    ("93066", "Saint-Denis", "93", ["93200", "93210"], 113_000),
    ("97411", "Saint-Denis", "974", ["97400", "97417"], 153_000),
    ("01033", "Valserhône", "01", ["01200"], 16_000),
    ("01110", "Confort", "01", ["01200"], 600),
]
DEPARTMENTS = {"33": "Gironde", "93": "Seine-Saint-Denis", "974": "La Réunion", "01": "Ain"}


@pytest.fixture
def places(db) -> None:
    if Commune.objects.exists():
        return
    region, _ = Region.objects.get_or_create(code="75", defaults={"name": "Nouvelle-Aquitaine"})
    for code, name in DEPARTMENTS.items():
        Department.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "region": region,
                "kind": "department",
                "zone": "Europe/Paris",
                "latitude": 0,
                "longitude": 0,
            },
        )
    for code, name, department, postcodes, population in PLACES:
        commune = Commune.objects.create(
            code=code, name=name, department_id=department, population=population, latitude=44.8, longitude=-0.5
        )
        Postcode.objects.bulk_create(Postcode(code=each, commune=commune) for each in postcodes)
