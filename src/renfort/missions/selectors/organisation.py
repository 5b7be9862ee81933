"""An organisation as everybody may see it: who it is, and what it looks for (R9, R30)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from renfort.missions.models import Mission
from renfort.missions.selectors.mission import open_missions
from renfort.organisations.models import Organisation


def public_organisation(pk: int) -> Organisation | None:
    """One organisation with its department, status and type, or None: unknown, or no longer on the platform. One query."""
    known = Organisation.objects.select_related("department", "legal_status", "type", "subtype")
    return known.filter(pk=pk, left_at=None).first()


def organisation_has_left(pk: int) -> bool:
    """Whether an organisation was here and has left the platform: its page says so instead of never having been. One query."""
    return Organisation.objects.filter(pk=pk, left_at__isnull=False).exists()


def missions_of_organisation(organisation: Organisation) -> QuerySet[Mission]:
    """What it looks for now, newest first: open missions only."""
    return open_missions().filter(organisation=organisation).order_by("-published_at", "-id")


def organisations_with_missions() -> QuerySet[Organisation]:
    """The organisations that look for somebody now: those whose pages are worth finding elsewhere."""
    return Organisation.objects.filter(Exists(open_missions().filter(organisation=OuterRef("pk")))).order_by("pk")
