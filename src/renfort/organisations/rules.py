"""Who may decide about organisations, and what their numbers must look like: pure questions, no writing (design decision 9)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renfort.kernel.actors import Actor
from renfort.kernel.rules import bar, guard, rule
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.organisations.models import (
    BranchInvitation,
    Delegation,
    Invitation,
    JoinRequest,
    Merge,
    NetworkMembership,
    Organisation,
    ReferentInvitation,
)
from renfort.organisations.selectors.merges import NOT_MERGED, has_absorbed, sides_of
from renfort.organisations.selectors.roles import is_managed, is_member
from renfort.organisations.selectors.team import RESTORED_WITHIN
from renfort.parameters.catalogue import CASE_HOURS
from renfort.parameters.selectors import value_of

SIRET, RNA = re.compile(r"\d{14}", re.ASCII), re.compile(r"W(\d{2}|2[AB])\d{7}", re.ASCII)
RESENT_AFTER, MOST_TIMES_SENT = timedelta(minutes=10), 5
LA_POSTE = "356000000"  # its offices were numbered without the usual check digit


def manages(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor is « responsable » of the organisation, in the role in force."""
    return actor.holds(Programme.RESERVE, Role.MANAGER, ScopeKind.ORGANISATION, organisation_id)


def tutors(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor is « tuteur » in the organisation, in the role in force (R40)."""
    return actor.holds(Programme.RESERVE, Role.MISSION_TUTOR, ScopeKind.ORGANISATION, organisation_id)


def oversees(actor: Actor, department: str, domain_id: int | None = None) -> bool:
    """Whether a department, or one domain in it, is the actor's to look after: a referent's own or delegated (R50, R65).

    ``department`` is a code (« 33 »). Without ``domain_id`` (an organisation, a whole department) a delegation limited to
    some domains does not count. The operator looks after everything. ``selectors.perimeter.overseen`` asks the same of the
    database.
    """
    if actor.holds(Programme.PLATFORM, Role.OPERATOR):
        return True
    return any(
        area.department == department and (not area.domains or domain_id in area.domains)
        for area in actor.areas(Programme.RESERVE, Role.REFERENT)
    )


def supervises(actor: Actor, network_id: int) -> bool:
    """Whether the actor is « superviseur » of the national network, in the role in force (R56)."""
    return actor.holds(Programme.RESERVE, Role.SUPERVISOR, ScopeKind.NETWORK, network_id)


def reads_notes(actor: Actor, organisation_id: int, department: str, domain_id: int | None = None) -> bool:
    """Whether the actor reads and writes internal notes there (R55): who looks after it, and is not of the organisation's team.

    At most one query. A delegation limited to some domains does not count for an organisation, as in ``oversees``.
    """
    return oversees(actor, department, domain_id) and not belongs_to(actor, organisation_id)


def works_in(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor is of the organisation's team, whatever the role."""
    return manages(actor, organisation_id) or tutors(actor, organisation_id)


@rule(_("la structure"))
def is_manager_asked(actor: Actor, request: JoinRequest) -> bool:
    return manages(actor, request.organisation_id)


@rule(_("l'opérateur, quand la structure n'a plus de responsable"))
def is_operator_of_orphan(actor: Actor, request: JoinRequest) -> bool:
    return actor.holds(Programme.PLATFORM, Role.OPERATOR) and not is_managed(request.organisation_id, request)


@rule(_("l'opérateur"))
def is_operator(actor: Actor, membership: NetworkMembership) -> bool:
    return actor.holds(Programme.PLATFORM, Role.OPERATOR)


@rule(_("le superviseur du réseau"))
def is_supervisor_of(actor: Actor, membership: NetworkMembership) -> bool:
    return supervises(actor, membership.network_id)


# ── invitations (R40) ─────────────────────────────────────────────────────────────────────────────
@rule(_("la structure"))
def is_inviting(actor: Actor, invitation: Invitation) -> bool:
    return manages(actor, invitation.organisation_id)


@rule(_("la personne invitée"))
def is_invited(actor: Actor, invitation: Invitation) -> bool:
    return actor.kind == "person" and actor.person_id is not None and actor.person_id == invitation.person_id


@rule(_("qui a reçu le lien"))
def holds_link(actor: Actor, invitation: Invitation) -> bool:
    return actor.kind == "anonymous"  # only the link leads there: no page of a role finds an invitation for nobody in particular


@guard(_("Cette invitation a expiré : demandez-en une nouvelle à la structure."))
def is_in_time(invitation: Invitation) -> bool:
    return invitation.expires_at > timezone.now()


@guard(_("Cette invitation vient d'être envoyée : attendez dix minutes avant de la renvoyer."))
def was_sent_a_while_ago(invitation: Invitation) -> bool:
    return invitation.sent_at <= timezone.now() - RESENT_AFTER


@guard(_("Cette invitation a déjà été envoyée cinq fois : joignez la personne autrement, ou retirez l'invitation."))
def may_be_sent_again(invitation: Invitation) -> bool:
    return invitation.times_sent < MOST_TIMES_SENT


def invitation_due(now: datetime) -> Q:
    return Q(expires_at__lte=now)


# ── branches that a network invites (R56) ─────────────────────────────────────────────────────────
@rule(_("le superviseur du réseau"))
def is_inviting_branch(actor: Actor, invitation: BranchInvitation) -> bool:
    return supervises(actor, invitation.network_id)


@rule(_("qui a reçu l'invitation"))
def is_invited_branch(actor: Actor, invitation: BranchInvitation) -> bool:
    if invitation.asked_id is not None:
        return manages(actor, invitation.asked_id)
    return actor.kind == "person" and actor.person_id is not None and actor.person_id == invitation.person_id


@rule(_("qui a reçu le lien"))
def holds_branch_link(actor: Actor, invitation: BranchInvitation) -> bool:
    return invitation.asked_id is None and actor.kind == "anonymous"  # only the link leads there


@guard(_("Cette invitation a expiré : demandez-en une nouvelle au réseau."))
def is_branch_in_time(invitation: BranchInvitation) -> bool:
    return invitation.expires_at > timezone.now()


@guard(_("Cette structure n'est plus sur la plateforme."))
def is_asked_still_here(invitation: BranchInvitation) -> bool:
    return invitation.asked is None or invitation.asked.left_at is None


# ── referents and what they lend (R50, R65) ───────────────────────────────────────────────────────
@rule(_("qui a invité"))
def is_inviting_referent(actor: Actor, invitation: ReferentInvitation) -> bool:
    if actor.holds(Programme.PLATFORM, Role.OPERATOR):
        return True
    return invitation.delegation_id is not None and is_referent(actor) and actor.person_id == invitation.invited_by_id


def is_referent(actor: Actor) -> bool:
    """Whether the actor is « référent » somewhere, in the role in force."""
    return actor.holds(Programme.RESERVE, Role.REFERENT, ScopeKind.DEPARTMENT)


@rule(_("le référent qui délègue"))
def is_giver(actor: Actor, delegation: Delegation) -> bool:
    return is_referent(actor) and actor.person_id == delegation.giver_id


@rule(_("l'opérateur"))
def is_operator_of_delegations(actor: Actor, delegation: Delegation) -> bool:
    return actor.holds(Programme.PLATFORM, Role.OPERATOR)


@guard(_("Cette délégation est terminée."))
def is_not_over(delegation: Delegation) -> bool:
    return delegation.ends_at > timezone.now()


@guard(_("Cette délégation a été retirée, ou elle est terminée."))
def is_lent_still(invitation: ReferentInvitation) -> bool:
    lent = invitation.delegation
    return lent is None or (lent.revoked_at is None and lent.ends_at > timezone.now())


def delegation_starts(now: datetime) -> Q:
    return Q(starts_at__lte=now, ends_at__gt=now, receiver__isnull=False)


def delegation_ends(now: datetime) -> Q:
    return Q(ends_at__lte=now)


def is_siret(number: str) -> bool:
    """Whether fourteen digits are a SIRET: Luhn's check on the SIREN and on the whole.

    La Poste's offices (SIREN 356 000 000) have a rule of their own: the sum of their digits is a multiple of five.
    """
    if not SIRET.fullmatch(number):
        return False
    if number.startswith(LA_POSTE) and sum(map(int, number)) % 5 == 0:
        return True
    return _luhn(number[:9]) and _luhn(number)


def _luhn(number: str) -> bool:
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number)))
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0  # noqa: PLR2004 -- the two digits of a double


