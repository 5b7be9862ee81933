"""Register, move and remove referents: the operator's verbs, and the answer to an invitation (R50).

Whoever changes what a referent holds locks the registration's row first, then the grants; what is lent of it follows in the same
transaction. Rights end with the grant: every page asks at each request. What somebody had in hand is the business of the
storeys above: they hear ``organisations.grant.end`` (why: ``removed``, ``perimeter``) and the ends of delegations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import CLOCK, Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import NotAllowed, Refused, fire, lock_row
from renfort.organisations.effects import give_link
from renfort.organisations.enums import InvitationState, Programme, Role
from renfort.organisations.messages import PERIMETER_CHANGED, REFERENT_INVITED, REFERENT_REMOVED
from renfort.organisations.models import Delegation, Grant, Referent, ReferentInvitation
from renfort.organisations.rules import MOST_TIMES_SENT
from renfort.organisations.selectors import is_operator
from renfort.organisations.selectors.referents import lent_by, own_grants, span_in
from renfort.organisations.services.roles import end_role, give_role
from renfort.organisations.services.team import KEPT
from renfort.organisations.workflow import DELEGATION, REFERENT_INVITATION
from renfort.people.models import Person
from renfort.people.selectors import account_of
from renfort.territories.selectors import departments

REFERENT_INTENT = "organisations.referent"  # the kind of an intent that becomes a perimeter
HOME = "/referent/"  # missions stand above: their address is written
V = InvitationState


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferentFacts:
    """Who is to be referent, as what, where: a region (its code) or departments; ``email`` in lower case."""

    first_name: str
    last_name: str
    email: str
    function: str
    departments: tuple[str, ...] = ()
    region: str = ""


def perimeter_of(region: str, codes: Iterable[str]) -> list[str]:
    """The departments of a region, else the known ones among these codes, in French order.

    Raises:
        Refused: there is none.
    """
    wanted = set(codes)
    found = [each.code for each in departments() if (each.region_id == region if region else each.code in wanted)]
    if not found or (not region and len(found) < len(wanted)):
        raise Refused(_("Choisissez au moins un département, ou une région."))
    return found


def _only_operator(actor: Actor) -> None:
    if not is_operator(actor):
        raise NotAllowed(_("Seul l'opérateur du site nomme les référents."))


# ── invitations ───────────────────────────────────────────────────────────────────────────────────
def invite_referent(*, actor: Actor, facts: ReferentFacts) -> tuple[ReferentInvitation, bool]:
    """Invite somebody to be referent. Returns the invitation, and whether an e-mail has left: twice is one invitation.

    Raises:
        NotAllowed: the actor is not the operator.
        Refused: referent already, invited already for something else, or for nowhere.
    """
    _only_operator(actor)
    with transaction.atomic():
        codes = perimeter_of(facts.region, facts.departments)
        account = account_of(facts.email)
        if account is not None and Referent.objects.filter(person_id=account.person_id, ended_at=None).exists():
            raise Refused(
                _("%(person)s est déjà référent : changez plutôt son territoire.") % {"person": account.person.full_name}
            )
        former = (
            ReferentInvitation.objects.select_for_update()
            .filter(email=facts.email, delegation=None, network=None, state__in=[V.SENT, V.EXPIRED])
            .order_by("-id")
            .first()
        )
        if former is not None and former.state == V.SENT and former.expires_at <= timezone.now():
            former = fire(REFERENT_INVITATION, former, "expire", actor=CLOCK)  # the clock is late
        if former is not None and former.state == V.SENT:
            if former.departments != codes:
                raise Refused(_("Cette personne est déjà invitée, pour un autre territoire : retirez d'abord cette invitation."))
            return former, False
        said = {
            "first_name": facts.first_name,
            "last_name": facts.last_name,
            "function": facts.function,
            "departments": codes,
            "region_id": facts.region or None,
        }
        if former is not None and former.times_sent < MOST_TIMES_SENT:  # it came to nothing: the same one, sent again
            ReferentInvitation.objects.filter(pk=former.pk).update(**said)
            return fire(REFERENT_INVITATION, former, "resend", actor=actor), True
        return send_invitation(actor=actor, email=facts.email, said=said), True


def send_invitation(
    *, actor: Actor, email: str, said: Mapping[str, Any], delegation: Delegation | None = None
) -> ReferentInvitation:
    """Make an invitation and let its link leave; in the caller's transaction."""
    made = ReferentInvitation(
        email=email, delegation=delegation, invited_by_id=actor.person_id or 0, sent_at=timezone.now(), **said
    )
    give_link(made)
    made.save()
    codes = {"departments": " ".join(made.departments)}
    publish("organisations.referentinvitation.send", made, actor=actor, after=made.state, tells=(REFERENT_INVITED,), codes=codes)
    return made


