"""Who may, and whether it is possible, for requests of fees and fees (W8, W9)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renfort.kernel.actors import Actor
from renfort.kernel.rules import bar, guard, rule
from renfort.workshops.enums import AssignmentState, FeeKind, FeeState
from renfort.workshops.models import Enrolment, Fee, Round
from renfort.workshops.rules.basics import coordinates
from renfort.workshops.selectors.payable import fee_is_asked
from renfort.workshops.selectors.roles import is_staff


@rule(_("la coordination de la mission"))
def asks_for_it(actor: Actor, request: Round) -> bool:
    return coordinates(actor, request.assignment)


@rule(_("l'association"))
def sees_to_rounds(actor: Actor, request: Round) -> bool:
    return is_staff(actor)


@rule(_("l'association"))
def sees_to_fees(actor: Actor, fee: Fee) -> bool:
    return is_staff(actor)


@bar(_("Vous êtes payé·e par cette demande : une autre personne de l'association l'approuve."))
def is_paid_by_it(actor: Actor, request: Round) -> bool:
    return request.fees.filter(payee_id=actor.person_id, state=FeeState.REQUESTED).exists()


@bar(_("C'est votre rétribution : une autre personne de l'association l'approuve."))
def is_ones_own(actor: Actor, fee: Fee) -> bool:
    return fee.payee_id == actor.person_id


@guard(_("Cette mission n'est plus en cours."))
def is_for_one_under_way(request: Round) -> bool:
    return request.assignment.state == AssignmentState.AWARDED


@guard(_("La demande est vide : choisissez au moins une rétribution."))
def has_fees_asked(request: Round) -> bool:
    return request.fees.filter(state=FeeState.REQUESTED).exists()


@guard(_("Des rétributions de cette demande attendent encore."))
def has_none_left(request: Round) -> bool:
    return not request.fees.filter(state=FeeState.REQUESTED).exists()


@guard(_("La mission est clôturée : une rétribution ne pourrait plus être redemandée."))
def could_be_asked_again(fee: Fee) -> bool:
    return fee.kind == FeeKind.SESSION and fee.assignment.state == AssignmentState.AWARDED


@guard(_("Sa rétribution est demandée : son rôle, son statut et sa présence ne changent plus."))
def fee_is_not_asked(enrolment: Enrolment) -> bool:
    return not fee_is_asked(enrolment)
