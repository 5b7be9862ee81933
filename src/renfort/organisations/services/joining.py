"""Ask to join an organisation that is already here (R9). The answer is a transition, on ``organisations.workflow``."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import Refused
from renfort.organisations.enums import JoinState
from renfort.organisations.messages import JOIN_ASKED
from renfort.organisations.models import JoinRequest, Organisation
from renfort.organisations.rules import manages, works_in
from renfort.organisations.selectors import join_state, waiting_requests_of
from renfort.people.models import Person

MOST_WAITING = 5  # of one person at a time: a request writes to strangers


def ask_to_join(*, actor: Actor, person: Person, organisation: Organisation) -> None:
    """Ask the managers of ``organisation`` to join its team; where none remains, the operator answers.

    Asking twice changes nothing and writes to nobody.

    Nothing of the organisation is seen before, and the asker is never told who its managers are.

    Raises:
        Refused: one is of the team already, was refused lately, or waits for too many answers.
    """
    if manages(actor, organisation.pk):
        raise Refused(_("Vous êtes déjà responsable de cette structure."))
    if works_in(actor, organisation.pk):
        raise Refused(_("Vous faites déjà partie de cette équipe : demandez à un responsable de changer votre rôle."))
    state = join_state(person.pk, organisation.pk)
    if state == JoinState.PENDING:
        return
    if state == JoinState.REFUSED:
        raise Refused(_("Votre demande a été refusée il y a moins d'un mois. Vous pouvez inscrire votre propre structure."))
    if len(waiting_requests_of(person.pk)) >= MOST_WAITING:
        raise Refused(_("Vous avez déjà plusieurs demandes sans réponse : attendez-en une avant d'en faire une autre."))
    try:
        with transaction.atomic():
            request = JoinRequest.objects.create(organisation=organisation, person=person)
            publish("organisations.joinrequest.ask", request, actor=actor, after=request.state, tells=(JOIN_ASKED,))
    except IntegrityError:
        return  # the other tab has just asked
