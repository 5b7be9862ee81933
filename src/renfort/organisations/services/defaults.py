"""The first lists that describe organisations, installed where they are missing (R5)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import transaction

from renfort.organisations.models import (
    Agreement,
    CorrectionReason,
    DenialReason,
    LegalStatus,
    Network,
    OrganisationType,
)
from renfort.organisations.services import checks

DEFAULTS = Path(__file__).resolve().parents[1] / "data" / "defaults.toml"
LISTS: tuple[tuple[type[Any], str], ...] = (
    (Agreement, "agreement"),
    (Network, "network"),
    (CorrectionReason, "correction"),
    (DenialReason, "denial"),
)


def install() -> None:
    """Install statuses, types, agreements, networks, reasons and checks that do not exist; the operator's own are left alone."""
    content = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
    with transaction.atomic():
        for position, said in enumerate(content["status"]):
            types = said.pop("types", ())
            status, _ = LegalStatus.objects.get_or_create(key=said.pop("key"), defaults={**said, "position": position})
            _install_types(status, types)
        for model, name in LISTS:
            for position, said in enumerate(content[name]):
                model.objects.get_or_create(key=said.pop("key"), defaults={**said, "position": position})
        checks.install()


def _install_types(status: LegalStatus, types: Iterable[dict[str, Any]], parent: OrganisationType | None = None) -> None:
    for position, said in enumerate(types):
        below = said.pop("subtypes", ())
        defaults = {**said, "position": position, "legal_status": status, "parent": parent}
        made, _ = OrganisationType.objects.get_or_create(key=said.pop("key"), defaults=defaults)
        _install_types(status, below, made)
