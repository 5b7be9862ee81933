"""What a transition of organisations writes beside the state itself."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from renfort.kernel.events import Event
from renfort.organisations.models import BranchInvitation, Delegation, Grant, Invitation, Merge, Organisation, ReferentInvitation
from renfort.organisations.selectors import digest_of
from renfort.organisations.selectors.merges import merge_of
from renfort.parameters.catalogue import INVITATION_DAYS
from renfort.parameters.selectors import value_of

TOKEN_BYTES = 32
BRANCH_DAYS = 30  # a branch answers once its board has met


def give_link(invitation: Invitation | ReferentInvitation) -> None:
    """Give an invitation a link that nobody can guess, in memory for its e-mail; the row keeps its digest alone."""
    invitation.token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation.digest = digest_of(invitation.token)
    invitation.expires_at = invitation.sent_at + timedelta(days=value_of(INVITATION_DAYS))


def send_anew(event: Event[Any]) -> None:
    """A new link with its whole time; the former one opens nothing any more."""
    invitation = event.obj
    invitation.sent_at, invitation.ended_at = event.at, None
    invitation.times_sent += 1
    invitation.invited_by_id = event.actor.person_id or invitation.invited_by_id
    give_link(invitation)


def give_branch_link(invitation: BranchInvitation) -> None:
    """The same for a branch that is invited by its network (R56)."""
    invitation.token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation.digest = digest_of(invitation.token)
    invitation.expires_at = invitation.sent_at + timedelta(days=BRANCH_DAYS)


def send_branch_anew(event: Event[BranchInvitation]) -> None:
    """A new link with its whole time; the former one opens nothing any more."""
    invitation = event.obj
    invitation.sent_at, invitation.ended_at = event.at, None
    invitation.times_sent += 1
    invitation.invited_by_id = event.actor.person_id or invitation.invited_by_id
    give_branch_link(invitation)


def take_back(event: Event[Delegation]) -> None:
    """End at once what the delegation lends; an invitation that goes with it opens nothing (``rules.is_lent_still``)."""
    Grant.objects.filter(delegation=event.obj, valid_until__gt=event.at).update(valid_until=event.at)


def queue(event: Event[Organisation]) -> None:
    """It waits for a decision from now on (R52)."""
    event.obj.queued_at = event.at


def let_go(event: Event[Organisation]) -> None:
    """Nobody has it in hand any more."""
    event.obj.taken_at = event.obj.taken_by = None


def come_back(event: Event[Organisation]) -> None:
    """As if it had never left; the history keeps it."""
    event.obj.left_at = event.obj.left_by = None


def go_into(event: Event[Organisation]) -> None:
    """Another one stands for it from now on (R55); those for which it stood go with it."""
    found = merge_of(event.obj.pk)
    if found is not None:
        event.obj.merged_into_id = found.kept_id
        Organisation.objects.filter(merged_into_id=event.obj.pk).update(merged_into_id=found.kept_id)


def ask_anew(event: Event[Merge]) -> None:
    """What was agreed to is no longer what would happen: both teams are asked again."""
    event.obj.kept_agreed_at = event.obj.kept_agreed_by = None
    event.obj.absorbed_agreed_at = event.obj.absorbed_agreed_by = None
