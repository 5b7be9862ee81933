"""The whole of a coordination, as those who live it see it (W1 to W12, P3 to P6, P14).

Two sessions on two days, three facilitators (one does not conform, one is « Interne »), twenty-four participants of whom four
come unannounced, one month's fees, the bank's file, the closing, and a change that is refused afterwards.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import facturx
import pytest
import sepaxml
import xmlschema
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import expect
from tests.factories import days
from tests.factories.money import billing, payee
from tests.factories.time import at
from tests.factories.workshops import assignment, enrolment, facilitator, open_programme, registration, staff
from tests.harness.browser import DESKTOP, PHONE, PHONE_NO_SCRIPT
from tests.journeys.steps import come_in

from renfort.kernel.firing import fire_due
from renfort.organisations.models import Organisation
from renfort.workshops.models import Assignment, Bill, ClientInvoice, Enrolment, Fee, Order, Registration, Session, Transfer
from renfort.workshops.selectors.join_links import own_link
from renfort.workshops.services.bills import write_due
from renfort.workshops.services.einvoice import data_in

pytestmark = pytest.mark.browser
CLIENT = "Lycée des Rives"
ANNOUNCED, COME_IN_SESSION = 10, 12  # of each session: ten on the list, two who come unannounced


def download(visitor, path):
    """What the link of a file gives, with the visitor's own sign-in."""
    answer = visitor.context.request.get(visitor.site + path)
    assert answer.status == 200, f"{path}: {answer.status}"
    return answer.body()


def plan(leader, mission, day):
    """A session of an afternoon for twelve, with a place beside the one who leads; returns it."""
    leader.open(f"{mission}sessions/nouvelle/")
    leader.fill(day=day.isoformat(), starts="14:00", ends="17:00", city="Bordeaux", participants="12")
    leader.choose("presence", "on_site")
    leader.press('main summary:has-text("Il y aura d")')
    leader.fill(co_leads="1")
    leader.submit()
    leader.at(r"/sessions/\d+/$")
    return Session.objects.get(pk=int(leader.path().rstrip("/").rsplit("/", 1)[1]))


def link_on(visitor):
    """The path of the link that the page shows."""
    shown = visitor.page.locator("main code").inner_text().strip()
    return shown[shown.index("/ateliers/") :]


def call(phone, one, people):
    """Everybody of the list is there: a tap each."""
    phone.open(f"/ateliers/presences/{one.pk}/")
    expect(phone.page.locator("[data-roll-call][data-ready]")).to_be_attached()
    for each in people:
        phone.page.locator(f"#p-{each.pk}").get_by_role("button").click()
    phone.says(f"{len(people)} / {len(people)} présent·es")
    expect(phone.page.locator("#attente")).to_be_hidden()


def add_on_the_spot(phone, one, first_name):
    """Somebody whom nobody had announced."""
    phone.open(f"/ateliers/presences/{one.pk}/ajouter/")
    phone.fill(first_name=first_name, last_name="Imprévu")
    phone.tick("agrees")
    phone.submit()
    phone.says(f"{first_name} : présence notée")


def in_words(visitor):
    """A history says what happened, never the name that code has for it."""
    expect(visitor.page.locator("main")).not_to_contain_text("workshops.")


def over(*sessions):
    """The clock notes that they took place."""
    fire_due(max(each.ends_at for each in sessions) + timedelta(minutes=1))


