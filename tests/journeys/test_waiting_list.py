"""A full mission, somebody who waits, a place that is freed (R60), on a phone."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.factories import account, actor, book, manager, mission, organisation, participation, person, slot
from tests.factories.organisations import grant
from tests.harness.browser import DESKTOP, PHONE
from tests.journeys.steps import come_in

from renfort.kernel.firing import fire, fire_due
from renfort.missions.models import Participation, Waiting
from renfort.missions.workflow import PARTICIPATION
from renfort.organisations.enums import Programme, Role

pytestmark = pytest.mark.browser
FORM = 'main form:has([name="seen"]) button[type="submit"]'


def helper(email: str, name: str):
    """A volunteer with an account."""
    held = account(person(first_name=name, last_name="Attente", email=email))
    grant(held.person, Programme.RESERVE, Role.VOLUNTEER)
    return held.person


def test_freed_place_is_offered_to_who_waits_and_taken(site, arrive):
    where = organisation(name="Secours Bordeaux")
    what = mission(where, title="Distribution de repas", places=1, responsible=manager(where))
    first, second = helper("anne@example.org", "Anne"), helper("bilal@example.org", "Bilal")
    participation(what, first, state="accepted")
    anne, bilal = arrive(site.url, PHONE, "anne"), arrive(site.url, PHONE, "bilal")

    come_in(bilal, second)
    bilal.open(what.get_absolute_url())
    bilal.says("Cette mission est complète")
    bilal.look("mission-complete")
    bilal.tick("agrees")
    bilal.press('form[action$="/attendre/"] button.btn-primary', to=r"/espace/benevole/attente/\d+/$")
    bilal.says("position 1 sur 1")
    bilal.look("en-liste-d-attente")

    come_in(anne, first)
    held = Participation.objects.get(person=first)
    anne.open(f"/espace/benevole/{held.pk}/")
    anne.press('a[href$="/abandonner/"]', to="/abandonner/$")
    anne.choose("reason", "not_available")
    anne.press(FORM, to=rf"/espace/benevole/{held.pk}/$")
    fire_due(timezone.now())

    letter = site.letter("bilal@example.org")
    assert "Une place s'est libérée" in letter.subject
    bilal.open(letter.link)
    bilal.says("Une place s’est libérée : elle vous est gardée.")
    bilal.look("place-proposee")
    bilal.press('a[href$="/prendre/"]', to="/prendre/$")
    bilal.look("prendre-la-place")
    bilal.press(FORM, to=r"/espace/benevole/\d+/$")
    bilal.look("place-prise")

    made = Participation.objects.get(person=second)
    assert (made.state, made.reserved) == ("pending", True)
    assert Waiting.objects.get(person=second).participation_id == made.pk


def test_one_waits_for_a_full_slot_and_gets_the_seat_that_is_given_back(site, arrive):
    """R61: each slot has its line; who gives one back keeps the others."""
    where = organisation(name="Secours Bordeaux")
    what = mission(where, title="Distribution de repas", responsible=manager(where))
    saturday, sunday = slot(what, places=1), slot(what, day=1, places=3)
    first, second = helper("anne.creneau@example.org", "Anne"), helper("bilal.creneau@example.org", "Bilal")
    held = book(participation(what, first, state="accepted"), saturday, sunday)
    bilal = arrive(site.url, PHONE, "bilal")

    come_in(bilal, second)
    bilal.open(what.get_absolute_url())
    bilal.press("details.fold > summary")
    bilal.look("creneau-complet")
    bilal.page.locator('form[action$="/attendre/"] input[name="agrees"]').check()
    bilal.press('form[action$="/attendre/"] button.btn', to=r"/espace/benevole/attente/\d+/$")
    bilal.says("position 1 sur 1")
    bilal.look("attend-un-creneau")
    boss = manager(where, email="maryse.creneau@example.org")
    maryse = arrive(site.url, DESKTOP, "maryse")
    come_in(maryse, boss)
    maryse.open(f"/espace/{where.pk}/missions/{what.pk}/")
    maryse.says("1 personne attend")
    maryse.look("creneaux-de-la-structure")

    fire(
        PARTICIPATION, held, "give_back_slots", actor=actor(first), answers={"slots": [str(saturday.pk)], "reason": "other"},
    )  # fmt: skip
    fire_due(timezone.now())

    bilal.open(what.get_absolute_url())
    bilal.says("Une place de ce créneau vous est proposée.")
    bilal.look("creneau-propose")
    bilal.open(site.letter("bilal.creneau@example.org").link)
    bilal.press('a[href$="/prendre/"]', to="/prendre/$")
    bilal.press(FORM, to=r"/espace/benevole/\d+/$")
    assert Participation.objects.get(person=second).bookings.get().slot_id == saturday.pk
