"""Documents that facilitators have sent, for those who may know (W4, W12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from renfort.kernel.actors import Actor
from renfort.workshops.enums import ProofState
from renfort.workshops.models import ComplianceDocument, Facilitator, Proof
from renfort.workshops.selectors.compliance import asked
from renfort.workshops.selectors.roles import is_everybody, is_facilitator, is_staff


def proofs_visible(actor: Actor) -> QuerySet[Proof]:
    """All for the association; to a facilitator one's own."""
    found = Proof.objects.select_related("facilitator__person__account", "document")
    if is_everybody(actor) or is_staff(actor):
        return found
    return found.filter(facilitator_id=actor.person_id) if is_facilitator(actor) else found.none()


def proofs_waiting(actor: Actor) -> QuerySet[Proof]:
    """What the association has to look at, the oldest first."""
    return proofs_visible(actor).filter(state=ProofState.SENT).order_by("sent_at", "id")


def proofs_count() -> int:
    """How many wait for the association. One query."""
    return Proof.objects.filter(state=ProofState.SENT).count()


def newest_proofs(facilitator: Facilitator) -> dict[str, Proof]:
    """The last document of each kind that somebody has sent, whatever became of it. One query."""
    sent = facilitator.proofs.exclude(state=ProofState.WITHDRAWN).order_by("kind", "-id").distinct("kind")
    return {each.kind: each for each in sent}


def kinds_asked() -> set[str]:
    """The kinds of documents that some audience asks for."""
    now = asked()
    lists: Iterable[Iterable[str]] = (*now.documents.values(), *now.training.values())
    return {str(kind) for kinds in lists for kind in kinds}


def expiring(day: date, days: int) -> QuerySet[ComplianceDocument]:
    """The documents asked for that expire within so many days, of which it was not told for this or a nearer day.

    Not those that a newer one of their kind has replaced, nor those for which one waits to be looked at.
    """
    twin = ComplianceDocument.objects.filter(facilitator=OuterRef("facilitator"), kind=OuterRef("kind"))
    later = twin.filter(Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until")))
    sent = Proof.objects.filter(facilitator=OuterRef("facilitator"), kind=OuterRef("kind"), state=ProofState.SENT)
    found = ComplianceDocument.objects.filter(
        Q(told_days=None) | Q(told_days__gt=days), kind__in=kinds_asked(), valid_until__gte=day,
        valid_until__lte=day + timedelta(days=days),
    )  # fmt: skip
    return found.filter(~Exists(later), ~Exists(sent)).select_related("facilitator__person__account").order_by("pk")
