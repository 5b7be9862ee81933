"""What the shipped geography holds."""

import statistics
from collections import defaultdict
from zoneinfo import available_timezones

import pytest

from renfort.territories.enums import DepartmentKind
from renfort.territories.models import Commune, Department, FormerName, Postcode, Region
from renfort.territories.services import load_territories

pytestmark = pytest.mark.django_db


def test_the_counts_are_those_of_the_country():
    assert Region.objects.count() == 18
    assert Department.objects.filter(kind=DepartmentKind.DEPARTMENT).count() == 101
    assert Department.objects.filter(kind=DepartmentKind.COLLECTIVITY).count() == 6
    assert Commune.objects.filter(parent=None, department__kind=DepartmentKind.DEPARTMENT).count() == 34_875
    assert Commune.objects.filter(parent=None, department__kind=DepartmentKind.COLLECTIVITY).count() == 88
    assert 6_250 < Postcode.objects.values("code").distinct().count() < 6_400


@pytest.mark.parametrize(("city", "count"), [("75056", 20), ("69123", 9), ("13055", 16)])
def test_paris_lyon_and_marseille_have_their_districts(city, count):
    districts = Commune.objects.filter(parent=city)
    assert districts.count() == count
    assert not districts.filter(postcodes=None).exists()
    assert sum(districts.values_list("population", flat=True)) == Commune.objects.get(pk=city).population


def test_the_country_has_its_population():
    total = sum(Commune.objects.filter(parent=None).values_list("population", flat=True))
    assert 66_500_000 < total < 69_500_000
    mayotte = Commune.objects.filter(department="976").values_list("population", flat=True)
    assert sum(mayotte) > 250_000


@pytest.mark.parametrize(
    ("department", "region"),
    [
        ("51", "Grand Est"),  # the first platform had Marne elsewhere
        ("33", "Nouvelle-Aquitaine"),
        ("75", "Île-de-France"),
        ("2A", "Corse"),
        ("2B", "Corse"),
        ("44", "Pays de la Loire"),
        ("971", "Guadeloupe"),
        ("972", "Martinique"),
        ("973", "Guyane"),
        ("974", "La Réunion"),
        ("976", "Mayotte"),
    ],
)
def test_each_department_is_in_its_region(department, region):
    assert Department.objects.get(pk=department).region.name == region


@pytest.mark.parametrize("code", ["975", "977", "978", "986", "987", "988"])
def test_overseas_collectivities_are_in_no_region_and_have_communes(code):
    collectivity = Department.objects.get(pk=code)
    assert collectivity.region is None
    assert collectivity.communes.exists()
    assert collectivity.zone != "Europe/Paris"


def test_every_department_has_a_zone_that_exists():
    assert set(Department.objects.values_list("zone", flat=True)) <= available_timezones()


def test_every_commune_has_a_postcode():
    assert not Commune.objects.filter(postcodes=None).exists()


def test_every_commune_lies_near_the_middle_of_its_department():
    by_department = defaultdict(list)
    for code, department, latitude, longitude in Commune.objects.values_list("code", "department_id", "latitude", "longitude"):
        by_department[department].append((code, latitude, longitude))
    far = []
    for department, communes in by_department.items():
        # Guyane and the archipelagos are as wide as they are
        reach = {"973": 4.0, "986": 2.5, "987": 20.0, "988": 4.0}.get(department, 1.5)
        middle = (statistics.median(c[1] for c in communes), statistics.median(c[2] for c in communes))
        far += [c for c in communes if abs(c[1] - middle[0]) > reach or abs(c[2] - middle[1]) > reach]
    assert far == []


def test_names_sort_without_accents_and_hyphens():
    assert Commune.objects.get(pk="42218").sort_name == "saint etienne"
    assert Commune.objects.get(pk="94038").sort_name == "l hay les roses"


def test_a_merged_commune_keeps_its_name_for_those_who_use_it():
    assert FormerName.objects.get(name="Annecy-le-Vieux").commune.name == "Annecy"


def test_loading_again_changes_nothing_and_says_so():
    again = load_territories()
    assert again.unchanged
    assert (again.regions, again.departments, again.communes, again.districts) == (18, 107, 34_963, 45)


def test_loading_repairs_what_was_changed_by_hand():
    Commune.objects.filter(pk="33063").update(name="Burdigala", population=1)
    Postcode.objects.filter(commune="33063").delete()
    Postcode.objects.create(code="99999", commune_id="33063")
    repaired = load_territories()
    assert not repaired.unchanged
    assert (repaired.written, repaired.deleted) == (6, 1)
    assert Commune.objects.get(pk="33063").name == "Bordeaux"


def test_a_commune_that_has_merged_since_stays_for_the_missions_that_name_it():
    Commune.objects.create(code="33999", name="Ancienne", department_id="33", population=1, latitude=44.8, longitude=-0.5)
    load_territories()
    assert Commune.objects.filter(pk="33999").exists()