def accept_referent(*, actor: Actor, person: Person, invitation: ReferentInvitation) -> ReferentInvitation:
    """Become referent as the invitation says; or receive what a delegation lends. The caller has found it by its link.

    Raises:
        Refused: it is no longer open, or the person is referent already, or lends this very part.
    """
    with transaction.atomic():
        lent = Delegation.objects.select_for_update().filter(pk=invitation.delegation_id or 0).first()
        if lent is not None and lent.giver_id == person.pk:
            raise Refused(_("C'est votre propre territoire : une délégation va à quelqu'un d'autre."))
        if invitation.network is not None:
            return _supervise(actor=actor, person=person, invitation=invitation)
        if lent is None and Referent.objects.filter(person=person, ended_at=None).exists():
            raise Refused(_("Vous êtes déjà référent : l'opérateur du site peut changer votre territoire."))
        ReferentInvitation.objects.filter(pk=invitation.pk, state=V.SENT).update(person=person)
        done = fire(REFERENT_INVITATION, invitation, "accept", actor=actor)
        if lent is None:
            appoint(actor=actor, person=person, function=done.function, codes=done.departments, region=done.region_id, by=done)
        else:
            lent.receiver = person
            lent.save(update_fields=["receiver"])
            lend(actor=actor, delegation=lent)
        return done


def _supervise(*, actor: Actor, person: Person, invitation: ReferentInvitation) -> ReferentInvitation:
    """Become head of the network; the caller holds the transaction. Twice is one role."""
    ReferentInvitation.objects.filter(pk=invitation.pk, state=V.SENT).update(person=person)
    done = fire(REFERENT_INVITATION, invitation, "accept", actor=actor)
    give_role(actor=actor, person=person, programme=Programme.RESERVE, role=Role.SUPERVISOR, network=done.network)
    return done


def home_after(invitation: ReferentInvitation) -> str:
    """Where somebody arrives who has accepted."""
    return f"/reseau/{invitation.network_id}/" if invitation.network_id is not None else HOME


def decline_referent(*, actor: Actor, person: Person | None, invitation: ReferentInvitation) -> ReferentInvitation:
    """Say no. Whoever holds the link may, signed in (``person``) or not.

    Raises:
        Refused: it is no longer open.
    """
    with transaction.atomic():
        if person is not None:
            ReferentInvitation.objects.filter(pk=invitation.pk, state=V.SENT).update(person=person)
        return fire(REFERENT_INVITATION, invitation, "decline", actor=actor)


def forget_old_referent_invitations(now: datetime) -> int:
    """Remove what came to nothing months ago, with the name of who was invited (P10); returns how many. By the clock."""
    old = ReferentInvitation.objects.exclude(state__in=[V.SENT, V.ACCEPTED]).filter(ended_at__lt=now - KEPT)
    removed, _each = old.delete()
    return removed


# ── the perimeter ─────────────────────────────────────────────────────────────────────────────────
def appoint(
    *, actor: Actor, person: Person, function: str, codes: Iterable[str], region: str | None = None,
    by: ReferentInvitation | None = None,
) -> Referent:  # fmt: skip
    """Register a person as referent of these departments, from now on."""
    with transaction.atomic():
        given = [str(code) for code in codes]
        made = Referent.objects.create(
            person=person, function=function, region_id=region, appointed_by_id=by.invited_by_id if by else actor.person_id
        )
        for code in given:
            give_role(actor=actor, person=person, programme=Programme.RESERVE, role=Role.REFERENT, department=code)
        publish(
            "organisations.referent.register", made, actor=actor, codes={"departments": " ".join(given), "function": function}
        )
    return made


def change_referent(*, actor: Actor, referent: Referent, function: str, codes: Iterable[str], region: str = "") -> Referent:
    """Give a referent another function or other departments. What was lent of those that go is taken back.

    Raises:
        NotAllowed: the actor is not the operator.
        Refused: removed meanwhile, or for nowhere.
    """
    _only_operator(actor)
    with transaction.atomic():
        locked = _still(referent)
        wanted = perimeter_of(region, codes)
        held = {grant.scope: grant for grant in own_grants(locked.person_id).select_for_update(of=("self",))}
        before = [each.code for each in departments() if each.code in held]
        gone = [code for code in before if code not in wanted]
        for code in gone:
            end_role(actor=actor, grant=held[code], why="perimeter")
        take_back_lent(actor=actor, person=locked.person_id, codes=gone)
        for code in wanted:
            give_role(actor=actor, person=locked.person, programme=Programme.RESERVE, role=Role.REFERENT, department=code)
        changes = {
            name: pair
            for name, pair in {
                "function": (locked.function, function),
                "departments": (" ".join(before), " ".join(wanted)),
            }.items()
            if pair[0] != pair[1]
        }
        locked.function, locked.region_id = function, region or None
        locked.version += 1
        locked.save(update_fields=["function", "region", "version"])
        if changes:
            tells = (PERIMETER_CHANGED,) if "departments" in changes else ()
            codes_said = {"departments": " ".join(wanted)}
            publish("organisations.referent.change", locked, actor=actor, changes=changes, codes=codes_said, tells=tells)
    return locked


