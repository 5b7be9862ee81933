"""The operator's verb of acting as somebody (P10): with a reason, for fifteen minutes, traced, never as another operator."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused
from renfort.organisations.models import Impersonation
from renfort.organisations.selectors import is_operator
from renfort.organisations.selectors.impersonation import runs_platform
from renfort.people.models import Account, Person

LASTS = timedelta(minutes=15)
SHORTEST = 10  # characters of a reason


def start_impersonation(*, actor: Actor, person: Person, reason: str) -> Impersonation:
    """Begin to act as somebody.

    Raises:
        NotAllowed: the actor is not an operator, or acts as somebody already.
        Refused: the person is an operator, is oneself, or cannot sign in; or the reason says nothing.
    """
    if not is_operator(actor) or actor.person_id is None or actor.behind is not None:
        raise NotAllowed
    if person.pk == actor.person_id or runs_platform(person.pk):
        raise Refused(_("On n'agit jamais au nom d'un opérateur."))
    if not Account.objects.filter(person=person, is_active=True).exists():
        raise Refused(_("Cette personne n'a pas de compte ouvert."))
    if len(reason.strip()) < SHORTEST:
        raise Refused(_("Dites pourquoi en quelques mots : la personne le lira."))
    now = timezone.now()
    with transaction.atomic():
        row = Impersonation.objects.create(
            operator_id=actor.person_id, person=person, reason=reason.strip(), started_at=now, ends_at=now + LASTS
        )
        publish("organisations.impersonation.start", row, actor=actor, codes={"person": person.pk}, texts={"reason": row.reason})
    return row


def end_impersonation(*, actor: Actor, row: Impersonation) -> None:
    """End it before its time. Ended twice, it is ended once."""
    with transaction.atomic():
        locked = Impersonation.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if locked.ended_at is not None:
            return
        locked.ended_at = min(timezone.now(), locked.ends_at)
        locked.save(update_fields=["ended_at"])
        publish("organisations.impersonation.end", locked, actor=actor, codes={"person": locked.person_id})
