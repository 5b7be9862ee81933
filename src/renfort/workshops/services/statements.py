"""Give a payee the statement of a month (W8, W12)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from renfort.documents.models import Paper
from renfort.documents.services import issue
from renfort.kernel.actors import Actor
from renfort.kernel.firing import NotAllowed, Refused
from renfort.workshops.papers.statement import STATEMENT, statement_facts
from renfort.workshops.selectors.assignment import facilitator_of


def issue_statement(*, actor: Actor, month: date) -> Paper:
    """« Relevé de rétributions » of one's own, of the month that begins on ``month``; the same again while nothing has changed.

    Raises:
        NotAllowed: the actor leads no sessions.
        Refused: nothing was approved for the actor in that month.
    """
    facilitator = facilitator_of(actor)
    if facilitator is None:
        raise NotAllowed(_("Ce relevé est remis à la personne payée."))
    person = facilitator.person
    facts = statement_facts(person.pk, person.full_name, month)
    if not facts["rows"]:
        raise Refused(_("Rien n'a été approuvé pour vous ce mois-là."))
    return issue(
        actor=actor, kind=STATEMENT, subject=person.pk, series=f"{person.pk}:{month.isoformat()}", person=person, facts=facts
    )
