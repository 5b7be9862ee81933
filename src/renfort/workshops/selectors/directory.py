"""The directory of facilitators (W4, W11)."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from renfort.workshops.enums import LEVELS
from renfort.workshops.models import Facilitator


def facilitators(words: str = "", level: str = "") -> QuerySet[Facilitator]:
    """Everybody who leads sessions, by name, with documents; ``words`` looks in names and addresses."""
    found = (
        Facilitator.objects.select_related("person")
        .prefetch_related("documents")
        .order_by("person__last_name", "person__first_name", "pk")
    )
    for word in words.split()[:5]:
        found = found.filter(
            Q(person__first_name__icontains=word) | Q(person__last_name__icontains=word) | Q(person__email__icontains=word)
        )
    return found.filter(level=level) if level in LEVELS else found
