"""The demonstration of the programme: believable schools, complete or not, and everything holds (decision 29)."""

from __future__ import annotations

import pytest
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from tests.factories import client_of

from renfort.civic_service.enums import FigureKind
from renfort.civic_service.models import Campaign, Establishment, Federation, Post
from renfort.civic_service.selectors.figures import figure_on
from renfort.civic_service.selectors.places import places_of
from renfort.civic_service.selectors.roles import case_managers_of, federation_of
from renfort.kernel.firing import fire_due
from renfort.kernel.integrity import registered, run
from renfort.ops.demo.civic_service import CO_TUTOR, LEAD, MANAGER, NATIONAL, SCHOOLS, TUTOR, load
from renfort.people.models import Account, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def _demo(settings):
    settings.DEMO = True
    assert load() is True


def test_the_demonstration_is_loaded_once_and_holds(_demo):
    autodiscover_modules("integrity")

    assert load() is False
    assert fire_due(timezone.now()) == 0
    assert [found.check.name for found in run(registered()) if not found.holds] == []
    assert Establishment.objects.count() == len(SCHOOLS) >= 25
    assert Establishment.objects.filter(organisation__department__in=["971", "973", "974"]).count() == 3
    assert Federation.objects.filter(is_national=True).count() == 1
    assert sorted(Campaign.objects.values_list("state", flat=True)) == ["closed", "open"]
    assert not Post.objects.filter(source="directory", confirmed_at=None).exists()
    assert not Person.objects.exclude(mobile_phone__startswith="+3363998").exists()


def test_a_territory_without_a_case_manager_and_one_without_a_route_are_the_national_ones(_demo):
    national = Person.objects.get(email=f"{NATIONAL}@demo.test")

    assert str(federation_of("59").organisation.name) == "Udogec du Nord"
    for department in ("59", "31", "974"):
        assert [each.person for each in case_managers_of(department)] == [national]
    assert [each.person.email for each in case_managers_of("33")] == [f"{MANAGER}@demo.test"]


def test_an_override_and_the_amounts_of_the_law_are_there_to_be_seen(_demo):
    opened = Campaign.objects.get(state="open")
    school = Establishment.objects.get(organisation__name="Collège Montaigne-Saint-Joseph")

    assert places_of(opened, school).allowed == 2 and "Deux sites" in places_of(opened, school).why
    assert figure_on(FigureKind.HOST_MINIMUM, timezone.localdate()).cents == 11_485
    assert figure_on(FigureKind.STATE_ALLOWANCE, timezone.localdate()).cents == 50_498


@pytest.mark.parametrize(
    ("name", "words"),
    [(LEAD, "Lycée Sainte-Foy"), (TUTOR, "Lycée Sainte-Foy"), (CO_TUTOR, "Lycée Sainte-Foy"), (MANAGER, "Gestion"),
     (NATIONAL, "Gestion")],
)  # fmt: skip
def test_the_named_accounts_open_their_pages(_demo, name, words):
    answer = client_of(Account.objects.get(email=f"{name}@demo.test").person).get("/espace/", follow=True)

    assert answer.status_code == 200 and words in answer.content.decode()
