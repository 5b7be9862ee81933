"""Pieces that show rates, requests and fees."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from renfort.kernel.templatetags.ui import badge
from renfort.workshops.enums import FeeKind, FeeState, Kind, RateRole, RoundState
from renfort.workshops.models import Fee, Rate, Round
from renfort.workshops.workflow import FEE, ROUND


def fee_badge(fee: Fee) -> SafeString:
    return badge(label=FeeState(fee.state).label, tone=FEE.tones[fee.state])


def round_badge(request: Round) -> SafeString:
    return badge(label=RoundState(request.state).label, tone=ROUND.tones[request.state])


def tag_badge(tag: str | None) -> SafeString | str:
    """« Rétributions demandées », « à demander », « en partie » of a session (W8); nothing without anybody to pay."""
    words = {
        "asked": (_("Rétributions demandées"), "success"),
        "partly": (_("Rétributions demandées en partie"), "warning"),
        "to_ask": (_("Rétributions à demander"), "warning"),
    }
    if not tag:
        return ""
    label, tone = words[tag]
    return badge(label=label, tone=tone)


def what_of(fee: Fee) -> str:
    """What a fee pays: « Atelier, lundi 4 mars, 14 h – 17 h », or « Coordination ». Needs the session."""
    if fee.kind == FeeKind.COORDINATION or fee.enrolment is None:
        return str(FeeKind.COORDINATION.label)
    return f"{fee.enrolment.session.title}, {fee.enrolment.session.words}"


def rate_words(rate: Rate) -> str:
    """« Atelier · Animation »."""
    return " · ".join(str(label) for label in (Kind(rate.kind).label if rate.kind else "", RateRole(rate.role).label) if label)
