"""The rates of the demonstration: what each part of a session and each coordination is paid (W8, W9)."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from renfort.kernel.actors import SERVICE
from renfort.workshops.enums import Audience, Kind, RateRole
from renfort.workshops.services.rates import RateFacts, add_rate

# euros before tax per service: leading, helping, coaching, coordinating; schools pay less
FULL, SCHOOL = (500, 250, 300, 100), (150, 80, 100, 40)


def load_rates() -> None:
    """Rates of every audience since a year ago."""
    first_on: date = timezone.localdate() - timedelta(days=365)
    for audience in Audience:
        lead, help_, coach, coordination = SCHOOL if audience == Audience.EDUCATION else FULL
        for kind in Kind:
            for role, euros in ((RateRole.LEAD, lead), (RateRole.CO_LEAD, help_), (RateRole.COACH, coach)):
                if (role, kind) != (RateRole.COACH, Kind.TRAINING):
                    _add(audience, role, kind, euros, first_on)
        _add(audience, RateRole.COORDINATION, "", coordination, first_on)


def _add(audience: str, role: str, kind: str, euros: int, first_on: date) -> None:
    facts = RateFacts(audience=str(audience), role=str(role), kind=str(kind), amount=euros * 100, first_on=first_on)
    add_rate(actor=SERVICE, facts=facts)
