"""An invoice as a file: PDF/A-3 that people read, with the same facts as EN 16931 data inside (Factur-X) (W11).

``facts`` are plain JSON: seller, buyer, lines, amounts in cents, days as ISO, notes. Both halves are made of them and of nothing
else, so that they cannot differ. They are French: an invoice under French law.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import facturx
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from lxml import etree

from renfort.documents.selectors import digest_of
from renfort.documents.services import write_invoice
from renfort.workshops.catalogue import VAT_CODES, VAT_SENTENCES

RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
PROFILE = "urn:cen.eu:en16931:2017"
INVOICE, SELF_BILLED = "380", "389"  # UNTDID 1001
SIRET, LOCAL_TAX, VAT_NUMBER, UNIT, CREDIT_TRANSFER = "0009", "FC", "VA", "C62", "30"
SCHEMA = "xsd_and_schematron/facturx-en16931/Factur-X_EN16931.xsd"
Facts = Mapping[str, Any]


def money(cents: int) -> str:
    """« 1234.50 », as machines write it."""
    return f"{cents // 100}.{cents % 100:02d}"


def _put(parent: Any, path: str, text: str | None = None, **attributes: str) -> Any:
    """Add elements below each other, « A/B/C », and write into the last one."""
    for name in path.split("/"):
        parent = etree.SubElement(parent, f"{{{UDT if name == 'DateTimeString' else RAM}}}{name}")
    if text is not None:
        parent.text = text
    for name, value in attributes.items():
        parent.set(name, value)
    return parent


def _day(parent: Any, path: str, iso: str) -> None:
    _put(parent, f"{path}/DateTimeString", iso.replace("-", ""), format="102")


def _party(parent: Any, name: str, who: Facts) -> None:
    party = _put(parent, name)
    _put(party, "Name", who["name"])
    if who.get("siret"):
        _put(party, "SpecifiedLegalOrganization/ID", who["siret"], schemeID=SIRET)
    where = _put(party, "PostalTradeAddress")
    for element, key in (("PostcodeCode", "postcode"), ("LineOne", "address"), ("CityName", "city"), ("CountryID", "country")):
        if who.get(key):
            _put(where, element, who[key])
    if who.get("vat_number"):
        _put(party, "SpecifiedTaxRegistration/ID", who["vat_number"], schemeID=VAT_NUMBER)
    elif who.get("siret") and name == "SellerTradeParty":  # without a VAT number the seller is known by another one (BR-E-02)
        _put(party, "SpecifiedTaxRegistration/ID", who["siret"][:9], schemeID=LOCAL_TAX)


def write_xml(facts: Facts) -> bytes:
    """The EN 16931 data of an invoice, as UN/CEFACT CII."""
    root = etree.Element(f"{{{RSM}}}CrossIndustryInvoice", nsmap={"rsm": RSM, "ram": RAM, "udt": UDT})
    context = etree.SubElement(root, f"{{{RSM}}}ExchangedDocumentContext")
    _put(context, "GuidelineSpecifiedDocumentContextParameter/ID", PROFILE)
    document = etree.SubElement(root, f"{{{RSM}}}ExchangedDocument")
    _put(document, "ID", facts["number"])
    _put(document, "TypeCode", SELF_BILLED if facts.get("mandate") else INVOICE)
    _day(document, "IssueDateTime", facts["issued_on"])
    for note in facts["notes"]:
        _put(document, "IncludedNote/Content", note)
    trade = etree.SubElement(root, f"{{{RSM}}}SupplyChainTradeTransaction")
    code, percent = VAT_CODES[facts["regime"]], f"{facts['rate'] / 10:.2f}"
    for number, line in enumerate(facts["lines"], 1):
        item = _put(trade, "IncludedSupplyChainTradeLineItem")
        _put(item, "AssociatedDocumentLineDocument/LineID", str(number))
        _put(item, "SpecifiedTradeProduct/Name", line["words"])
        _put(item, "SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount", money(line["unit"]))
        _put(item, "SpecifiedLineTradeDelivery/BilledQuantity", str(line["quantity"]), unitCode=UNIT)
        settlement = _put(item, "SpecifiedLineTradeSettlement")
        tax = _put(settlement, "ApplicableTradeTax")
        _put(tax, "TypeCode", "VAT")
        _put(tax, "CategoryCode", code)
        _put(tax, "RateApplicablePercent", percent)
        _put(settlement, "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount", money(line["amount"]))
    agreement = _put(trade, "ApplicableHeaderTradeAgreement")
    _party(agreement, "SellerTradeParty", facts["seller"])
    _party(agreement, "BuyerTradeParty", facts["buyer"])
    delivery = _put(trade, "ApplicableHeaderTradeDelivery")
    _day(delivery, "ActualDeliverySupplyChainEvent/OccurrenceDateTime", facts["delivered_on"])
    _settle(_put(trade, "ApplicableHeaderTradeSettlement"), facts, code, percent)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _settle(parent: Any, facts: Facts, code: str, percent: str) -> None:
    _put(parent, "PaymentReference", facts["number"])
    _put(parent, "InvoiceCurrencyCode", "EUR")
    if facts.get("iban"):
        means = _put(parent, "SpecifiedTradeSettlementPaymentMeans")
        _put(means, "TypeCode", CREDIT_TRANSFER)
        _put(means, "PayeePartyCreditorFinancialAccount/IBANID", facts["iban"])
    tax = _put(parent, "ApplicableTradeTax")
    _put(tax, "CalculatedAmount", money(facts["vat"]))
    _put(tax, "TypeCode", "VAT")
    with translation.override("fr"):
        if sentence := VAT_SENTENCES.get(facts["regime"]):
            _put(tax, "ExemptionReason", str(sentence))
    _put(tax, "BasisAmount", money(facts["excl"]))
    _put(tax, "CategoryCode", code)
    _put(tax, "RateApplicablePercent", percent)
    _day(_put(parent, "SpecifiedTradePaymentTerms"), "DueDateDateTime", facts["due_on"])
    sums = _put(parent, "SpecifiedTradeSettlementHeaderMonetarySummation")
    _put(sums, "LineTotalAmount", money(facts["excl"]))
    _put(sums, "TaxBasisTotalAmount", money(facts["excl"]))
    _put(sums, "TaxTotalAmount", money(facts["vat"]), currencyID="EUR")
    _put(sums, "GrandTotalAmount", money(facts["total"]))
    _put(sums, "DuePayableAmount", money(facts["total"]))


@cache
def _schema() -> Any:
    return etree.XMLSchema(etree.parse(str(Path(facturx.__file__).parent / SCHEMA)))


# ── what people read ──────────────────────────────────────────────────────────────────────────────
def _euros(cents: int) -> str:
    return number_format(cents / 100, decimal_pos=2, use_l10n=True, force_grouping=True) + "\u00a0€"


def _rows_of(who: Facts) -> list[str]:
    country = who.get("country", "FR")
    rows = [who["address"], f"{who['postcode']} {who['city']}".strip(), country if country != "FR" else ""]
    rows += [_("SIRET %(n)s") % {"n": who["siret"]}] if who.get("siret") else []
    rows += [_("TVA %(n)s") % {"n": who["vat_number"]}] if who.get("vat_number") else []
    return [row for row in rows if row]


def _written(facts: Facts, at: datetime) -> dict[str, Any]:
    """What the layout prints."""
    day = {key: date_format(date.fromisoformat(facts[key]), "DATE_FORMAT") for key in ("issued_on", "due_on", "delivered_on")}
    rate = number_format(facts["rate"] / 10, decimal_pos=1 if facts["rate"] % 10 else 0, use_l10n=True)
    sentence = VAT_SENTENCES.get(facts["regime"])
    return {
        "lang": "fr",
        "title": _("Facture %(number)s") % {"number": facts["number"]},
        "mark": _("Autofacturation") if facts.get("mandate") else "",
        "author": facts["seller"]["name"],
        "year": at.year, "month": at.month, "day": at.day,
        "parties": [
            {"label": _("Vendeur"), "name": facts["seller"]["name"], "rows": _rows_of(facts["seller"])},
            {"label": _("Client"), "name": facts["buyer"]["name"], "rows": _rows_of(facts["buyer"])},
        ],
        "days": [
            [_("Date de facture"), day["issued_on"]], [_("Prestations jusqu'au"), day["delivered_on"]],
            [_("À payer avant le"), day["due_on"]], *([[_("IBAN"), facts["iban"]]] if facts.get("iban") else []),
        ],
        "columns": [_("Prestation"), _("Nombre"), _("Prix unitaire HT"), _("Montant HT")],
        "rows": [
            [line["words"], str(line["quantity"]), _euros(line["unit"]), _euros(line["amount"])] for line in facts["lines"]
        ],
        "totals": [
            [_("Total hors taxes"), _euros(facts["excl"])],
            [_("TVA à %(rate)s %%") % {"rate": rate} if facts["rate"] else _("TVA"), _euros(facts["vat"])],
            [_("À payer"), _euros(facts["total"])],
        ],
        "notes": [*([str(sentence)] if sentence else []), *facts["notes"]],
    }  # fmt: skip


def write(facts: Facts, *, at: datetime) -> tuple[bytes, str]:
    """The file of an invoice and its SHA-256; its data are checked against the standard's schema first.

    Raises:
        ValueError: the data are not valid: a fault of ours, nothing is written.
    """
    with translation.override("fr"):
        pdf = write_invoice(_written(facts, at), at=at)
    xml = write_xml(facts)
    schema = _schema()
    if not schema.validate(etree.fromstring(xml)):
        raise ValueError(f"invoice {facts['number']}: {schema.error_log.last_error}")
    file = io.BytesIO(pdf)  # in memory: read octet by octet through a temporary file it takes three times as long
    facturx.generate_from_file(
        file, xml, flavor="factur-x", level="en16931", check_xsd=False, lang="fr-FR", afrelationship="alternative",
        pdf_metadata={
            "author": facts["seller"]["name"], "keywords": "Factur-X", "title": facts["number"], "subject": facts["number"],
        },
    )  # fmt: skip
    content = file.getvalue()
    return content, digest_of(content)


def data_in(content: bytes) -> bytes:
    """The data inside the file of an invoice."""
    _name, xml = facturx.get_xml_from_pdf(io.BytesIO(content), check_xsd=False)
    return bytes(xml)
