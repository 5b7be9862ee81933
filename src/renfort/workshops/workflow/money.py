"""The lives of a payee's invoice and of a transfer. These pages are the rule; nothing repeats them (W11)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.kernel.workflow import Transition, Workflow, stamp
from renfort.workshops import messages, rules
from renfort.workshops.effects import note_refusal
from renfort.workshops.enums import BillState, TransferState
from renfort.workshops.models import Bill, Transfer
from renfort.workshops.selectors.bills import bills_visible
from renfort.workshops.selectors.transfers import transfers_visible

B, T = BillState, TransferState


def why_refused() -> forms.Field:
    """Why the invoice goes back; who sent it reads it."""
    return forms.CharField(label=_("Que faut-il corriger ?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


BILL: Workflow[Bill] = Workflow(
    model="workshops.Bill",
    title=_("Facture d'animateur·ice"),
    states=B,
    initial=B.AWAITED,
    final=[B.ACCEPTED],
    visible=bills_visible,
    tones={B.AWAITED: "neutral", B.RECEIVED: "warning", B.ACCEPTED: "success"},
    transitions=[
        Transition(
            name="send", path="envoyer", source=(B.AWAITED,), target=B.RECEIVED, label=_("Envoyer ma facture"), tone="primary",
            who=rules.is_the_payee, when=(rules.has_a_file,), does=(stamp("received"),), tells=(messages.BILL_RECEIVED,),
        ),
        Transition(
            name="accept", path="accepter", source=(B.RECEIVED,), target=B.ACCEPTED, label=_("Accepter la facture"),
            tone="primary", who=rules.checks_bills, when=(rules.says_the_fees,), does=(stamp("accepted"),),
        ),
        Transition(
            name="send_back", path="renvoyer", source=(B.RECEIVED,), target=B.AWAITED, label=_("Renvoyer la facture"),
            asks={"refusal": why_refused}, who=rules.checks_bills, does=(note_refusal,), tells=(messages.BILL_REFUSED,),
        ),
    ],
)  # fmt: skip

TRANSFER: Workflow[Transfer] = Workflow(
    model="workshops.Transfer",
    title=_("Virement"),
    states=T,
    initial=T.READY,
    final=[T.SETTLED, T.CANCELLED],
    visible=transfers_visible,
    tones={T.READY: "warning", T.SETTLED: "success", T.CANCELLED: "neutral"},
    transitions=[
        Transition(
            name="settle", path="compte-rendu", source=(T.READY,), target=T.SETTLED,
            label=_("Noter le compte rendu de la banque"), tone="primary", who=rules.makes_transfers,
            when=(rules.has_its_outcomes,), does=(stamp("settled"),),
        ),
        Transition(
            name="cancel", path="annuler", source=(T.READY,), target=T.CANCELLED, label=_("Annuler le virement"),
            warning=_("Seulement si le fichier n'a pas été remis à la banque. Les factures redeviennent « à payer »."),
            who=rules.makes_transfers, when=(rules.has_no_payment_left,), does=(stamp("cancelled"),),
        ),
    ],
)  # fmt: skip
