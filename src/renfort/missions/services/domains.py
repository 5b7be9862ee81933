"""The operator's verbs on domains of action: add, edit, order, close, open; new wordings of their rules (R10, R13, R58)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import NotAllowed
from renfort.kernel.recent import forget_all
from renfort.missions.models import Domain, DomainRules
from renfort.missions.selectors.mission import rules_in_force
from renfort.organisations.selectors import is_operator

FIELDS = (
    "label_fr", "label_en", "short_fr", "short_en", "objective_fr", "objective_en", "description_fr", "description_en",
    "illustration", "remote_allowed", "is_sensitive", "minimum_age", "age_limit_on_site",
)  # fmt: skip
WORDING = ("rules_fr", "rules_en", "statement_fr", "statement_en")


def add_domain(*, actor: Actor, facts: Mapping[str, Any], wording: Mapping[str, Any]) -> Domain:
    """A new domain at the end, with the first wording of its rules. Its key is made of its short name and never changes.

    Raises:
        NotAllowed: the actor is not the operator.
    """
    _only_operator(actor)
    with transaction.atomic():
        last = Domain.objects.order_by("-position").values_list("position", flat=True).first()
        domain = Domain.objects.create(
            key=_free_key(facts["short_fr"]), position=0 if last is None else last + 1, **{name: facts[name] for name in FIELDS}
        )
        changes: dict[str, tuple[Plain, Plain]] = {name: (None, facts[name]) for name in FIELDS if facts[name] not in (None, "")}
        publish("missions.domain.add", domain, actor=actor, codes={"key": domain.key}, changes=changes)
        write_rules(actor=actor, domain=domain, wording=wording)
        transaction.on_commit(forget_all)
    forget_all()
    return domain


def edit_domain(*, actor: Actor, domain: Domain, facts: Mapping[str, Any]) -> None:
    """Change what a domain says; missions that have it say the new words. What is there already writes nothing.

    Raises:
        NotAllowed: the actor is not the operator.
    """
    _only_operator(actor)
    with transaction.atomic():
        locked = Domain.objects.select_for_update().get(pk=domain.pk)
        changes: dict[str, tuple[Plain, Plain]] = {
            name: (getattr(locked, name), facts[name])
            for name in FIELDS
            if name in facts and getattr(locked, name) != facts[name]
        }
        if not changes:
            return
        for name in changes:
            setattr(locked, name, facts[name])
        locked.save(update_fields=list(changes))
        publish("missions.domain.edit", locked, actor=actor, codes={"key": locked.key}, changes=changes)
        transaction.on_commit(forget_all)
    forget_all()


def write_rules(*, actor: Actor, domain: Domain, wording: Mapping[str, Any]) -> DomainRules | None:
    """A new version of a domain's rules (R13): shown and ticked from now on. Who ticked another one keeps it.

    Returns the new version; None when nothing differs from the one in force.

    Raises:
        NotAllowed: the actor is not the operator.
    """
    _only_operator(actor)
    with transaction.atomic():
        Domain.objects.select_for_update().get(pk=domain.pk)  # one version after the other
        now = rules_in_force(domain.pk)
        if now is not None and all(getattr(now, name) == wording[name] for name in WORDING):
            return None
        row = DomainRules.objects.create(
            domain=domain, version=1 if now is None else now.version + 1, **{name: wording[name] for name in WORDING}
        )
        changes: dict[str, tuple[Plain, Plain]] = {
            name: (_text(getattr(now, name, "")), _text(wording[name]))
            for name in WORDING
            if _text(getattr(now, name, "")) != _text(wording[name])
        }
        publish("missions.domain.rules", domain, actor=actor, codes={"key": domain.key, "version": row.version}, changes=changes)
    return row


def offer_domain(*, actor: Actor, domain: Domain, offered: bool) -> None:
    """Open or close a domain to new missions; missions that have it keep it, and stay online.

    Raises:
        NotAllowed: the actor is not the operator.
    """
    _only_operator(actor)
    if domain.is_active == offered:
        return
    with transaction.atomic():
        domain.is_active = offered
        domain.save(update_fields=["is_active"])
        verb = "open" if offered else "close"
        publish(
            f"missions.domain.{verb}",
            domain,
            actor=actor,
            codes={"key": domain.key},
            changes={"is_active": (not offered, offered)},
        )
        transaction.on_commit(forget_all)
    forget_all()


def move_domain(*, actor: Actor, domain: Domain, down: bool) -> None:
    """Exchange places with the neighbour; at an end of the list nothing happens.

    Raises:
        NotAllowed: the actor is not the operator.
    """
    _only_operator(actor)
    with transaction.atomic():
        rows = list(Domain.objects.select_for_update().order_by("position", "id"))
        here = next(index for index, row in enumerate(rows) if row.pk == domain.pk)
        there = here + (1 if down else -1)
        if not 0 <= there < len(rows):
            return
        rows[here], rows[there] = rows[there], rows[here]
        for position, row in enumerate(rows):
            row.position = position
        Domain.objects.bulk_update(rows, ["position"])
        publish("missions.domain.move", domain, actor=actor, codes={"key": domain.key}, changes={"position": (here, there)})
        transaction.on_commit(forget_all)
    forget_all()


def _text(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else "\n".join(value)


def _free_key(label: str) -> str:
    base = slugify(label)[:56] or "domaine"
    taken = set(Domain.objects.filter(key__startswith=base).values_list("key", flat=True))
    return next(key for key in (base, *(f"{base}-{number}" for number in range(2, 1000))) if key not in taken)


def _only_operator(actor: Actor) -> None:
    if not is_operator(actor):
        raise NotAllowed
