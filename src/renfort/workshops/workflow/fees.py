"""The lives of a request of fees and of a fee. These pages are the rule; nothing repeats them (W8, W9, W11)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.kernel.rules import CLOCK_RULE
from renfort.kernel.workflow import Transition, Workflow, stamp
from renfort.workshops import messages, rules
from renfort.workshops.effects import note_month, note_return
from renfort.workshops.enums import FeeState, RoundState
from renfort.workshops.models import Fee, Round
from renfort.workshops.selectors.fees import fees_visible, rounds_visible

R, F = RoundState, FeeState


def why_returned() -> forms.Field:
    """Why a line goes back; who asked it reads it."""
    return forms.CharField(label=_("Pourquoi ?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


ROUND: Workflow[Round] = Workflow(
    model="workshops.Round",
    title=_("Demande de rétributions"),
    states=R,
    initial=R.DRAFT,
    final=[R.RETURNED, R.APPROVED, R.CANCELLED],
    visible=rounds_visible,
    tones={R.DRAFT: "neutral", R.SUBMITTED: "warning", R.RETURNED: "danger", R.APPROVED: "success", R.CANCELLED: "neutral"},
    transitions=[
        Transition(
            name="submit", path="demander", source=(R.DRAFT,), target=R.SUBMITTED, label=_("Demander les rétributions"),
            tone="primary", who=rules.asks_for_it, locks=("assignment",),
            when=(rules.is_for_one_under_way, rules.has_fees_asked), does=(stamp("submitted"), note_month),
            tells=(messages.FEES_ASKED, messages.FEES_ASKED_FOR),
        ),
        Transition(
            name="approve", path="approuver", source=(R.SUBMITTED,), target=R.APPROVED, label=_("Approuver la demande"),
            tone="primary", who=rules.sees_to_rounds, locks=("assignment",), when=(rules.has_fees_asked,),
            unless=(rules.is_paid_by_it,), does=(stamp("approved"),), tells=(messages.FEES_APPROVED,),
        ),
        Transition(
            name="give_back", path="renvoyer", source=(R.SUBMITTED,), target=R.RETURNED, label=_("Renvoyer la demande"),
            who=rules.sees_to_rounds, locks=("assignment",), when=(rules.has_none_left,),
        ),
        Transition(
            name="cancel", path="abandonner", source=(R.DRAFT,), target=R.CANCELLED, label=_("Abandonner le brouillon"),
            tone="quiet", who=rules.asks_for_it, locks=("assignment",),
        ),
    ],
)  # fmt: skip

FEE: Workflow[Fee] = Workflow(
    model="workshops.Fee",
    title=_("Rétribution"),
    states=F,
    initial=F.REQUESTED,
    final=[F.RETURNED, F.PAID],
    visible=fees_visible,
    tones={
        F.REQUESTED: "warning", F.RETURNED: "danger", F.APPROVED: "info", F.INVOICED: "info", F.IN_PAYMENT: "info",
        F.PAID: "success", F.REJECTED: "danger",
    },
    transitions=[
        Transition(
            name="approve", path="approuver", source=(F.REQUESTED,), target=F.APPROVED, label=_("Approuver"), tone="primary",
            who=rules.sees_to_fees, locks=("assignment",), unless=(rules.is_ones_own,), does=(stamp("approved"),),
            tells=(messages.COORDINATION_APPROVED,),
        ),
        Transition(
            name="give_back", path="renvoyer", source=(F.REQUESTED,), target=F.RETURNED, label=_("Renvoyer"),
            asks={"reason": why_returned}, who=rules.sees_to_fees, locks=("assignment",), when=(rules.could_be_asked_again,),
            does=(note_return,),
        ),
        # what follows is no button: a fee goes where its invoice and its payment are (workflow.money, design decision 11)
        Transition(
            name="invoice", path="facturer", source=(F.APPROVED,), target=F.INVOICED, label=_("Noter la facture"),
            who=CLOCK_RULE, locks=("assignment",), due=rules.fee_is_invoiced,
        ),
        Transition(
            name="pay", path="payer", source=(F.INVOICED,), target=F.IN_PAYMENT, label=_("Mettre en paiement"),
            who=CLOCK_RULE, locks=("assignment",), due=rules.fee_is_in_payment,
        ),
        Transition(
            name="settle", path="payee", source=(F.IN_PAYMENT,), target=F.PAID, label=_("Noter le paiement"),
            who=CLOCK_RULE, locks=("assignment",), does=(stamp("paid"),), due=rules.fee_is_paid,
        ),
        Transition(
            name="reject", path="rejetee", source=(F.IN_PAYMENT,), target=F.REJECTED, label=_("Noter le rejet"),
            who=CLOCK_RULE, locks=("assignment",), due=rules.fee_is_given_up,
        ),
        Transition(
            name="reissue", path="reprendre", source=(F.REJECTED,), target=F.INVOICED, label=_("Remettre à payer"),
            who=CLOCK_RULE, locks=("assignment",), due=rules.fee_is_to_pay_again,
        ),
    ],
)  # fmt: skip
