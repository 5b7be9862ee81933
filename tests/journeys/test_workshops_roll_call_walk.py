"""The day of a session on a phone: three people marked without network arrive once, with their time; a signature, a code (W6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.factories.workshops import assignment, enrolment, facilitator, open_programme, registration, session
from tests.harness.browser import DESKTOP, PHONE, PHONE_NO_SCRIPT
from tests.journeys.steps import come_in

from renfort.workshops.models import Mark, Registration, Signature

pytestmark = pytest.mark.browser
NAMES = (("Awa", "Diallo"), ("Paul", "Martin"), ("Zoé", "Arnaud"), ("Inès", "Petit"), ("Noé", "Roux"))


def room(helper):
    """A session under way, with five people expected."""
    open_programme()
    starts_at = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=30)
    one = session(assignment("awarded"), starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    enrolment(one, helper)
    return one, [registration(one, first_name=first, last_name=last) for first, last in NAMES]


def row(visitor, someone):
    return visitor.page.locator(f"#p-{someone.pk}")


def mark(visitor, someone):
    row(visitor, someone).get_by_role("button").click()


class ButForTheNetwork(list):
    """What went wrong, except that there was no network: this journey is about that."""

    def append(self, each):
        if "INTERNET_DISCONNECTED" not in each:
            super().append(each)


def test_marks_made_without_network_arrive_once_with_their_time(site, arrive):
    helper = facilitator(first_name="Léa", last_name="Fontaine")
    one, people = room(helper)
    phone = arrive(site.url, PHONE, "presences")
    phone.troubles = ButForTheNetwork()
    come_in(phone, helper.person)
    phone.open(f"/ateliers/presences/{one.pk}/")
    expect(phone.page.locator("[data-roll-call][data-ready]")).to_be_attached()
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.open(f"/ateliers/presences/{one.pk}/")  # once more, seen by the worker: kept for when there is no network
    expect(phone.page.locator("[data-roll-call][data-ready]")).to_be_attached()
    phone.says("0 / 5 présent·es")
    phone.look("w-presences")

    # with the network a tap arrives at once; a search finds without asking
    mark(phone, people[0])
    phone.says("1 / 5 présent·es")
    expect(row(phone, people[0])).not_to_have_attribute("data-waits", "")
    phone.page.get_by_label("Chercher un nom").fill("zoe")
    expect(row(phone, people[2])).to_be_visible()
    expect(row(phone, people[1])).to_be_hidden()
    phone.page.get_by_label("Chercher un nom").fill("")

    # without it, three wait, also when the page is opened again
    phone.context.set_offline(True)
    for each in people[1:4]:
        mark(phone, each)
    phone.says("3 marques attendent le réseau", "4 / 5 présent·es")
    phone.page.reload()
    phone.says("3 marques attendent le réseau", "4 / 5 présent·es")
    phone.look("w-presences-sans-reseau")
    assert Mark.objects.count() == 1

    # the network is back: once each, with the time of the tap
    phone.page.wait_for_timeout(2000)  # so long at least between a tap and its arrival
    phone.context.set_offline(False)
    expect(phone.page.locator("#attente")).to_be_hidden(timeout=15_000)
    phone.page.reload()
    phone.says("4 / 5 présent·es")
    phone.look("w-presences-arrivees")
    assert Registration.objects.filter(session=one, state="present").count() == 4
    assert Mark.objects.count() == 4
    for each in Mark.objects.filter(registration__in=people[1:4]):
        assert each.received_at - each.scanned_at >= timedelta(seconds=2)
    phone.is_fine()

    # a signature drawn with a finger, and the box that stands for it
    phone.open(f"/ateliers/presences/{one.pk}/signer/1/{people[4].pk}/")
    frame = phone.page.locator("canvas").bounding_box()
    phone.page.mouse.move(frame["x"] + 30, frame["y"] + 40)
    phone.page.mouse.down()
    for step in range(1, 12):
        phone.page.mouse.move(frame["x"] + 30 + step * 20, frame["y"] + 40 + (step % 3) * 20)
    phone.page.mouse.up()
    phone.look("w-signature")
    phone.submit()
    phone.says("signature gardée", "5 / 5 présent·es")
    assert Signature.objects.get().way == "hand"
    phone.open(f"/ateliers/presences/{one.pk}/signer/1/")
    phone.tick("agrees")
    phone.submit()
    phone.says("signature gardée")


def test_the_code_of_the_room_leads_to_who_enters_alone(site, arrive):
    helper = facilitator(first_name="Léa", last_name="Fontaine")
    one, people = room(helper)
    screen = arrive(site.url, DESKTOP, "ecran")
    come_in(screen, helper.person)
    screen.open(f"/ateliers/presences/{one.pk}/")
    screen.look("w-presences-large")
    screen.press('.page-actions a:has-text("Code de la salle")', to="/code/$")
    screen.submit('main button:has-text("Créer le code")')
    screen.look("w-code")
    address = screen.page.locator("main code").inner_text().strip()

    guest = arrive(site.url, PHONE_NO_SCRIPT, "invitee")
    guest.open(address[address.index("/ateliers/") :])
    guest.look("w-je-suis-la")
    guest.fill(first_name="Awa", last_name="Diallo", email=people[0].email)
    guest.submit()
    guest.says("Cochez la case")
    guest.tick("agrees")
    guest.submit()
    guest.says("votre présence est notée")
    guest.look("w-presence-notee")

    # without script the list is forms
    plain = arrive(site.url, PHONE_NO_SCRIPT, "sans-script")
    come_in(plain, helper.person)
    plain.open(f"/ateliers/presences/{one.pk}/")
    plain.says("1 / 5 présent·es")
    plain.submit(f'#p-{people[1].pk} button:has-text("Présent·e")')
    plain.says("2 / 5 présent·es")
    plain.look("w-presences-sans-script")
    plain.open(f"/ateliers/presences/{one.pk}/ajouter/")
    plain.fill(first_name="Ada", last_name="Noël")
    plain.tick("agrees")
    plain.look("w-sur-place")
    plain.submit()
    plain.says("3 / 6 présent·es", "Ada : présence notée")
    marked = one.registrations.filter(state="present")
    assert set(marked.values_list("first_name", flat=True)) == {"Awa", people[1].first_name, "Ada"}
