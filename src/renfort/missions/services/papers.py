"""Give somebody a paper (R35)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from renfort.documents.models import Paper
from renfort.documents.services import issue
from renfort.kernel.actors import Actor
from renfort.kernel.firing import NotAllowed, Refused, lock_row
from renfort.missions.enums import ParticipationState
from renfort.missions.models import Participation
from renfort.missions.papers import ATTESTATION, CERTIFICATE, OFF, given_facts, mission_facts
from renfort.missions.rules import side_of
from renfort.organisations.models import Organisation
from renfort.organisations.rules import manages
from renfort.people.models import Person

P = ParticipationState


def can_have_attestation(participation: Participation) -> bool:
    """Whether the person is expected: accepted, under way or done, on a mission that is not off. Needs the mission."""
    return participation.state in (P.ACCEPTED, P.ONGOING, P.DONE) and participation.mission.state not in OFF


def issue_attestation(*, actor: Actor, participation: Participation) -> Paper:
    """« Attestation de mission », for the person or their organisation; the same again while nothing has changed.

    Raises:
        NotAllowed: the actor is neither.
        Refused: the person is not expected, or no longer.
    """
    if not side_of(actor, participation):
        raise NotAllowed(_("Cette attestation est remise à la personne et à la structure."))
    with transaction.atomic():
        locked = lock_row(participation)  # nobody withdraws between the question and the paper
        locked.mission, locked.person = participation.mission, participation.person
        locked.mission.refresh_from_db(fields=["state"])
        if not can_have_attestation(locked):
            raise Refused(_("L'attestation de mission est remise aux bénévoles acceptés, tant que la mission a lieu."))
        return issue(
            actor=actor,
            kind=ATTESTATION,
            subject=participation.pk,
            series=str(participation.pk),
            person=participation.person,
            facts=mission_facts(locked),
            organisation=participation.mission.organisation,
        )


def issue_certificate(
    *, actor: Actor, person: Person, first_on: date | None, last_on: date | None, today: date,
    organisation: Organisation | None = None,
) -> Paper:  # fmt: skip
    """« Attestation d'engagement » over a period (``first_on`` and ``last_on`` None: from the beginning, until ``today``).

    The person may ask for all organisations or one; an organisation for itself alone.

    Raises:
        NotAllowed: the actor is neither the person nor a « responsable » of the organisation.
        Refused: no confirmed hours in the period.
    """
    is_own = actor.kind == "person" and actor.person_id == person.pk
    if not is_own and not (organisation is not None and manages(actor, organisation.pk)):
        raise NotAllowed(_("Cette attestation est remise à la personne et à ses structures."))
    until = min(last_on or today, today)
    pair = (organisation.pk, organisation.name) if organisation else None
    facts = given_facts(person.pk, name=person.full_name, organisation=pair, first_on=first_on, last_on=until)
    if not facts["rows"]:
        raise Refused(_("Aucune heure confirmée sur cette période : déclarez vos heures, la structure les confirme."))
    asked = f"{first_on or ''}:{last_on or ''}"
    return issue(
        actor=actor,
        kind=CERTIFICATE,
        subject=person.pk,
        series=f"{person.pk}:{organisation.pk if organisation else 'all'}:{asked}",
        person=person,
        facts=facts,
        organisation=organisation,
    )
