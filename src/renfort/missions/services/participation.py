"""Apply (R13, R30, R31, R33)."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import Refused
from renfort.missions import messages
from renfort.missions.enums import ParticipationState
from renfort.missions.models import DomainRules, Mission, Participation
from renfort.missions.selectors.eligibility import eligibility
from renfort.people.models import Person

APPLY = "missions.apply"  # the kind of an intent that becomes a participation


def apply(*, actor: Actor, person: Person, mission: Mission, ticked: DomainRules | None) -> Participation:
    """Propose one's help. ``ticked`` is the wording of the domain's rules that was ticked (None: the domain has none).

    A pending application holds no place, so nothing scarce is taken and no lock is needed; the database holds that a
    person has one active participation per mission. The mission may be cancelled at the same moment: the clock then
    cancels this application as it cancels the others.

    Returns the participation; when one is already active, that one (a second click is no mistake).

    Raises:
        Refused: with every reason why not.
    """
    found = eligibility(mission, person)
    if found.current is not None:
        return found.current
    if not found.may_apply:
        raise Refused(*found.sentences)
    now = timezone.now()
    try:
        with transaction.atomic():
            participation = Participation.objects.create(
                mission=mission,
                organisation_id=mission.organisation_id,
                person=person,
                state=ParticipationState.PENDING,
                rules=ticked,
                rules_at=now if ticked else None,
                created_at=now,
            )
            publish(
                "missions.participation.apply",
                participation,
                actor=actor,
                after=participation.state,
                tells=(messages.RECEIVED, messages.TO_ANSWER),
                codes={"rules": ticked.pk if ticked else None},
            )
    except IntegrityError:
        twin = eligibility(mission, person).current
        if twin is None:
            raise Refused(_("Votre proposition n'a pas pu être enregistrée. Réessayez.")) from None
        return twin
    return participation
