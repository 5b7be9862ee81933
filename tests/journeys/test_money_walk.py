"""From approved fees to the bank's file and the paid mark; from a closed assignment to its client's invoice (W11)."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.factories.money import IBAN, SIRET, approved, billing, closed
from tests.factories.workshops import facilitator, open_programme, staff
from tests.harness.browser import DESKTOP, PHONE
from tests.journeys.steps import come_in

from renfort.kernel.firing import fire_due
from renfort.workshops.models import ClientInvoice, Fee, Transfer
from renfort.workshops.services.bills import write_due

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_approved_fees_are_invoiced_paid_and_the_client_too(site, arrive, means):
    open_programme()
    billing()
    helper = facilitator(first_name="Awa", last_name=f"Diallo {means.name}")
    approved(helper, 2)
    sold = closed()

    # the facilitator says how they are paid, and accepts the mandate
    payee = arrive(site.url, means, "animation")
    come_in(payee, helper.person)
    payee.open("/ateliers/animation/paiement/")
    payee.fill(
        holder="Awa Diallo", iban="FR76 3000 6000 0112 3456 7890 188", company="Awa Diallo", siret=SIRET,
        address="3 rue des Lilas", postcode="33000", city="Bordeaux",
    )  # fmt: skip
    payee.choose("vat_regime", "exempt")
    payee.submit()
    payee.says("sa clé de contrôle ne correspond pas")
    payee.look("argent-coordonnees-erreur")
    payee.fill(iban=IBAN)
    payee.submit()
    payee.says("Vos coordonnées sont enregistrées", "Enregistré : FR76 •••• 0189")
    payee.page.locator('input[name="accord"]').check()
    payee.submit('main button:has-text("Accepter le mandat")')
    payee.says("Mandat accepté")
    payee.look("argent-coordonnees")

    # the association has the invoices written, then makes the file for the bank
    chief = arrive(site.url, means, "association")
    come_in(chief, staff())
    chief.open("/ateliers/association/argent/")
    chief.says("Rétributions à facturer", "300,00")
    chief.look("argent")
    chief.press('main a[href="/ateliers/association/argent/a-etablir/"]')
    chief.submit('main button:has-text("Établir les factures")')
    write_due(timezone.now())
    fire_due(timezone.now())
    chief.open("/ateliers/association/argent/a-etablir/")
    chief.says("1 facture établie", "Rien à facturer")
    chief.look("argent-a-etablir")
    chief.press('main a:has-text("Voir ce qui est à payer")', to="/a-payer/$")
    chief.look("argent-a-payer")
    chief.submit('main button:has-text("Préparer le virement")')
    chief.at(r"/virements/\d+/$")
    chief.says("1 paiement", "300,00")
    chief.look("argent-virement")
    chief.submit('main button:has-text("Noter le compte rendu")')
    chief.says("Traité par la banque", "Payé")
    assert Transfer.objects.latest("pk").payments.get().iban == IBAN
    assert set(Fee.objects.filter(payee=helper.pk).values_list("state", flat=True)) == {"paid"}
    payee.open("/ateliers/animation/factures/")
    payee.says("Payé", "Télécharger")
    payee.look("argent-mes-factures")

    # the client is invoiced, and pays
    chief.open(f"/ateliers/association/argent/a-facturer/{sold.pk}/")
    chief.look("argent-facturer")
    chief.submit('main button:has-text("Faire la facture")')
    chief.at(r"/argent/factures/\d+/$")
    chief.says("1 200,00")
    chief.submit('main button:has-text("Noter le paiement")')
    chief.says("Payée")
    chief.look("argent-facture")
    assert ClientInvoice.objects.get(pk=sold.pk).paid_on == timezone.localdate()
    chief.open("/ateliers/association/argent/comptabilite/")
    chief.look("argent-comptabilite")
