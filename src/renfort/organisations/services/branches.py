"""A network invites its local branches, and what their answers do (R56).

Whoever invites heads the network; who answers is found by the link, or manages the organisation that is asked. The membership
that follows is confirmed in the name of who invited, as that person may confirm it now: whoever heads the network no longer has
confirmed nothing, and the claim waits as any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import NotAllowed, Refused, fire, lock_row
from renfort.organisations.effects import give_branch_link
from renfort.organisations.enums import InvitationState, MembershipState, Programme, Role, ScopeKind
from renfort.organisations.messages.branches import BRANCH_ASKED, BRANCH_INVITED
from renfort.organisations.models import BranchInvitation, NetworkMembership, Organisation
from renfort.organisations.rules import manages, supervises
from renfort.organisations.selectors import able_managers_of, actor_of
from renfort.organisations.selectors.branches import accepted_branch, identity_of
from renfort.organisations.services.onboarding import draft_of
from renfort.organisations.services.team import KEPT
from renfort.organisations.workflow import BRANCH, NETWORK
from renfort.people.models import Person

BRANCH_INTENT = "organisations.branch"  # the kind of an intent that becomes a branch on its way in
V = InvitationState
SAID = ("name", "first_name", "last_name", "email", "postcode", "city", "siret", "rna", "legal_status", "type")


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchFacts:
    """What a network says of a branch; codes and keys as the lists have them, ``email`` in lower case."""

    name: str
    email: str
    department: str
    first_name: str = ""
    last_name: str = ""
    postcode: str = ""
    city: str = ""
    siret: str = ""
    rna: str = ""
    legal_status: str = ""
    type: str = ""


def facts_of_values(values: Mapping[str, Any], *, legal_status: str = "", type: str = "") -> BranchFacts:
    """The facts of a line or of a form; the network's choice of status and type stands in where the line says none."""
    said = {name: values.get(name) or "" for name in (*SAID, "department")}
    own = said["legal_status"] or said["type"]  # a type goes with its status: the two are taken together
    return BranchFacts(
        **{**said, "legal_status": said["legal_status"] if own else legal_status, "type": said["type"] if own else type}
    )


# ── inviting ──────────────────────────────────────────────────────────────────────────────────────
def invite_branch(*, actor: Actor, network: int, facts: BranchFacts, asked: int | None = None) -> BranchInvitation:
    """Invite somebody to register a branch; with ``asked``, ask that organisation to join the network. An e-mail leaves.

    The caller has looked at what is here already (``selectors.branches.check_branches``).

    Raises:
        NotAllowed: the actor does not head the network.
        Refused: invited meanwhile, or nobody can answer for the organisation.
    """
    if not supervises(actor, network):
        raise NotAllowed(_("Seul le superviseur du réseau invite ses antennes."))
    organisation = Organisation.objects.filter(pk=asked, left_at=None).first() if asked is not None else None
    if asked is not None and (organisation is None or not able_managers_of(asked).exists()):
        raise Refused(_("Personne ne peut répondre pour cette structure en ce moment : écrivez à l'assistance."))
    said = {name: getattr(facts, name) for name in SAID}
    made = BranchInvitation(
        **said,
        network_id=network,
        department_id=facts.department,
        identity=identity_of({**said, "department": facts.department}),
        asked=organisation,
        invited_by_id=actor.person_id or 0,
        sent_at=timezone.now(),
    )
    give_branch_link(made)
    try:
        with transaction.atomic():
            made.save()
            publish(
                "organisations.branchinvitation.send", made, actor=actor, after=made.state,
                tells=(BRANCH_INVITED if organisation is None else BRANCH_ASKED,),
                codes={"network": network, "department": facts.department, "asked": asked},
            )  # fmt: skip
    except IntegrityError as error:
        if "organisations_branchinvitation_" not in str(error):
            raise
        raise Refused(_("Cette antenne vient d'être invitée.")) from None
    return made


