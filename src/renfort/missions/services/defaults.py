"""The first texts and lists of the réserve, installed where they are missing (R10, R11, R13, R58)."""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.db import transaction

from renfort.missions.models import Domain, DomainRules, Public

DEFAULTS = Path(__file__).resolve().parents[1] / "data" / "defaults.toml"
RULES = ("rules_fr", "rules_en", "statement_fr", "statement_en")


def install() -> None:
    """Install domains with their rules, and publics, that do not exist; the operator's own are left alone."""
    content = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
    with transaction.atomic():
        for position, texts in enumerate(content["domain"]):
            rules = {name: texts.pop(name) for name in RULES}
            domain, is_new = Domain.objects.get_or_create(key=texts.pop("key"), defaults={**texts, "position": position})
            if is_new:
                DomainRules.objects.create(domain=domain, version=1, **rules)
        for position, texts in enumerate(content["public"]):
            Public.objects.get_or_create(key=texts.pop("key"), defaults={**texts, "position": position})
