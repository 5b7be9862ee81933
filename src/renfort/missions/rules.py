"""Who may, and whether it is possible: pure questions, no writing (design decision 9)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from renfort.kernel.actors import Actor
from renfort.kernel.rules import guard, rule
from renfort.missions.enums import Format, MissionState, ParticipationState, Side
from renfort.missions.models import HoursEntry, Mission, Participation
from renfort.missions.selectors.absences import can_still_contest
from renfort.missions.selectors.hours import NO_HOURS, TAKES_HOURS
from renfort.missions.selectors.mission import places_taken, publication_policy
from renfort.missions.selectors.participation import has_twin
from renfort.organisations.enums import Programme, Role
from renfort.organisations.rules import manages
from renfort.parameters.catalogue import ONLINE_FIRST, VALIDATE_FIRST

S = MissionState
FIRST_REMINDER, SECOND_REMINDER, END_AFTER = timedelta(days=5), timedelta(days=20), timedelta(days=30)  # R20


# ── who ───────────────────────────────────────────────────────────────────────────────────────────
def has_joined(actor: Actor) -> bool:
    """Whether the actor is « bénévole »: whoever helps has given what organisations need (R3)."""
    return actor.holds(Programme.RESERVE, Role.VOLUNTEER)


@rule(_("la structure"))
def is_host(actor: Actor, mission: Mission) -> bool:
    return manages(actor, mission.organisation_id)


@rule(_("l'opérateur"))
def is_operator(actor: Actor, mission: Mission) -> bool:
    return actor.holds(Programme.PLATFORM, Role.OPERATOR)


@rule(_("la structure"))
def is_host_of(actor: Actor, participation: Participation) -> bool:
    return manages(actor, participation.organisation_id)


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


# ── whether, for an absence and for hours (R33) ───────────────────────────────────────────────────
def side_of(actor: Actor, participation: Participation) -> str:
    """On which side the actor speaks of a participation: "volunteer", "host", or "" for nobody who may."""
    if is_volunteer(actor, participation):
        return Side.VOLUNTEER
    return Side.HOST if is_host_of(actor, participation) else ""


@rule(_("l'autre côté"))
def is_other_side(actor: Actor, entry: HoursEntry) -> bool:
    return side_of(actor, entry.participation) not in ("", entry.side)


@rule(_("qui les a déclarées"))
def is_same_side(actor: Actor, entry: HoursEntry) -> bool:
    return side_of(actor, entry.participation) == entry.side


@rule(_("l'un ou l'autre côté"))
def is_either_side(actor: Actor, entry: HoursEntry) -> bool:
    return bool(side_of(actor, entry.participation))


def too_many_hours(days: int) -> str:
    """Why a figure cannot be: more than the days have, or nothing."""
    return ngettext(
        "Sur %(days)d jour, dites de 15 minutes à %(most)d heures.",
        "Sur %(days)d jours, dites de 15 minutes à %(most)d heures.",
        days,
    ) % {"days": days, "most": 24 * days}


@guard(_("La personne n'a pas pris part à cette mission."))
def takes_hours(entry: HoursEntry) -> bool:
    # what was given before leaving a mission, or before it was cancelled, was given
    return entry.participation.state not in NO_HOURS


@guard(_("La mission s'est terminée il y a plus de 30 jours : il est trop tard pour signaler une absence."))
def absence_can_be_told(participation: Participation) -> bool:
    over_at = participation.mission.over_at
    return over_at is None or over_at > timezone.now() - END_AFTER


@guard(_("Les sept jours pour contester sont passés."))
def is_contestable(participation: Participation) -> bool:
    return can_still_contest(participation)


@guard(_("Vous avez déjà contesté : la structure doit vous répondre."))
def is_not_contested(participation: Participation) -> bool:
    return participation.contested_at is None


@guard(_("Personne ne conteste cette absence."))
def is_contested(participation: Participation) -> bool:
    return participation.contested_at is not None and participation.settled_at is None


@guard(_("La mission n'est pas encore terminée : dites plutôt que la personne participe."))
def absence_after_end(participation: Participation) -> bool:
    return participation.mission.is_over


@guard(_("La mission est terminée : dites plutôt que la personne est venue."))
def absence_before_end(participation: Participation) -> bool:
    return not participation.mission.is_over


@guard(_("Sa place a été donnée à quelqu'un d'autre : augmentez d'abord le nombre de volontaires de la mission."))
def place_is_still_there(participation: Participation) -> bool:
    mission = participation.mission
    return (mission.format == Format.RECURRING and mission.is_over) or has_a_place.holds(participation)


@guard(_("Cette personne participe de nouveau à cette mission."))
def participates_once(participation: Participation) -> bool:
    return participation.state != ParticipationState.NO_SHOW or not has_twin(participation)


@guard(_("Cette mission est annulée ou n'est plus en ligne."))
def mission_took_place(participation: Participation) -> bool:
    return participation.mission.state in (S.PUBLISHED, S.ENDED)


# ── when the clock acts ───────────────────────────────────────────────────────────────────────────
def first_reminder_due(now: datetime) -> Q:
    # after a long stop of the clock the second reminder stands for both: nobody gets two at once
    return Q(over_at__lte=now - FIRST_REMINDER, over_at__gt=now - SECOND_REMINDER, first_reminder_at=None)


def second_reminder_due(now: datetime) -> Q:
    return Q(over_at__lte=now - SECOND_REMINDER, second_reminder_at=None)


def ending_due(now: datetime) -> Q:
    return Q(over_at__lte=now - END_AFTER)


def start_due(now: datetime) -> Q:
    return Q(mission__begins_at__lte=now, mission__state=S.PUBLISHED)


def completion_due(now: datetime) -> Q:
    return Q(mission__over_at__lte=now - END_AFTER, mission__state__in=[S.PUBLISHED, S.ENDED])


def cancellation_due(now: datetime) -> Q:
    return Q(mission__state__in=[S.CANCELLED, S.REFUSED])


def lapse_due(now: datetime) -> Q:
    return Q(mission__state=S.ENDED)


MORNING = timedelta(hours=8)  # nobody is written to at midnight
SILENCE = timedelta(days=14)  # hours that the organisation said and that the person leaves unanswered for so long are confirmed


def host_question_due(now: datetime) -> Q:
    """From the morning after the last day, once; a mission that was prolonged is asked about again (R36)."""
    expected = Participation.objects.filter(mission=OuterRef("pk"), state__in=[str(state) for state in TAKES_HOURS])
    return just_over(now) & Q(Exists(expected))


def volunteer_question_due(now: datetime) -> Q:
    over = just_over(now, "mission__")
    return over & Q(mission__state__in=[S.PUBLISHED, S.ENDED])


def just_over(now: datetime, prefix: str = "") -> Q:
    """Over since yesterday, not asked since; nobody is asked about what ended more than 30 days ago."""
    over_at = f"{prefix}over_at"
    not_asked = Q(asked_at=None) | Q(asked_at__lt=F(over_at))
    return Q(**{f"{over_at}__lte": now - MORNING, f"{over_at}__gt": now - END_AFTER}) & not_asked


def absence_settled_due(now: datetime) -> Q:
    return Q(contestable_until__lte=now, contested_at=None, settled_at=None)


def hours_news_due(now: datetime) -> Q:
    return Q(hours_to_tell_at__lte=now)


def silence_due(now: datetime) -> Q:
    return Q(side=Side.HOST, said_at__lte=now - SILENCE)
