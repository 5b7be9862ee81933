"""The life of a paper: valid until a newer one replaces it, or until it is void (P5, R35)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.documents.effects import end, keep_reason
from renfort.documents.enums import PaperState, Reason
from renfort.documents.models import Paper
from renfort.documents.rules import PLATFORM_RULE
from renfort.documents.selectors import papers_visible
from renfort.kernel.workflow import Transition, Workflow

S = PaperState


def reason() -> forms.Field:
    """Why it is void."""
    return forms.ChoiceField(label=_("Pourquoi ?"), choices=Reason.choices)


PAPER: Workflow[Paper] = Workflow(
    model="documents.Paper",
    title=_("Document"),
    states=S,
    initial=S.VALID,
    final=[S.REPLACED, S.REVOKED],
    visible=papers_visible,
    tones={S.VALID: "success", S.REPLACED: "warning", S.REVOKED: "danger"},
    transitions=[
        Transition(
            name="replace", path="remplacer", source=(S.VALID,), target=S.REPLACED,
            label=_("Remplacer"), who=PLATFORM_RULE, does=(end,),
        ),
        Transition(
            name="revoke", path="annuler", source=(S.VALID,), target=S.REVOKED,
            label=_("Annuler"), asks={"reason": reason}, who=PLATFORM_RULE, does=(end, keep_reason),
        ),
    ],
)  # fmt: skip