def is_rna(number: str) -> bool:
    """Whether this is the form of an association's number: W, the department, seven digits (« W2A1… » in Corsica)."""
    return RNA.fullmatch(number) is not None


# ── the life of an organisation (R52) ─────────────────────────────────────────────────────────────
@rule(_("la structure"))
def is_its_manager(actor: Actor, organisation: Organisation) -> bool:
    return manages(actor, organisation.pk)


@rule(_("le référent du département ou l'opérateur"))
def oversees_it(actor: Actor, organisation: Organisation) -> bool:
    return oversees(actor, organisation.department_id)


@rule(_("l'opérateur"))
def operates(actor: Actor, organisation: Organisation) -> bool:
    return actor.holds(Programme.PLATFORM, Role.OPERATOR)


@bar(_("Vous faites partie de l'équipe de cette structure : une autre personne doit décider."))
def is_of_the_team(actor: Actor, organisation: Organisation) -> bool:
    return belongs_to(actor, organisation.pk)


def belongs_to(actor: Actor, organisation_id: int) -> bool:
    """Whether the person is of the organisation's team, in whatever role the page is: nobody decides there on their own (R52).

    One query: a page of one role knows nothing of the person's others (P13).
    """
    return actor.person_id is not None and bool(is_member(actor.person_id, organisation_id))


