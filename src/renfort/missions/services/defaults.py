"""The first texts and lists of the réserve, installed where they are missing (R10, R11, R13, R58)."""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.db import transaction

from renfort.missions.enums import TemplateScope
from renfort.missions.models import Domain, DomainRules, MissionTemplate, Public
from renfort.missions.services import checks

DATA = Path(__file__).resolve().parents[1] / "data"
DEFAULTS, TEMPLATES = DATA / "defaults.toml", DATA / "templates.toml"
RULES = ("rules_fr", "rules_en", "statement_fr", "statement_en")


def install() -> None:
    """Install domains with their rules, publics, templates and checks that do not exist; the operator's own are left alone."""
    content = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
    with transaction.atomic():
        for position, texts in enumerate(content["domain"]):
            rules = {name: texts.pop(name) for name in RULES}
            domain, is_new = Domain.objects.get_or_create(key=texts.pop("key"), defaults={**texts, "position": position})
            if is_new:
                DomainRules.objects.create(domain=domain, version=1, **rules)
        for position, texts in enumerate(content["public"]):
            Public.objects.get_or_create(key=texts.pop("key"), defaults={**texts, "position": position})
        _install_templates()
        checks.install()


def _install_templates() -> None:
    """One mission to start from per domain (R66); none for a domain that is not there."""
    for facts in tomllib.loads(TEMPLATES.read_text(encoding="utf-8"))["template"]:
        key, publics = facts.pop("key"), facts.pop("publics")
        domain = Domain.objects.filter(key=facts.pop("domain")).first()
        if domain is None or MissionTemplate.objects.filter(key=key).exists():
            continue
        told = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
        template = MissionTemplate.objects.create(key=key, scope=TemplateScope.DOMAIN, domain=domain, **told)
        template.publics.set(Public.objects.filter(key__in=publics))