def remove_referent(*, actor: Actor, referent: Referent) -> None:
    """End the role at once, with all that this person lent or was lent.

    Raises:
        NotAllowed: the actor is not the operator.
        Refused: removed already.
    """
    _only_operator(actor)
    with transaction.atomic():
        locked = _still(referent)
        held = list(own_grants(locked.person_id).select_for_update(of=("self",)))
        for grant in held:
            end_role(actor=actor, grant=grant, why="removed")
        take_back_lent(actor=actor, person=locked.person_id, codes=[grant.scope for grant in held])
        received = Delegation.objects.filter(receiver=locked.person, state__in=["planned", "running"], ends_at__gt=timezone.now())
        for delegation in received:
            fire(DELEGATION, delegation, "revoke", actor=actor)
        locked.ended_at = timezone.now()
        locked.version += 1
        locked.save(update_fields=["ended_at", "version"])
        said = {"departments": " ".join(sorted(grant.scope for grant in held))}
        publish("organisations.referent.remove", locked, actor=actor, codes=said, tells=(REFERENT_REMOVED,))


def _still(referent: Referent) -> Referent:
    locked: Referent = lock_row(referent)
    if locked.ended_at is not None:
        raise Refused(_("Cette personne n'est plus référent."))
    return locked


# ── what is lent ──────────────────────────────────────────────────────────────────────────────────
def lend(*, actor: Actor, delegation: Delegation) -> list[Grant]:
    """Give the receiver what a delegation lends: one grant a department, from and until the midnights of that department."""
    grants = []
    for code in delegation.departments:
        starts_at, ends_at = span_in(code, delegation.starts_on, delegation.ends_on)
        grant = Grant.objects.create(
            person_id=delegation.receiver_id or 0,
            programme=Programme.RESERVE,
            role=Role.REFERENT,
            scope_kind="department",
            scope=code,
            department_id=code,
            domains=delegation.domains,
            delegation=delegation,
            valid_from=starts_at,
            valid_until=ends_at,
            given_by_id=delegation.giver_id,
        )
        said: dict[str, Plain] = {"role": grant.role, "scope": f"{grant.scope_kind}:{code}", "delegation": delegation.pk}
        publish("organisations.grant.give", grant, actor=actor, codes=said)
        grants.append(grant)
    return grants


def take_back_lent(*, actor: Actor, person: int, codes: Iterable[str]) -> None:
    """What somebody lent of departments that are theirs no more ends at once; a delegation that keeps some goes on with those."""
    gone, now = set(codes), timezone.now()
    for delegation in lent_by(person, gone).filter(ends_at__gt=now).select_for_update():
        kept = [code for code in delegation.departments if code not in gone]
        if not kept:
            fire(DELEGATION, delegation, "revoke", actor=actor)
            continue
        for grant in Grant.objects.filter(delegation=delegation, scope__in=gone, valid_until__gt=now):
            end_role(actor=actor, grant=grant, why="perimeter")
        before = " ".join(delegation.departments)
        delegation.departments = kept
        delegation.save(update_fields=["departments"])
        changes = {"departments": (before, " ".join(kept))}
        publish("organisations.delegation.shrink", delegation, actor=actor, changes=changes)


# ── absence ───────────────────────────────────────────────────────────────────────────────────────
def say_absence(
    *, actor: Actor, referent: Referent, first: date | None, last: date | None, deputy: Person | None = None
) -> Referent:
    """Say from when until when one is away, and who answers; without days, that one is back.

    Raises:
        NotAllowed: it is somebody else's.
        Refused: the days are the wrong way round, or the deputy is oneself or nobody's referent.
    """
    if actor.person_id is None or actor.person_id != referent.person_id:
        raise NotAllowed
    with transaction.atomic():
        locked = _still(referent)
        if (first is None) != (last is None) or (first and last and last < first):
            raise Refused(_("La fin de l'absence vient après son début : vérifiez les deux dates."))
        if deputy is not None and (
            deputy.pk == locked.person_id or not Referent.objects.filter(person=deputy, ended_at=None).exists()
        ):
            raise Refused(_("La personne qui vous remplace est un autre référent."))
        before = (locked.absent_from, locked.absent_until)
        locked.absent_from, locked.absent_until = first, last
        locked.deputy = deputy if first else None
        locked.version += 1
        locked.save(update_fields=["absent_from", "absent_until", "deputy", "version"])
        changes = {
            name: (was.isoformat() if was else None, now.isoformat() if now else None)
            for name, was, now in (("absent_from", before[0], first), ("absent_until", before[1], last))
            if was != now
        }
        publish("organisations.referent.absence", locked, actor=actor, changes=changes)
    return locked