def test_from_the_order_to_the_bank_the_closing_and_a_refused_change(site, arrive):
    open_programme()
    billing()
    able = facilitator(first_name="Samir", last_name="Haddad")
    awa = payee(facilitator(first_name="Awa", last_name="Diallo"))
    intern = facilitator(first_name="Chloé", last_name="Petit")
    refused = facilitator(first_name="Bruno", last_name="Keller", compliant=False)
    what = assignment("awarded", by=able, workshop=2, audience="company")
    Order.objects.filter(pk=what.order_id).update(title="Semaine du climat")
    Organisation.objects.filter(pk=what.order.client_id).update(name=CLIENT)
    mission = f"/ateliers/missions/{what.pk}/"

    # the association sets the rate of the day
    chief = arrive(site.url, DESKTOP, "association")
    come_in(chief, staff(first_name="Claire", last_name="Roussel"))
    chief.open("/ateliers/association/tarifs/")
    chief.choose("audience", "company")
    chief.choose("role", "lead")
    chief.choose("kind", "workshop")
    chief.fill(price="150")
    chief.submit('main button:has-text("Ajouter le tarif")')
    chief.says("Tarif ajouté", "150,00")
    chief.look("tout-tarifs")

    # the coordinator plans two sessions on two days and hands on the link of each
    leader = arrive(site.url, DESKTOP, "coordination")
    come_in(leader, able.person)
    leader.open(mission)
    leader.says("Planifiez une première session")
    first, second = (plan(leader, mission, timezone.localdate() + days(number)) for number in (1, 2))
    here = f"{mission}sessions/{first.pk}/"
    leader.open(here)
    leader.submit('main button:has-text("Créer un lien")')
    link = link_on(leader)

    # three facilitators on their phones: one is told what is missing, two enrol
    phone = arrive(site.url, PHONE, "animation")
    for each, seat in ((refused, ""), (intern, "co_lead"), (awa, "lead")):
        phone.context.clear_cookies()
        come_in(phone, each.person)
        phone.open(link)
        if not seat:
            phone.says("Vous ne pouvez pas vous inscrire", "vigilance")
            phone.look("tout-refus")
            continue
        phone.choose("seat", seat)
        phone.submit('main button:has-text("inscrire à cette session")')
        phone.says("Vous animez cette session")
    assert not Enrolment.objects.filter(facilitator=refused).exists()
    phone.at(r"/animation/sessions/\d+/$")
    phone.look("tout-ma-session")
    (event,) = Calendar.from_ical(download(phone, f"{phone.path()}session.ics")).walk("VEVENT")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (first.starts_at, first.ends_at)
    enrolment(second, awa)
    enrolment(second, intern, seat="co_lead", standing="internal")

    # the intern is « Interne », from the name's drop-down
    leader.open(here)
    row = leader.page.get_by_role("row", name="Chloé Petit")
    row.get_by_role("combobox").select_option("internal")
    leader.submit(row.get_by_role("button", name="Changer"))
    assert set(Enrolment.objects.filter(facilitator=intern).values_list("standing", flat=True)) == {"internal"}

    # participants: nineteen known, the twentieth joins by the link
    known = [registration(first) for _ in range(ANNOUNCED - 1)]
    expected = [registration(second) for _ in range(ANNOUNCED)]
    leader.open(f"{here}participants/")
    leader.submit('main button:has-text("Créer un lien")')
    guest = arrive(site.url, PHONE_NO_SCRIPT, "participante")
    guest.open(link_on(leader))
    guest.fill(first_name="Ada", last_name="Martin", email="ada@example.org")
    guest.page.check('main input[name="agreed"]')
    guest.submit()
    known.append(Registration.objects.get(session=first, email="ada@example.org"))
    guest.open(own_link(known[-1]))
    guest.says("Vous êtes inscrit·e")
    guest.look("tout-participation")

    # the first day: ten on the list; one comes in by the code of the room, one is added on the spot
    with at(first.starts_at + timedelta(minutes=10)):
        call(phone, first, known)
        phone.open(f"/ateliers/presences/{first.pk}/code/")
        phone.submit('main button:has-text("Créer le code")')
        guest.open(link_on(phone))
        guest.fill(first_name="Zoé", last_name="Arnaud", email="zoe@example.org")
        guest.tick("agrees")
        guest.submit()
        guest.says("votre présence est notée")
        guest.look("tout-presence-notee")
        add_on_the_spot(phone, first, "Noé")
        phone.says("12 / 12 présent·es")
        phone.look("tout-presences")

    # the second day: ten, and two whom nobody had announced
    with at(second.starts_at + timedelta(minutes=10)):
        call(phone, second, expected)
        for name in ("Inès", "Paul"):
            add_on_the_spot(phone, second, name)
        phone.says("12 / 12 présent·es")

    with at(second.ends_at + timedelta(minutes=5)):
        over(first, second)
        asked_and_paid(chief, leader, phone, (first, second))
        other = arrive(site.url, DESKTOP, "autre-onglet")
        closed_for_good(chief, leader, other, what)