@guard(_("Cette structure a été fusionnée avec une autre : elle ne se rétablit pas."))
def was_not_merged(organisation: Organisation) -> bool:
    return organisation.merged_into_id is None


@guard(_("Cette structure est partie depuis plus de 30 jours."))
def left_lately(organisation: Organisation) -> bool:
    return organisation.left_at is not None and organisation.left_at > timezone.now() - RESTORED_WITHIN


def case_lapses_after() -> timedelta:
    """How long a case that was taken stays taken without a decision."""
    return timedelta(hours=value_of(CASE_HOURS))


def case_due(now: datetime) -> Q:
    return Q(taken_at__lte=now - case_lapses_after())


# ── two entries of one organisation become one (R55) ──────────────────────────────────────────────
def has_rights_on_both(actor: Actor, one: Organisation, other: Organisation) -> bool:
    """Whether the actor looks after both, or, « responsable » of one on this page, is of the other as well.

    The second asks the database: a page of one role knows nothing of the person's others (P13).
    """
    if oversees(actor, one.department_id) and oversees(actor, other.department_id):
        return True
    for here, there in ((one, other), (other, one)):
        if manages(actor, here.pk):
            return actor.person_id is not None and is_member(actor.person_id, there.pk) == Role.MANAGER
    return False


@rule(_("qui a des droits sur les deux structures"))
def may_merge(actor: Actor, merge: Merge) -> bool:
    return has_rights_on_both(actor, merge.kept, merge.absorbed)


@rule(_("un responsable de la structure gardée"))
def manages_kept(actor: Actor, merge: Merge) -> bool:
    return manages(actor, merge.kept_id)


@rule(_("un responsable de la structure absorbée"))
def manages_absorbed(actor: Actor, merge: Merge) -> bool:
    return manages(actor, merge.absorbed_id)


@bar(_("Vous faites partie de l'équipe d'une des deux structures : fusionnez-les comme responsable, ou laissez faire quelqu'un."))
def is_of_one_team(actor: Actor, merge: Merge) -> bool:
    if manages(actor, merge.kept_id) or manages(actor, merge.absorbed_id):
        return False  # in that very role
    return belongs_to(actor, merge.kept_id) or belongs_to(actor, merge.absorbed_id)


@guard(_("Votre structure a déjà donné son accord."))
def kept_has_not_agreed(merge: Merge) -> bool:
    return merge.kept_agreed_at is None


@guard(_("Votre structure a déjà donné son accord."))
def absorbed_has_not_agreed(merge: Merge) -> bool:
    return merge.absorbed_agreed_at is None


@guard(_("L'accord d'un responsable manque encore."))
def nobody_is_missing(merge: Merge) -> bool:
    return not any(side.is_missing for side in sides_of(merge))


@guard(_("Une des deux structures n'est plus sur la plateforme."))
def both_are_here(merge: Merge) -> bool:
    return merge.kept.left_at is None and merge.absorbed.left_at is None


@guard(_("Une des deux structures est signalée ou refusée : elle ne se fusionne pas."))
def both_are_welcome(merge: Merge) -> bool:
    return merge.kept.state not in NOT_MERGED and merge.absorbed.state not in NOT_MERGED


@guard(_("La structure gardée n'a plus de responsable, l'autre en a : gardez plutôt l'autre."))
def kept_is_managed_first(merge: Merge) -> bool:
    kept, absorbed = sides_of(merge)
    return kept.is_managed or not absorbed.is_managed


@guard(_("Cette structure n'est pas fusionnée avec une autre."))
def is_absorbed(organisation: Organisation) -> bool:
    return has_absorbed(organisation.pk)


def merge_is_over(now: datetime) -> Q:
    return Q(expires_at__lte=now)
