"""The demonstration of the programme: believable orders in every state, and everything holds (decision 29)."""

from __future__ import annotations

import pytest
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from tests.factories import client_of

from renfort.kernel.firing import fire_due
from renfort.kernel.integrity import registered, run
from renfort.ops.demo.workshops import load
from renfort.people.models import Account
from renfort.workshops.models import Assignment, Fee, Round, Session

pytestmark = pytest.mark.django_db


def test_the_demonstration_holds_and_its_accounts_open_their_pages(settings):
    settings.DEMO = True
    autodiscover_modules("integrity")

    assert load() is True
    assert load() is False  # a second time changes nothing

    assert sorted(Assignment.objects.values_list("state", flat=True)) == ["awarded"] * 4 + ["closed", "draft", "offered"]
    assert set(Session.objects.values_list("state", flat=True)) == {"planned", "held"}
    assert fire_due(timezone.now()) == 0
    assert [found.check.name for found in run(registered()) if not found.holds] == []
    assert sorted(Round.objects.values_list("state", flat=True)) == ["approved", "submitted"]
    fees = sorted(Fee.objects.filter(kind="session").values_list("state", flat=True))
    assert fees == ["approved", "approved", "paid", "requested", "requested"]
    running = Assignment.objects.get(order__title="Semaine du climat").pk
    for name, page, words in (
        ("association", "/ateliers/association/", "Semaine du climat"),
        ("association", "/ateliers/association/retributions/", "Journée des secondes"),
        ("association", "/ateliers/association/argent/virements/", "VIR-"),
        ("coordination", f"/ateliers/missions/{running}/retributions/", "150,00"),
        ("animation", "/ateliers/animation/retributions/", "150,00"),
        ("coordination", f"/ateliers/missions/{running}/", "Commandé, planifié, fait"),
        ("animation", "/ateliers/animation/", "Lycée Jean-Zay des Rives"),
    ):
        answer = client_of(Account.objects.get(email=f"{name}@demo.test").person).get(page)
        assert answer.status_code == 200
        assert words in answer.content.decode()
