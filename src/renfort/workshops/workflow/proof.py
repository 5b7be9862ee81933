"""The life of a document that a facilitator sends. This page is the rule; nothing repeats it (W4, W12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.forms import DateInput
from renfort.kernel.workflow import Transition, Workflow, stamp
from renfort.workshops import messages, rules
from renfort.workshops.enums import ProofState
from renfort.workshops.models import ComplianceDocument, Proof
from renfort.workshops.selectors.proofs import proofs_visible

P = ProofState


def dates(proof: Proof) -> Mapping[str, forms.Field]:
    """The days that the document says, as they were typed with it, to be read again."""
    return {
        "valid_from": forms.DateField(label=_("Valable à partir du"), widget=DateInput(), initial=proof.valid_from),
        "valid_until": forms.DateField(
            label=_("Jusqu'au (inclus)"), widget=DateInput(), required=False, initial=proof.valid_until,
            help_text=_("Vide : il n'expire pas."),
        ),
    }  # fmt: skip


def in_order(answers: Mapping[str, Any]) -> None:
    """The end after the start.

    Raises:
        ValidationError: it is not.
    """
    if answers.get("valid_until") and answers["valid_until"] < answers["valid_from"]:
        raise ValidationError({"valid_until": _("La fin vient après le début.")})


def words() -> forms.Field:
    """Why it cannot be taken; whoever sent it reads it."""
    return forms.CharField(
        label=gettext_lazy("Que faut-il corriger ?"), help_text=gettext_lazy("La personne lit vos mots."), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


def count_it(event: Event[Proof]) -> None:
    """What was accepted counts from now on; a former document of its kind stays, for what was true before."""
    proof = event.obj
    until = event.codes.get("valid_until")
    proof.valid_from, proof.valid_until = str(event.codes["valid_from"]), str(until) if until else None
    proof.document = ComplianceDocument.objects.create(
        facilitator_id=proof.facilitator_id, kind=proof.kind, valid_from=proof.valid_from, valid_until=proof.valid_until,
        seen_at=event.at, seen_by_id=event.actor.person_id,
    )  # fmt: skip


PROOF: Workflow[Proof] = Workflow(
    model="workshops.Proof",
    title=gettext_lazy("Document de conformité envoyé"),
    states=P,
    initial=P.SENT,
    final=[P.ACCEPTED, P.REFUSED, P.WITHDRAWN],
    visible=proofs_visible,
    tones={P.SENT: "warning", P.ACCEPTED: "success", P.REFUSED: "danger", P.WITHDRAWN: "neutral"},
    transitions=[
        Transition(
            name="accept", path="accepter", source=(P.SENT,), target=P.ACCEPTED,
            label=gettext_lazy("Accepter le document"), tone="primary", asks_of=dates, needs=in_order,
            who=rules.checks_it, unless=(rules.is_own_proof,), locks=("facilitator",), does=(count_it, stamp("decided")),
            tells=(messages.PROOF_ACCEPTED,),
        ),
        Transition(
            name="refuse", path="refuser", source=(P.SENT,), target=P.REFUSED,
            label=gettext_lazy("Refuser le document"), tone="danger", asks={"reason": words},
            who=rules.checks_it, unless=(rules.is_own_proof,), locks=("facilitator",), does=(stamp("decided"),),
            tells=(messages.PROOF_REFUSED,),
        ),
        Transition(
            name="withdraw", path="retirer", source=(P.SENT,), target=P.WITHDRAWN,
            label=gettext_lazy("Retirer ce document"), who=rules.sent_it, locks=("facilitator",),
        ),
    ],
)  # fmt: skip
