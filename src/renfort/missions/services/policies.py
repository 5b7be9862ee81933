"""The operator's verbs on publication policies (R12, R52): written for a domain, a department, or both; ended, never deleted."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import NotAllowed
from renfort.missions.models import Domain, PublicationPolicy
from renfort.organisations.selectors import is_operator
from renfort.parameters.catalogue import PUBLICATION
from renfort.territories.models import Department


def write_policy(*, actor: Actor, policy: str, domain: Domain | None, department: Department | None) -> PublicationPolicy:
    """Let another policy hold there from now on; the one that held there ends. The same again writes nothing.

    Missions that wait already keep their place: the policy is asked when a mission is proposed.

    Raises:
        NotAllowed: the actor is not the operator.
        ValueError: the policy does not exist, or neither domain nor department is given.
    """
    if not is_operator(actor):
        raise NotAllowed
    if policy not in dict(PUBLICATION.choices) or (domain is None and department is None):
        raise ValueError(f"{policy!r} cannot be written there")
    with transaction.atomic():
        here = PublicationPolicy.objects.select_for_update(of=("self",)).filter(
            domain=domain, department=department, ended_at=None
        )
        before = here.first()
        if before is not None and before.policy == policy:
            return before
        if before is not None:
            _end(before, actor)
        row = PublicationPolicy.objects.create(domain=domain, department=department, policy=policy, set_by_id=actor.person_id)
        changes: dict[str, tuple[Plain, Plain]] = {"policy": (before.policy if before else "", policy)}
        publish("missions.publicationpolicy.write", row, actor=actor, codes=_where(row), changes=changes)
    return row


def end_policy(*, actor: Actor, row: PublicationPolicy) -> None:
    """Let the less specific policy hold there again. Ended twice, it is ended once.

    Raises:
        NotAllowed: the actor is not the operator.
    """
    if not is_operator(actor):
        raise NotAllowed
    with transaction.atomic():
        locked = PublicationPolicy.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if locked.ended_at is not None:
            return
        _end(locked, actor)
        publish(
            "missions.publicationpolicy.end", locked, actor=actor, codes=_where(locked), changes={"policy": (locked.policy, "")}
        )


def _end(row: PublicationPolicy, actor: Actor) -> None:
    row.ended_at, row.ended_by_id = timezone.now(), actor.person_id
    row.save(update_fields=["ended_at", "ended_by"])


def _where(row: PublicationPolicy) -> dict[str, Plain]:
    return {"domain": row.domain_id, "department": row.department_id}
