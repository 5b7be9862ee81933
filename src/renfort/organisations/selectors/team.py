"""The team of an organisation as its managers see it, and the invitations that wait (R40)."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.db.models import DateTimeField, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.organisations.enums import InvitationState, JoinState, Programme, Role, ScopeKind
from renfort.organisations.models import Grant, Invitation, JoinRequest, Organisation
from renfort.organisations.selectors.roles import grants_in_force, members_of
from renfort.people.models import OpenSession

SHOWN = timedelta(days=30)  # how long an invitation that came to nothing stands on the page of the team
RESTORED_WITHIN = timedelta(days=30)  # how long the operator may bring an organisation back


def team_members(organisation_id: int) -> QuerySet[Grant]:
    """The team with ``seen_at``: when each was last signed in, None for never. One query."""
    sessions = (
        OpenSession.objects.filter(account__person=OuterRef("person"))
        .order_by()
        .values("account")
        .annotate(last=Max("seen_at"))
        .values("last")
    )
    last = Subquery(sessions, output_field=DateTimeField())
    return members_of(organisation_id).annotate(seen_at=Greatest("person__account__last_login", last))


def team_member(organisation_id: int, pk: int) -> Grant | None:
    """One member of the team by the number of the role; somebody of another team is nobody here. One query."""
    return members_of(organisation_id).filter(pk=pk).select_related("organisation", "person__account").first()


def invitations_visible(actor: Actor) -> QuerySet[Invitation]:
    """The invitations to the teams that the actor manages, and those that the actor has answered.

    Whoever holds a link reaches its invitation with ``invitation_of_token``.
    """
    invitations = Invitation.objects.all()
    if actor.kind in ("clock", "service"):
        return invitations
    hosts = actor.scopes(Programme.RESERVE, [Role.MANAGER], ScopeKind.ORGANISATION)
    return invitations.filter(
        Q(organisation_id__in=[int(scope) for scope in hosts]) | Q(person_id=actor.person_id, person__isnull=False)
    )


def invitations_shown(organisation_id: int) -> list[Invitation]:
    """Those that wait, newest first, then those that came to nothing within a month. One query."""
    lately = Q(state__in=[InvitationState.DECLINED, InvitationState.EXPIRED], ended_at__gt=timezone.now() - SHOWN)
    found = Invitation.objects.filter(Q(state=InvitationState.SENT) | lately, organisation_id=organisation_id)
    return sorted(found.order_by("-id"), key=lambda each: each.state != InvitationState.SENT)


def digest_of(token: str) -> str:
    """What the table keeps of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_of_token(token: str) -> Invitation | None:
    """The invitation that a link opens, whatever became of it; None for a token that nobody was sent. One query."""
    found = Invitation.objects.filter(digest=digest_of(token))
    return found.select_related("organisation", "invited_by", "person").first()


# ── what the operator looks after ─────────────────────────────────────────────────────────────────
def orphan_requests() -> QuerySet[JoinRequest]:
    """Requests to join organisations in which nobody can answer any more, oldest first (R9)."""
    managers = grants_in_force().filter(
        organisation=OuterRef("organisation"), programme=Programme.RESERVE, role=Role.MANAGER, person__account__is_active=True
    )
    waiting = JoinRequest.objects.filter(state=JoinState.PENDING, organisation__left_at=None)
    return waiting.annotate(is_managed=Exists(managers)).filter(is_managed=False).order_by("id")


def lately_left() -> QuerySet[Organisation]:
    """Organisations that have left the platform and may still be brought back, the latest first."""
    since = timezone.now() - RESTORED_WITHIN
    return Organisation.objects.filter(left_at__gt=since).select_related("left_by", "department").order_by("-left_at")


def is_colleague(actor: Actor, person_id: int) -> bool:
    """Whether both hold a role of one organisation now, so that they see each other's picture (R7). At most one query."""
    shared = [held.scope for held in actor.roles if held.scope_kind == ScopeKind.ORGANISATION]
    if not shared:
        return False
    return grants_in_force().filter(person_id=person_id, organisation_id__in=[int(scope) for scope in shared]).exists()