def asked_and_paid(chief, leader, phone, sessions):
    """What follows the sessions, on the evening of the second: attendance complete, the month's request, the transfer."""
    mission = f"/ateliers/missions/{sessions[0].assignment_id}/"
    for each in sessions:
        assert each.registrations.filter(state="present").count() == COME_IN_SESSION
        leader.open(f"/ateliers/presences/{each.pk}/")
        leader.submit('main button:has-text("Déclarer la présence complète")')
    leader.open(f"{mission}cloturer/")
    leader.says("Il reste à faire avant de clôturer", "2 rétributions restent à demander")

    # one request for the month: the paid part of each session; the intern is not in it, and it is said why
    leader.open(f"{mission}retributions/")
    leader.says("2 rétributions sont dues, 300,00", "« Interne »")
    leader.look("tout-retributions")
    leader.submit('main button:has-text("Demander les rétributions")')
    leader.says("2 rétributions sont demandées")
    leader.look("tout-retributions-demandees")

    # the association reads it and approves
    chief.open("/ateliers/association/retributions/")
    chief.says("Semaine du climat", CLIENT, "300,00")
    chief.look("tout-demandes")
    chief.press('main a:has-text("Semaine du climat")', to=r"/retributions/\d+/$")
    chief.look("tout-demande")
    chief.submit('main button:has-text("Approuver la demande")')
    chief.says("La demande est approuvée")
    in_words(chief)
    chief.look("tout-demande-approuvee")
    phone.open("/ateliers/animation/retributions/")
    phone.says("Approuvé, à payer", "300,00")
    phone.look("tout-mes-retributions")

    # self-billed invoice, the bank's file, the paid mark
    chief.open("/ateliers/association/argent/a-etablir/")
    chief.submit('main button:has-text("Établir les factures")')
    write_due(timezone.now())
    fire_due(timezone.now())
    bill = Bill.objects.get()
    own = data_in(download(phone, f"/ateliers/animation/factures/{bill.pk}/fichier/"))
    assert facturx.xml_check_xsd(own, flavor="factur-x", level="en16931")
    assert b">389<" in own and b"300.00" in own  # 389: a self-billed invoice
    chief.open("/ateliers/association/argent/a-payer/")
    chief.submit('main button:has-text("Préparer le virement")')
    chief.at(r"/virements/\d+/$")
    chief.look("tout-virement")
    content = download(chief, f"{chief.path()}fichier/").decode()
    form = re.findall(r"pain\.001\.001\.\d\d", content)[0]
    assert xmlschema.XMLSchema(str(Path(sepaxml.__file__).parent / "schemas" / f"{form}.xsd")).is_valid(content)
    assert '<InstdAmt Ccy="EUR">300.00</InstdAmt>' in content
    chief.submit('main button:has-text("Noter le compte rendu")')
    chief.says("Traité par la banque", "Payé")
    assert Transfer.objects.get().count == 1
    assert list(Fee.objects.values_list("state", flat=True)) == ["paid", "paid"]


def closed_for_good(chief, leader, other, what):
    """The order is delivered whole; a form that was open in another tab is refused; the two sums that stay open follow."""
    mission = f"/ateliers/missions/{what.pk}/"
    come_in(other, what.coordinator.person)
    other.open(f"{mission}sessions/nouvelle/")
    leader.open(f"{mission}cloturer/")
    leader.says("Ce qui va se passer")
    leader.look("tout-cloturer")
    leader.submit()
    leader.says("Clôturée", "Télécharger le bilan")
    leader.look("tout-cloturee")
    assert Assignment.objects.get(pk=what.pk).state == "closed"
    assert download(leader, f"{mission}bilan/").startswith(b"%PDF")
    other.fill(day=(timezone.localdate() + days(9)).isoformat(), starts="14:00", ends="17:00", city="Lyon")
    other.choose("presence", "on_site")
    other.submit()
    other.says("La mission est clôturée")
    other.look("tout-change-refusee")
    assert what.sessions.count() == 2
    leader.open(f"{mission}retributions/")
    leader.says("Payé", "Sans rétribution")
    leader.look("tout-retributions-payees")
    leader.open(f"{mission}sessions/{what.sessions.earliest('pk').pk}/")
    in_words(leader)
    leader.look("tout-session-passee")

    # what stays open: the coordination's own fee, and the client's invoice
    chief.open("/ateliers/association/retributions/")
    chief.says("Coordinations à rétribuer", "Samir Haddad", "200,00")
    chief.look("tout-coordination")
    chief.submit('main button:has-text("Approuver")')
    chief.says("La rétribution de la coordination est approuvée")
    chief.open(f"/ateliers/association/argent/a-facturer/{what.pk}/")
    chief.submit('main button:has-text("Faire la facture")')
    chief.at(r"/argent/factures/\d+/$")
    chief.says("1 200,00")
    chief.look("tout-facture")
    invoice = data_in(download(chief, f"{chief.path()}fichier/"))
    assert facturx.xml_check_xsd(invoice, flavor="factur-x", level="en16931")
    assert ClientInvoice.objects.get(pk=what.pk).number.encode() in invoice
