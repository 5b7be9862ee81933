"""Which places on sessions are owed a fee, and whether one is asked already (W8)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from renfort.workshops.enums import LIVING_FEES, EnrolmentState, Seat, Standing
from renfort.workshops.models import Enrolment, Fee

PAYABLE = Q(state=EnrolmentState.DONE, standing=Standing.PAID) & ~Q(seat=Seat.OBSERVER)  # of an enrolment


def asked() -> Exists:
    """Whether a fee lives for an enrolment, to annotate it with."""
    return Exists(Fee.objects.filter(enrolment=OuterRef("pk"), state__in=LIVING_FEES))


def fee_is_asked(enrolment: Enrolment) -> bool:
    """Whether a fee lives for this place; free when a selector has annotated ``is_asked``, else one query."""
    known = getattr(enrolment, "is_asked", None)
    if known is not None:
        return bool(known)
    return Fee.objects.filter(enrolment_id=enrolment.pk, state__in=LIVING_FEES).exists()
