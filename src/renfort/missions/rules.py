"""Who may, and whether it is possible: pure questions, no writing (design decision 9)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renfort.kernel.actors import Actor
from renfort.kernel.rules import guard, rule
from renfort.missions.enums import MissionState, ParticipationState
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.mission import places_taken, publication_policy
from renfort.missions.selectors.participation import has_twin
from renfort.organisations.enums import Programme, Role
from renfort.organisations.rules import manages, tutors
from renfort.parameters.catalogue import ONLINE_FIRST, VALIDATE_FIRST

S = MissionState
FIRST_REMINDER, SECOND_REMINDER, END_AFTER = timedelta(days=5), timedelta(days=20), timedelta(days=30)  # R20


# ── who ───────────────────────────────────────────────────────────────────────────────────────────
def has_joined(actor: Actor) -> bool:
    """Whether the actor is « bénévole »: whoever helps has given what organisations need (R3)."""
    return actor.holds(Programme.RESERVE, Role.VOLUNTEER)


def leads(actor: Actor, mission: Mission) -> bool:
    """Whether the actor is in charge of the mission; ``selectors.mission.in_charge`` asks the same of the database."""
    return actor.person_id is not None and actor.person_id == mission.responsible_id


def runs(actor: Actor, mission: Mission) -> bool:
    """Whether the actor may act on the mission for its organisation: « responsable », or « tuteur » in charge of it (R40)."""
    return manages(actor, mission.organisation_id) or (tutors(actor, mission.organisation_id) and leads(actor, mission))


@rule(_("la structure"))
def is_host(actor: Actor, mission: Mission) -> bool:
    return runs(actor, mission)


@rule(_("l'opérateur"))
def is_operator(actor: Actor, mission: Mission) -> bool:
    return actor.holds(Programme.PLATFORM, Role.OPERATOR)


@rule(_("la structure"))
def is_host_of(actor: Actor, participation: Participation) -> bool:
    return manages(actor, participation.organisation_id) or (
        tutors(actor, participation.organisation_id) and leads(actor, participation.mission)
    )


@rule(_("le ou la bénévole"))
def is_volunteer(actor: Actor, participation: Participation) -> bool:
    in_person = actor.acting is None or actor.acting.role == Role.VOLUNTEER  # a manager's page borrows nothing of the person
    return actor.kind == "person" and in_person and actor.person_id == participation.person_id


# ── whether, for a mission ────────────────────────────────────────────────────────────────────────
@guard(_("La validation a lieu avant la mise en ligne : proposez la mission."))
def is_online_first(mission: Mission) -> bool:
    return publication_policy(mission) == ONLINE_FIRST


@guard(_("Les missions sont mises en ligne sans attendre la validation : publiez la mission."))
def is_validate_first(mission: Mission) -> bool:
    return publication_policy(mission) == VALIDATE_FIRST


@guard(_("Les dates de début et de fin manquent."))
def has_dates(mission: Mission) -> bool:
    return mission.starts_on is not None and mission.ends_on is not None


@guard(_("La date de fin est passée."))
def is_not_over(mission: Mission) -> bool:
    return not mission.is_over


@guard(_("Le commentaire de la structure manque : dites ce que feront les bénévoles."))
def has_description(mission: Mission) -> bool:
    return bool(mission.description.strip())


@guard(_("Les dispositions prises pour la sécurité manquent."))
def has_safety(mission: Mission) -> bool:
    return mission.is_remote or bool(mission.safety.strip())


@guard(_("Le lieu de la mission manque."))
def has_place(mission: Mission) -> bool:
    return mission.is_remote or bool(mission.city.strip())


@guard(_("Le respect des règles du domaine n'est pas confirmé."))
def conforms_to_rules(mission: Mission) -> bool:
    return mission.rules_at is not None


COMPLETE = (has_dates, is_not_over, has_description, has_safety, has_place, conforms_to_rules)


@guard(_("La mission n'est pas encore terminée : la date de fin n'est pas passée."))
def is_over(mission: Mission) -> bool:
    return mission.is_over


@guard(_("La structure est sur la plateforme : c'est elle qui annule ses missions."))
def organisation_has_left(mission: Mission) -> bool:
    known = "organisation" in mission._state.fields_cache  # locked and fresh under ``fire``; a list does not load it for this
    return not known or mission.organisation.left_at is not None


@guard(_("Cette mission a déjà été relue."))
def is_to_review(mission: Mission) -> bool:
    return mission.reviewed_at is None


@guard(_("La mission s'est terminée il y a plus de 30 jours : dupliquez-la plutôt."))
def ended_recently(mission: Mission) -> bool:
    return mission.over_at is not None and mission.over_at > timezone.now() - END_AFTER


# ── whether, for a participation ──────────────────────────────────────────────────────────────────
@guard(_("Cette mission n'est pas en ligne."))
def mission_is_published(participation: Participation) -> bool:
    return participation.mission.state == S.PUBLISHED


@guard(_("La mission est terminée : la date de fin est passée."))
def mission_is_not_over(participation: Participation) -> bool:
    return not participation.mission.is_over


@guard(_("Toutes les places sont prises."))
def has_a_place(participation: Participation) -> bool:
    counted = getattr(participation, "taken_on_mission", None)  # annotated by the list; under a lock it is counted anew
    taken = places_taken(participation.mission) if counted is None else counted
    return bool(taken < participation.mission.places)


@guard(_("La mission a commencé : il n'est plus possible de revenir en arrière."))
def mission_has_not_begun(participation: Participation) -> bool:
    return not participation.mission.has_begun


@guard(_("La mission n'a pas encore commencé."))
def mission_has_begun(participation: Participation) -> bool:
    return participation.mission.has_begun


@guard(_("Cette personne a proposé de nouveau son aide entre-temps."))
def has_not_applied_again(participation: Participation) -> bool:
    return participation.state != ParticipationState.REFUSED or not has_twin(participation)


# ── when the clock acts ───────────────────────────────────────────────────────────────────────────
def first_reminder_due(now: datetime) -> Q:
    # after a long stop of the clock the second reminder stands for both: nobody gets two at once
    return Q(over_at__lte=now - FIRST_REMINDER, over_at__gt=now - SECOND_REMINDER, first_reminder_at=None)


def second_reminder_due(now: datetime) -> Q:
    return Q(over_at__lte=now - SECOND_REMINDER, second_reminder_at=None)


def ending_due(now: datetime) -> Q:
    return Q(over_at__lte=now - END_AFTER) | Q(over_at__lte=now, organisation__left_at__isnull=False)


def departure_due(now: datetime) -> Q:
    """The organisation has left (R9); what is over is ended instead, so that who came keeps it."""
    return Q(organisation__left_at__lte=now) & (Q(over_at__gt=now) | Q(over_at=None) | ~Q(state=S.PUBLISHED))


def start_due(now: datetime) -> Q:
    return Q(mission__begins_at__lte=now, mission__state=S.PUBLISHED)


def completion_due(now: datetime) -> Q:
    return Q(mission__over_at__lte=now - END_AFTER, mission__state__in=[S.PUBLISHED, S.ENDED])


def cancellation_due(now: datetime) -> Q:
    return Q(mission__state__in=[S.CANCELLED, S.REFUSED])


def lapse_due(now: datetime) -> Q:
    return Q(mission__state=S.ENDED)
