"""Propose that a mission goes to another organisation (R55). What becomes of the proposal is on ``missions.workflow``."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused, lock_row, lock_rows
from renfort.missions.enums import TransferState
from renfort.missions.messages import TRANSFER_ANNOUNCED, TRANSFER_PROPOSED
from renfort.missions.models import Mission, Transfer
from renfort.missions.rules import MOVABLE, helps
from renfort.organisations.enums import OrganisationState
from renfort.organisations.models import Organisation
from renfort.organisations.rules import belongs_to, oversees
from renfort.organisations.selectors import is_managed

ANSWERED_WITHIN = timedelta(days=14)
LONGEST = 1000


def propose_transfer(*, actor: Actor, mission: Mission, receiver: Organisation, words: str = "") -> Transfer:
    """Propose a mission to another organisation of the territory. Both organisations are told; either may say no.

    Organisations are locked by number, then the mission (the written order). ``words``: why, for both sides.

    Raises:
        NotAllowed: the actor is no referent of the mission, or is of the team of one of the two organisations.
        Refused: with every reason: the mission is closed, a draft or over; the receiver is the same, is not validated, has nobody
            to take it, or is not of the territory; a transfer is proposed already; too many words.
    """
    words = words.strip()
    now = timezone.now()
    try:
        with transaction.atomic():
            both = {
                each.pk: each for each in lock_rows(Organisation.objects.filter(pk__in=[mission.organisation_id, receiver.pk]))
            }
            locked: Mission = lock_row(mission)
            if not helps(actor, locked) or belongs_to(actor, receiver.pk):
                raise NotAllowed(
                    _("Seul un référent de cette mission, étranger aux deux structures, peut proposer son transfert.")
                )
            target = both[receiver.pk]
            if refusals := _refusals(actor, locked, target, words):
                raise Refused(*refusals)
            made = Transfer.objects.create(
                mission=locked, giver_id=locked.organisation_id, receiver=target, proposed_by_id=cast(int, actor.person_id),
                created_at=now, expires_at=now + ANSWERED_WITHIN,
            )  # fmt: skip
            publish(
                "missions.transfer.propose", made, actor=actor, after=made.state,
                codes={"mission": locked.pk, "giver": locked.organisation_id, "receiver": target.pk},
                texts={"message": words} if words else {}, tells=(TRANSFER_PROPOSED, TRANSFER_ANNOUNCED),
            )  # fmt: skip
    except IntegrityError:  # two at once: one open proposal for each mission, whoever writes
        raise Refused(_already()) from None
    return made


def _already() -> str:
    return _("Un transfert de cette mission est déjà proposé : retirez-le d'abord.")


def _refusals(actor: Actor, mission: Mission, receiver: Organisation, words: str) -> list[str]:
    said = [
        (
            mission.state not in MOVABLE or mission.is_over,
            _("Cette mission n'est plus ouverte : elle ne peut pas être transférée."),
        ),
        (receiver.pk == mission.organisation_id, _("La mission est déjà à cette structure.")),
        (not oversees(actor, receiver.department_id), _("Cette structure n'est pas de votre territoire.")),
        (
            receiver.state != OrganisationState.VALIDATED or receiver.left_at is not None,
            _("La structure qui reçoit doit être validée."),
        ),
        (not is_managed(receiver.pk), _("Cette structure n'a plus de responsable : personne ne pourrait suivre la mission.")),
        (
            Transfer.objects.filter(mission=mission, state=TransferState.PROPOSED).exists(),
            _already(),
        ),
        (len(words) > LONGEST, _("Votre message est trop long : 1 000 caractères au plus.")),
    ]
    return [sentence for is_so, sentence in said if is_so]
