"""Invite, change a role, remove, leave: who makes up the team of an organisation (R40).

Every verb holds the organisation's row, and looks anew, under it, whether the actor still is « responsable »: of two managers who
remove each other at the same moment one remains.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import CLOCK, Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused, fire, lock_row
from renfort.organisations.effects import give_link
from renfort.organisations.enums import TEAM, InvitationState, Programme, Role
from renfort.organisations.messages import INVITED, MEMBER_LEFT, MEMBER_REMOVED, ROLE_CHANGED
from renfort.organisations.models import Grant, Invitation, Organisation
from renfort.organisations.rules import MOST_TIMES_SENT
from renfort.organisations.selectors import able_managers_of, is_member, members_of
from renfort.organisations.services.charges import hand_all_over
from renfort.organisations.services.roles import end_role, give_role
from renfort.organisations.workflow import INVITATION
from renfort.people.models import Person

INVITATION_INTENT = "organisations.invitation"  # the kind of an intent that becomes a role
KEPT = timedelta(days=90)
MOST_OPEN = 50  # invitations of one organisation at a time: each writes to a stranger


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationFacts:
    """Who is invited, as what; ``email`` in lower case."""

    role: str
    first_name: str
    last_name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """Who takes over what the one who goes is in charge of: ``chosen`` by number of the thing, all the rest to ``successor``.

    They are persons' numbers, looked up among the team: whoever is not of it takes nothing over.
    """

    successor: int | None = None
    chosen: Mapping[int, int] = field(default_factory=dict)


def hold_as_manager(actor: Actor, organisation: Organisation) -> Organisation:
    """The organisation, locked, when the actor is « responsable » of it now, whatever the request's roles said before.

    Raises:
        NotAllowed: the actor is not, or no longer.
    """
    locked: Organisation = lock_row(organisation)
    if actor.person_id is None or is_member(actor.person_id, locked.pk) != Role.MANAGER:
        raise NotAllowed(_("Seul un responsable de la structure peut changer son équipe."))
    return locked


# ── invitations ───────────────────────────────────────────────────────────────────────────────────
def invite(*, actor: Actor, organisation: Organisation, facts: InvitationFacts) -> tuple[Invitation, bool]:
    """Invite somebody into the team. Returns the invitation, and whether an e-mail has left: inviting twice is one invitation.

    Raises:
        NotAllowed: the actor is not « responsable » of the organisation.
        Refused: already of the team, already invited in another role, or too many invitations wait.
    """
    if facts.role not in TEAM:
        raise NotAllowed
    with transaction.atomic():
        locked = hold_as_manager(actor, organisation)
        _check_newcomer(locked, facts)
        former = (
            Invitation.objects.filter(
                organisation=locked, email=facts.email, state__in=[InvitationState.SENT, InvitationState.EXPIRED]
            )
            .order_by("-id")
            .first()
        )
        if former is not None and former.state == InvitationState.SENT and former.expires_at <= timezone.now():
            former = fire(INVITATION, former, "expire", actor=CLOCK)  # the clock is late
        if former is not None and former.state == InvitationState.SENT:
            if former.role != facts.role:
                raise Refused(
                    _("Cette personne est déjà invitée, comme %(role)s. Retirez d'abord cette invitation pour changer de rôle.")
                    % {"role": str(Role(former.role).label).lower()}
                )
            return former, False
        if former is not None and former.times_sent < MOST_TIMES_SENT:  # it came to nothing: the same one, sent again
            names = {"role": facts.role, "first_name": facts.first_name, "last_name": facts.last_name}
            Invitation.objects.filter(pk=former.pk).update(**names)
            return fire(INVITATION, former, "resend", actor=actor), True
        if Invitation.objects.filter(organisation=locked, state=InvitationState.SENT).count() >= MOST_OPEN:
            raise Refused(_("Cinquante invitations attendent déjà une réponse : retirez celles qui ne servent plus."))
        made = Invitation(
            organisation=locked,
            role=facts.role,
            first_name=facts.first_name,
            last_name=facts.last_name,
            email=facts.email,
            invited_by_id=actor.person_id or 0,
            sent_at=timezone.now(),
        )
        give_link(made)
        made.save()
        publish("organisations.invitation.send", made, actor=actor, after=made.state, tells=(INVITED,), codes={"role": made.role})
    return made, True


def _check_newcomer(organisation: Organisation, facts: InvitationFacts) -> None:
    for grant in members_of(organisation.pk):
        account = getattr(grant.person, "account", None)
        if facts.email in (account.email if account else "", grant.person.email.lower()):
            raise Refused(
                _("%(person)s fait déjà partie de l'équipe, comme %(role)s.")
                % {"person": grant.person.full_name, "role": str(Role(grant.role).label).lower()}
            )


def accept_invitation(*, actor: Actor, person: Person, invitation: Invitation) -> Invitation:
    """Join the team as the invitation says. The caller has found it by its link, or by an intent made with its link.

    Raises:
        Refused: it is no longer open, or the person is of the team already.
    """
    with transaction.atomic():
        organisation = lock_row(invitation.organisation)
        held = is_member(person.pk, organisation.pk)
        if held and not (invitation.state == InvitationState.ACCEPTED and invitation.person_id == person.pk):
            raise Refused(_("Vous faites déjà partie de cette équipe, comme %(role)s.") % {"role": str(Role(held).label).lower()})
        Invitation.objects.filter(pk=invitation.pk, state=InvitationState.SENT).update(person=person)
        return fire(INVITATION, invitation, "accept", actor=actor)


def decline_invitation(*, actor: Actor, person: Person | None, invitation: Invitation) -> Invitation:
    """Say no. Whoever holds the link may, signed in (``person``) or not.

    Raises:
        Refused: it is no longer open.
    """
    with transaction.atomic():
        lock_row(invitation.organisation)
        if person is not None:
            Invitation.objects.filter(pk=invitation.pk, state=InvitationState.SENT).update(person=person)
        return fire(INVITATION, invitation, "decline", actor=actor)


def home_in_team(invitation: Invitation) -> str:
    """Where a new member starts; missions stand above, their address is written."""
    return f"/espace/{invitation.organisation_id}/missions/"


def forget_old_invitations(now: datetime) -> int:
    """Remove what came to nothing months ago, with the name of who was invited (P10); returns how many. By the clock."""
    old = Invitation.objects.exclude(state__in=[InvitationState.SENT, InvitationState.ACCEPTED]).filter(ended_at__lt=now - KEPT)
    removed, _each = old.delete()
    return removed


# ── members ───────────────────────────────────────────────────────────────────────────────────────
def change_role(*, actor: Actor, member: Grant, role: str) -> Grant:
    """Give a member another role; missions stay with who is in charge of them.

    Raises:
        NotAllowed: the actor is not « responsable » (any more).
        Refused: the last « responsable » would be one no longer, or the member has gone meanwhile.
    """
    if role not in TEAM:
        raise NotAllowed
    with transaction.atomic():
        organisation = hold_as_manager(actor, _organisation_of(member))
        held = _still(member)
        if held.role == role:
            return held
        _keep_a_manager(organisation, but=held)
        end_role(actor=actor, grant=held, why="role")
        given = give_role(actor=actor, person=held.person, programme=Programme.RESERVE, role=role, organisation=organisation)
        tells = () if held.person_id == actor.person_id else (ROLE_CHANGED,)
        publish("organisations.grant.change", given, actor=actor, changes={"role": (held.role, role)}, tells=tells)
    return given


def remove_member(*, actor: Actor, member: Grant, succession: Succession) -> int:
    """Remove a colleague from the team; what this person was in charge of goes to others. Returns how many things went.

    Raises:
        NotAllowed: the actor is not « responsable » (any more).
        Refused: it is the last « responsable », has gone meanwhile, or a successor is not of the team.
    """
    with transaction.atomic():
        organisation = hold_as_manager(actor, _organisation_of(member))
        return _go(actor, organisation, member, succession, removed=True)


def leave_team(*, actor: Actor, member: Grant, succession: Succession) -> int:
    """« Quitter cette structure »: the same for oneself. Returns how many things went to others.

    Raises:
        NotAllowed: the role is somebody else's.
        Refused: it is the last « responsable », or a successor is not of the team.
    """
    if actor.person_id is None or actor.person_id != member.person_id:
        raise NotAllowed
    with transaction.atomic():
        return _go(actor, lock_row(_organisation_of(member)), member, succession, removed=False)


def _go(actor: Actor, organisation: Organisation, member: Grant, succession: Succession, *, removed: bool) -> int:
    held = _still(member)
    _keep_a_manager(organisation, but=held)
    team = {grant.person_id for grant in members_of(organisation.pk)} - {held.person_id}
    successor = succession.successor
    if successor is None or successor not in team or not team.issuperset(succession.chosen.values()):
        raise Refused(_("Les missions vont à quelqu'un de l'équipe : choisissez de nouveau."))
    moved = hand_all_over(
        actor=actor, organisation=organisation.pk, person=held.person_id, successor=successor, chosen=succession.chosen
    )
    is_self = actor.person_id == held.person_id
    tells = (MEMBER_LEFT,) if not removed else () if is_self else (MEMBER_REMOVED,)
    end_role(actor=actor, grant=held, why="removed" if removed else "left", tells=tells)
    return moved


def _organisation_of(member: Grant) -> Organisation:
    if member.organisation is None:
        raise NotAllowed
    return member.organisation


def _still(member: Grant) -> Grant:
    """The member's role, read anew under the organisation's lock.

    Raises:
        Refused: it has ended meanwhile.
    """
    held = members_of(member.organisation_id or 0).filter(pk=member.pk).select_related("person__account", "organisation").first()
    if held is None:
        raise Refused(_("Cette personne ne fait plus partie de l'équipe, ou n'a plus ce rôle."))
    return held


def _keep_a_manager(organisation: Organisation, *, but: Grant) -> None:
    """At least one « responsable » who can sign in remains (R40).

    Raises:
        Refused: ``but`` is the last one.
    """
    if but.role == Role.MANAGER and not able_managers_of(organisation.pk).exclude(pk=but.pk).exists():
        raise Refused(
            _("Il faut au moins un responsable : nommez-en un autre d'abord, ou retirez la structure de la plateforme.")
        )
