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
from renfort.organisations.models import Delegation, Invitation, JoinRequest, NetworkMembership, Organisation, ReferentInvitation
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


@guard(_("Cette structure est partie depuis plus de 30 jours."))
def left_lately(organisation: Organisation) -> bool:
    return organisation.left_at is not None and organisation.left_at > timezone.now() - RESTORED_WITHIN


def case_lapses_after() -> timedelta:
    """How long a case that was taken stays taken without a decision."""
    return timedelta(hours=value_of(CASE_HOURS))


def case_due(now: datetime) -> Q:
    return Q(taken_at__lte=now - case_lapses_after())