# ── answering ─────────────────────────────────────────────────────────────────────────────────────
def accept_branch(*, actor: Actor, person: Person, invitation: BranchInvitation) -> BranchInvitation:
    """Begin to register the branch: the person's open draft is this branch's from now on. The caller has found it by its link.

    Raises:
        Refused: it is no longer open, or the person is registering another branch.
    """
    with transaction.atomic():
        draft = lock_row(draft_of(person))
        other = BranchInvitation.objects.filter(draft=draft, organisation=None).exclude(pk=invitation.pk).first()
        if other is not None:
            raise Refused(
                _("Terminez d'abord l'inscription de %(branch)s, puis ouvrez ce lien à nouveau.") % {"branch": other.name}
            )
        BranchInvitation.objects.filter(pk=invitation.pk, state=V.SENT).update(person=person, draft=draft)
        return fire(BRANCH, invitation, "accept", actor=actor)


def decline_branch(*, actor: Actor, person: Person | None, invitation: BranchInvitation) -> BranchInvitation:
    """Say no. Whoever holds the link may, signed in (``person``) or not.

    Raises:
        Refused: it is no longer open.
    """
    with transaction.atomic():
        if person is not None:
            BranchInvitation.objects.filter(pk=invitation.pk, state=V.SENT).update(person=person)
        return fire(BRANCH, invitation, "decline", actor=actor)


def answer_for_organisation(
    *, actor: Actor, invitation: BranchInvitation, verb: str, seen: int | None = None
) -> BranchInvitation:
    """« accept » or « decline », as manager of the organisation that is asked. Accepted, the organisation is of the network.

    Raises:
        NotAllowed: the actor does not manage it (any more).
        Refused: it is no longer open.
    """
    if invitation.asked is None or not manages(actor, invitation.asked.pk):
        raise NotAllowed(_("Seul un responsable de la structure répond à son réseau."))
    with transaction.atomic():
        organisation: Organisation = lock_row(invitation.asked)
        BranchInvitation.objects.filter(pk=invitation.pk, state=V.SENT).update(person_id=actor.person_id)
        done = fire(BRANCH, invitation, verb, actor=actor, seen=seen)
        if verb == "accept":
            done.organisation = organisation
            done.save(update_fields=["organisation"])
            _confirm(done, _claim(organisation, done, actor))
        return done


def _claim(organisation: Organisation, invitation: BranchInvitation, actor: Actor) -> NetworkMembership:
    """The organisation's membership of the network, claimed now when there is none."""
    held = NetworkMembership.objects.filter(organisation=organisation, network_id=invitation.network_id).first()
    if held is not None:
        return held
    claim = NetworkMembership.objects.create(
        organisation=organisation, network_id=invitation.network_id, state=MembershipState.CLAIMED, claimed_by_id=actor.person_id
    )
    codes: dict[str, Plain] = {"network": invitation.network.key, "organisation": organisation.pk}
    publish("organisations.networkmembership.claim", claim, actor=actor, after=claim.state, codes=codes)
    return claim


def _confirm(invitation: BranchInvitation, claim: NetworkMembership) -> None:
    """Confirm in the name of who invited, if that person may still: an invitation outlives its role, its rights do not."""
    if claim.state == MembershipState.CONFIRMED:
        return
    inviter = actor_of(invitation.invited_by_id).in_role(
        f"{Programme.RESERVE}:{Role.SUPERVISOR}:{ScopeKind.NETWORK}:{invitation.network_id}"
    )
    if inviter is not None:
        fire(NETWORK, claim, "confirm", actor=inviter)


def confirm_invited_claim(*, claim: NetworkMembership, person_id: int | None) -> None:
    """An organisation was registered by somebody whom the network invited: it is of the network at once (R56).

    Called in the transaction of the claim. Nothing when there was no invitation.
    """
    found = accepted_branch(person_id, claim.network_id) if person_id is not None else None
    if found is None:
        return
    found.organisation = claim.organisation
    found.save(update_fields=["organisation"])
    _confirm(found, claim)


def forget_old_branches(now: datetime) -> int:
    """Remove what came to nothing months ago, with the name of who was invited (P10); returns how many. By the clock."""
    old = BranchInvitation.objects.exclude(state__in=[V.SENT, V.ACCEPTED]).filter(ended_at__lt=now - KEPT)
    removed, _each = old.delete()
    return removed
