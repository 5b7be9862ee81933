"""Whose logo a file is (R9)."""

from __future__ import annotations

from renfort.organisations.models import Organisation


def logo_path(key: str) -> str:
    """Where a logo is stored."""
    return f"logos/{key[:2]}/{key}.webp"


def logo_is_shown(key: str) -> bool:
    """Whether an organisation that is on the platform has this logo now. One query, by an index of those who have one."""
    return Organisation.objects.filter(logo=key, left_at=None).exclude(logo="").exists()
