"""Account numbers, tax, and what keeps an invoice or a transfer from being made: pure questions (W11)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum import bic as bics
from stdnum import iban as ibans
from stdnum.exceptions import InvalidChecksum, ValidationError

from renfort.kernel.actors import Actor
from renfort.kernel.rules import guard, rule
from renfort.workshops.catalogue import SEPA
from renfort.workshops.enums import Country, PaymentOutcome, VatRegime
from renfort.workshops.models import Bill, Mandate, Payee, Transfer
from renfort.workshops.selectors.bills import ALIVE, ON_A_BILL, fees_given_up, fees_paid_by
from renfort.workshops.selectors.roles import is_facilitator, is_staff

SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
RIB_LENGTH = 23  # bank 5, branch 5, account 11, key 2
LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789", strict=True))  # the bank's table: S is 2


def clean_iban(written: str) -> str:
    """An IBAN as it is kept: capitals, without spaces."""
    return "".join(written.split()).replace("-", "").upper()


def why_not_iban(iban: str) -> str:
    """What is wrong with an account number, in a sentence; "" when nothing is."""
    if not SHAPE.fullmatch(iban):
        return _("Cet IBAN n'a pas la bonne forme : deux lettres de pays, puis des chiffres. Recopiez-le depuis votre RIB.")
    try:
        ibans.validate(iban, check_country=False)  # of the countries' own checks, France's is ours, below
    except InvalidChecksum:
        return _("Cet IBAN n'est pas exact : sa clé de contrôle ne correspond pas. Recopiez-le depuis votre RIB.")
    except ValidationError:
        return _("Cet IBAN n'a pas la bonne forme : deux lettres de pays, puis des chiffres. Recopiez-le depuis votre RIB.")
    if iban[:2] in ("FR", "MC") and not has_rib_key(iban[4:]):
        return _("Cet IBAN n'est pas exact : la clé du RIB ne correspond pas. Recopiez-le depuis votre RIB.")
    if iban[:2] not in SEPA:
        return _("Ce compte est hors de la zone SEPA : l'association ne peut pas y faire de virement.")
    return ""


def has_rib_key(rib: str) -> bool:
    """Whether the two last figures of a French RIB are its key: 97 - (89 bank + 15 branch + 3 account) mod 97."""
    figures = "".join(LETTERS.get(sign, sign) for sign in rib)
    if len(rib) != RIB_LENGTH or not figures.isdigit():
        return False
    bank, branch, account, key = (int(figures[start:end]) for start, end in ((0, 5), (5, 10), (10, 21), (21, 23)))
    return 97 - (89 * bank + 15 * branch + 3 * account) % 97 == key


def why_not_bic(bic: str, iban: str) -> str:
    """What is wrong with a bank's code, in a sentence; "" when nothing is, or when there is none."""
    if not bic:
        return ""
    if not bics.is_valid(bic):
        return _("Ce BIC n'a pas la bonne forme : huit ou onze signes, comme AGRIFRPP.")
    if iban and bic[4:6] != iban[:2] and not {bic[4:6], iban[:2]} <= {"FR", "MC", "GB", "RE", "GP", "MQ", "GF", "YT", "PM"}:
        return _("Ce BIC n'est pas du même pays que l'IBAN.")
    return ""


@dataclass(frozen=True, slots=True)
class Tax:
    """Cents before tax, of tax, and together."""

    excl: int
    vat: int

    @property
    def total(self) -> int:
        return self.excl + self.vat


def tax_of(excl: int, regime: str, rate: int) -> Tax:
    """The tax on cents before tax, at ``rate`` tenths of a percent when the regime has any; rounded half up to the cent."""
    return Tax(excl, (excl * rate + 500) // 1000 if regime == VatRegime.STANDARD else 0)


def may_self_bill(payee: Payee | None, mandate: Mandate | None) -> bool:
    """Whether the association may write somebody's invoices: a company in France, a mandate in force (CGI art. 289 I-2)."""
    return payee is not None and mandate is not None and payee.country == Country.FR and bool(payee.siret)


# ── who ───────────────────────────────────────────────────────────────────────────────────────────
@rule(gettext_lazy("l'animateur·ice"))
def is_the_payee(actor: Actor, bill: Bill) -> bool:
    return is_facilitator(actor) and actor.person_id == bill.facilitator_id


@rule(gettext_lazy("l'association"))
def checks_bills(actor: Actor, bill: Bill) -> bool:
    return is_staff(actor)


@rule(gettext_lazy("l'association"))
def makes_transfers(actor: Actor, transfer: Transfer) -> bool:
    return is_staff(actor)


# ── whether ───────────────────────────────────────────────────────────────────────────────────────
@guard(gettext_lazy("Joignez votre facture, avec son numéro et sa date."))
def has_a_file(bill: Bill) -> bool:
    return bool(bill.file and bill.number and bill.issued_on)


@guard(gettext_lazy("Le montant hors taxes de cette facture n'est pas celui des rétributions : renvoyez-la."))
def says_the_fees(bill: Bill) -> bool:
    return bill.excl == sum(bill.lines.values_list("amount", flat=True))


@guard(gettext_lazy("La banque n'a pas encore répondu pour tous les paiements."))
def has_its_outcomes(transfer: Transfer) -> bool:
    return not transfer.payments.filter(outcome=PaymentOutcome.PENDING).exists()


@guard(gettext_lazy("Des paiements de ce virement sont en cours ou faits."))
def has_no_payment_left(transfer: Transfer) -> bool:
    return not transfer.payments.exclude(outcome=PaymentOutcome.CANCELLED).exists()


# ── when: a fee follows its invoice and its payment (design decision 11) ──────────────────────────
def fee_is_invoiced(now: datetime) -> Q:
    return ON_A_BILL


def fee_is_in_payment(now: datetime) -> Q:
    return fees_paid_by(*ALIVE)


def fee_is_paid(now: datetime) -> Q:
    return fees_paid_by(PaymentOutcome.PAID)


def fee_is_given_up(now: datetime) -> Q:
    return fees_given_up()


def fee_is_to_pay_again(now: datetime) -> Q:
    return ON_A_BILL
