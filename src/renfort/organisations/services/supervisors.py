"""Invite and remove heads of national networks: the operator's verbs (R56). Answers: ``services.referents``."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import CLOCK, Actor
from renfort.kernel.firing import NotAllowed, Refused, fire
from renfort.organisations.enums import InvitationState, Role
from renfort.organisations.messages import SUPERVISOR_REMOVED
from renfort.organisations.models import Grant, Network, ReferentInvitation
from renfort.organisations.rules import MOST_TIMES_SENT
from renfort.organisations.selectors import is_operator
from renfort.organisations.selectors.supervision import supervisors_of
from renfort.organisations.services.referents import send_invitation
from renfort.organisations.services.roles import end_role
from renfort.organisations.workflow import REFERENT_INVITATION

V = InvitationState


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorFacts:
    """Who is to head which network; ``email`` in lower case."""

    first_name: str
    last_name: str
    email: str
    network: Network


def _only_operator(actor: Actor) -> None:
    if not is_operator(actor):
        raise NotAllowed(_("Seul l'opérateur du site nomme les superviseurs."))


def invite_supervisor(*, actor: Actor, facts: SupervisorFacts) -> tuple[ReferentInvitation, bool]:
    """Invite somebody to head a network. Returns the invitation, and whether an e-mail has left: twice is one invitation.

    Raises:
        NotAllowed: the actor is not the operator.
        Refused: the person heads it already.
    """
    _only_operator(actor)
    with transaction.atomic():
        Network.objects.select_for_update().get(pk=facts.network.pk)
        if supervisors_of(facts.network.pk).filter(person__account__email=facts.email).exists():
            raise Refused(_("Cette personne supervise déjà le réseau %(network)s.") % {"network": facts.network.label})
        former = (
            ReferentInvitation.objects.select_for_update(of=("self",))
            .filter(email=facts.email, network=facts.network, state__in=[V.SENT, V.EXPIRED])
            .order_by("-id")
            .first()
        )
        if former is not None and former.state == V.SENT and former.expires_at <= timezone.now():
            former = fire(REFERENT_INVITATION, former, "expire", actor=CLOCK)  # the clock is late
        if former is not None and former.state == V.SENT:
            return former, False
        said = {"first_name": facts.first_name, "last_name": facts.last_name}
        if former is not None and former.times_sent < MOST_TIMES_SENT:  # it came to nothing: the same one, sent again
            ReferentInvitation.objects.filter(pk=former.pk).update(**said)
            return fire(REFERENT_INVITATION, former, "resend", actor=actor), True
        said_all = {**said, "departments": [], "network": facts.network}
        return send_invitation(actor=actor, email=facts.email, said=said_all), True


def remove_supervisor(*, actor: Actor, grant: Grant) -> None:
    """End the role at once; the person is told.

    Raises:
        NotAllowed: the actor is not the operator.
        Refused: removed already.
    """
    _only_operator(actor)
    with transaction.atomic():
        locked = Grant.objects.select_for_update(of=("self",)).select_related("person", "network").get(pk=grant.pk)
        if locked.role != Role.SUPERVISOR or (locked.valid_until is not None and locked.valid_until <= timezone.now()):
            raise Refused(_("Cette personne ne supervise plus ce réseau."))
        end_role(actor=actor, grant=locked, why="removed", tells=(SUPERVISOR_REMOVED,))
