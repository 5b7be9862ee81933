"""The operator's verbs on people's roles (R58): with a reason; somebody always runs the platform."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused
from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Grant
from renfort.organisations.selectors import is_operator, managers_of, operators
from renfort.organisations.services.roles import end_role, give_role
from renfort.people.models import Account, Person


def give_operator(*, actor: Actor, person: Person, reason: str) -> Grant:
    """Let somebody run the platform from now on.

    Raises:
        NotAllowed: the actor is not an operator.
        Refused: the person cannot sign in.
    """
    _only_operator(actor)
    if not Account.objects.filter(person=person, is_active=True).exists():
        raise Refused(_("Cette personne n'a pas de compte ouvert."))
    with transaction.atomic():
        grant = give_role(actor=actor, person=person, programme=Programme.PLATFORM, role=Role.OPERATOR)
        publish("organisations.grant.explain", grant, actor=actor, codes={"role": grant.role}, texts={"reason": reason})
    return grant


def withdraw_role(*, actor: Actor, grant: Grant, reason: str) -> None:
    """End a role now; open sessions lose its rights at once. The row and the reason are kept.

    Raises:
        NotAllowed: the actor is not an operator.
        Refused: it is the last operator, or the last « responsable » of an organisation.
    """
    _only_operator(actor)
    with transaction.atomic():
        if grant.role == Role.OPERATOR:
            # every operator's grant is locked, so that two cannot withdraw each other at once
            held = list(operators().filter(person__account__is_active=True).select_for_update(of=("self",)))
            if [each.person_id for each in held] == [grant.person_id]:
                raise Refused(_("C'est le dernier opérateur : nommez-en un autre d'abord."))
        locked = Grant.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=grant.pk)
        if locked.valid_until is not None:
            return
        if (
            locked.role == Role.MANAGER
            and locked.organisation_id is not None
            and managers_of(locked.organisation_id).count() == 1
        ):
            raise Refused(_("C'est le dernier responsable de cette structure : elle doit en nommer un autre, ou se retirer."))
        end_role(actor=actor, grant=locked, why="operator")
        publish("organisations.grant.explain", locked, actor=actor, codes={"role": locked.role}, texts={"reason": reason})


def _only_operator(actor: Actor) -> None:
    if not is_operator(actor):
        raise NotAllowed
