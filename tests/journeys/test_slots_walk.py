"""A collection on three days: the organisation says when, volunteers choose, some slots are given, one given back (R61, R66)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.factories import volunteer as somebody
from tests.harness.browser import DESKTOP, PHONE_NO_SCRIPT, Visitor
from tests.journeys.steps import PASSWORD, describe_mission, found_organisation, propose_mission, sign_in

from renfort.missions.models import Mission, Slot

pytestmark = pytest.mark.browser
DO_IT = 'main form:has([name="seen"]) button[type="submit"]'
ADD, SERIES = 'button[name="slots_do"][value="add"]', 'button[name="slots_do"][value="series"]'


def helper(site, arrive, means, name: str) -> tuple[Visitor, str]:
    """Somebody who has an account already."""
    someone = somebody(first_name=name, last_name="Diallo")
    someone.account.set_password(PASSWORD)
    someone.account.save()
    visitor = arrive(site.url, means, name.lower())
    sign_in(visitor, someone.email, to="/espace/")
    return visitor, someone.email


@pytest.mark.parametrize("means", [DESKTOP, PHONE_NO_SCRIPT], ids=lambda means: means.name)
def test_slots_from_the_form_to_the_evening_before(site, arrive, means):
    host = arrive(site.url, means, "structure")
    chief = f"chef.{means.name}@example.org"
    found_organisation(host, site, name=f"Banque alimentaire {means.name}", email=chief)
    describe_mission(host, title="Collecte en magasin", places=1)
    start = timezone.localdate() + timedelta(days=7)

    # a series of three days, then an evening by hand
    open_fold(host, "Ajouter une série")
    host.choose("series-rhythm", "daily")
    host.fill(**{"series-first": start.isoformat(), "series-last": (start + timedelta(days=2)).isoformat()})
    host.fill(**{"series-starts": "09:00", "series-ends": "12:00", "series-places": "2"})
    host.look("creneaux-serie")
    host.submit(SERIES)
    assert host.page.locator('[name="slots-TOTAL_FORMS"]').input_value() == "3"
    assert host.page.locator('[name="title"]').input_value() == "Collecte en magasin", "nothing typed is lost"
    host.submit(ADD)
    host.fill(**{"slots-3-day": start.isoformat(), "slots-3-starts": "11:00", "slots-3-ends": "20:00", "slots-3-places": "1"})
    host.fill(prerequisite_1="permis B")
    host.look("creneaux-formulaire")
    own_page = propose_mission(host)
    host.says_in_french("Créneaux", "permis B")
    host.look("creneaux-mission")
    mission = Mission.objects.get(pk=int(own_page.rstrip("/").rpartition("/")[2]))
    first, evening, second, third = Slot.objects.filter(mission=mission).order_by("starts_at")
    assert mission.places == 7

    awa, awas_address = helper(site, arrive, means, "Awa")
    public = mission.get_absolute_url()
    awa.open(public)
    awa.says("7 places restantes")
    awa.look("creneaux-page-publique")
    awa.tick("agrees")
    awa.tick("prerequisite_0")
    awa.submit("#proposer form button")
    awa.says("Choisissez au moins un créneau.")
    awa.tick("slots", str(first.pk))
    awa.tick("slots", str(evening.pk))
    awa.submit("#proposer form button")
    awa.says("se chevauchent")
    awa.look("creneaux-se-chevauchent")
    awa.page.locator(f'[name="slots"][value="{evening.pk}"]').uncheck()
    awa.tick("slots", str(second.pk))
    awa.press("#proposer form button", to=r"/espace/benevole/\d+/merci/$")

    # accepted in one click
    host.open(site.letter(chief).link)
    host.says("Demandé", "permis B")
    host.look("creneaux-proposition")
    host.press('a[href$="/accepter/"]', to="/accepter/$")
    host.look("creneaux-accepter")
    host.press(DO_IT, to=r"/participations/\d+/$")
    assert "Créneau" in site.letter(awas_address).text

    # one is given back, the other kept
    awa.open(site.letter(awas_address).link)
    awa.look("creneaux-ma-participation")
    awa.press('a[href$="/renoncer-a-un-creneau/"]', to="/renoncer-a-un-creneau/$")
    awa.tick("slots", str(second.pk))
    awa.choose("reason", "not_available")
    awa.look("creneaux-renoncer")
    awa.press(DO_IT, to=r"/espace/benevole/\d+/$")
    awa.says("Mission validée")

    # the first morning has one seat left: two ask for it and another day, one is given it, the other learns why not
    zoe, _zoes = helper(site, arrive, means, "Zoe")
    lou, lous_address = helper(site, arrive, means, "Lou")
    for one in (zoe, lou):
        one.open(public)
        one.tick("agrees")
        one.tick("prerequisite_0")
        one.tick("slots", str(first.pk))
        one.tick("slots", str(third.pk))
        one.press("#proposer form button", to=r"/espace/benevole/\d+/merci/$")
    for number, each in enumerate(mission.participations.filter(state="pending").order_by("pk")):
        host.open(f"{own_page.partition('/missions/')[0]}/participations/{each.pk}/")
        host.press('a[href$="/accepter/"]', to="/accepter/$")
        if number:
            host.says("Complet : toutes les places de ce créneau sont prises.")
            host.look("creneaux-accepter-un-complet")
        host.press(DO_IT, to=r"/participations/\d+/$")
    assert site.letter(lous_address).text.count("Créneau") == 1
    awa.open(public)
    awa.look("creneaux-page-deja-proposee")

    # the last day is cancelled: those on it are told, nobody else
    host.open(own_page)
    host.look("creneaux-mission-suivie")
    host.press(f'a[href$="/creneaux/{third.pk}/annuler/"]', to="/annuler/$")
    host.choose("reason", "safety")
    host.look("creneaux-annuler")
    host.press(DO_IT, to=f"{own_page}$")
    host.says("Annulé")
    assert "Un créneau est annulé" in site.letter(lous_address).subject
    assert "renonce" not in site.letter(awas_address).subject and "annulé" not in site.letter(awas_address).subject


def open_fold(visitor: Visitor, title: str) -> None:
    """Unfold a part of the form."""
    visitor.press(visitor.page.locator("details.fold > summary", has_text=title))
