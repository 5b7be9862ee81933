"""Who may, and whether it is possible: pure questions, no writing (design decision 9)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from renfort.kernel.actors import Actor
from renfort.kernel.rules import bar, guard, rule
from renfort.missions.enums import ACTIVE, Format, MissionState, ParticipationState, Side, SlotState
from renfort.missions.models import HoursEntry, Mission, Participation, Slot, Transfer, Waiting
from renfort.missions.selectors.absences import can_still_contest
from renfort.missions.selectors.hours import NO_HOURS, TAKES_HOURS
from renfort.missions.selectors.mission import places_held
from renfort.missions.selectors.participation import deputy_ids, has_twin
from renfort.missions.selectors.policy import publication_policy
from renfort.missions.selectors.slots import begins_at, free_slots, has_no_slot_left, has_started, slot_count, without_slot
from renfort.missions.selectors.waiting import free_for_line, has_applied, is_first, turns_due
from renfort.organisations.enums import UNWELCOME, OrganisationState, Programme, Role
from renfort.organisations.models import Organisation
from renfort.organisations.rules import belongs_to, is_referent, manages, oversees, tutors
from renfort.parameters.catalogue import ONLINE_FIRST, VALIDATE_FIRST

S = MissionState
FIRST_REMINDER, SECOND_REMINDER, END_AFTER = timedelta(days=5), timedelta(days=20), timedelta(days=30)  # R20
CONTACT_KEPT = timedelta(days=30)  # R37


# ── who ───────────────────────────────────────────────────────────────────────────────────────────
def has_joined(actor: Actor) -> bool:
    """Whether the actor is « bénévole »: whoever helps has given what organisations need (R3)."""
    return actor.holds(Programme.RESERVE, Role.VOLUNTEER)


def leads(actor: Actor, mission: Mission) -> bool:
    """Whether the actor is in charge of the mission, alone or with others (R11, R40); ``selectors.participation.in_charge`` asks
    the same of the database."""
    return actor.person_id is not None and (actor.person_id == mission.responsible_id or actor.person_id in deputy_ids(mission))


def may_judge(actor: Actor, mission: Mission) -> bool:
    """Whether the actor looks after the mission, and may say that a check was wrong about it (R52, R53)."""
    return oversees(actor, mission.department_id, mission.domain_id)


def runs(actor: Actor, mission: Mission) -> bool:
    """Whether the actor may act on the mission for its organisation: « responsable », or « tuteur » in charge of it (R40)."""
    return manages(actor, mission.organisation_id) or (tutors(actor, mission.organisation_id) and leads(actor, mission))


def helps(actor: Actor, mission: Mission) -> bool:
    """Whether the actor, as referent, may change the mission with its organisation (R55): one of the departments and domains
    looked after, no draft, which is the organisation's own, and never of an organisation that the person belongs to. One query.
    """
    looked_after = is_referent(actor) and mission.state != S.DRAFT and may_judge(actor, mission)
    return looked_after and not belongs_to(actor, mission.organisation_id)


@rule(_("la structure"))
def is_host(actor: Actor, mission: Mission) -> bool:
    return runs(actor, mission)


@rule(_("le référent ou l'opérateur"))
def is_reader(actor: Actor, mission: Mission) -> bool:
    """Who decides what is published: the referent of the mission's department and domain, and the operator (R52)."""
    return oversees(actor, mission.department_id, mission.domain_id)


@bar(_("Vous faites partie de l'équipe de cette structure : une autre personne doit décider."))
def is_of_its_team(actor: Actor, mission: Mission) -> bool:
    return belongs_to(actor, mission.organisation_id)


@bar(_("Vous avez donné le premier avis : dans ce domaine, une autre personne décide."))
def was_first_in_favour(actor: Actor, mission: Mission) -> bool:
    return mission.opinion_by_id is not None and mission.opinion_by_id == actor.person_id


@rule(_("la structure"))
def is_host_of(actor: Actor, participation: Participation) -> bool:
    return manages(actor, participation.organisation_id) or (
        tutors(actor, participation.organisation_id)
        and (actor.person_id == participation.mission.responsible_id or actor.person_id in deputy_ids(participation))
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
    host = known_host(mission)
    return host is None or host.left_at is not None or host.state == OrganisationState.REFUSED


@guard(_("La structure n'est pas signalée."))
def organisation_is_flagged(mission: Mission) -> bool:
    host = known_host(mission)
    return host is None or host.state == OrganisationState.FLAGGED


@guard(_("La structure est signalée, refusée ou partie : aucune de ses missions ne peut être en ligne."))
def organisation_is_welcome(mission: Mission) -> bool:
    host = known_host(mission)
    return host is None or host.state not in UNWELCOME


def known_host(mission: Mission) -> Organisation | None:
    """The mission's organisation, locked and fresh under ``fire``; None where a list has not loaded it: it asks nothing more."""
    return mission.organisation if "organisation" in mission._state.fields_cache else None


def lacks_an_opinion(mission: Mission) -> bool:
    """Whether the domain is sensitive and nobody was in favour yet (R52)."""
    needs_two = getattr(mission, "needs_two", None)  # annotated by the list; under a lock it is read anew
    return mission.opinion_at is None and bool(mission.domain.is_sensitive if needs_two is None else needs_two)


@guard(_("Dans ce domaine, deux personnes doivent être favorables : un premier avis manque."))
def has_its_opinions(mission: Mission) -> bool:
    return not lacks_an_opinion(mission)


@guard(_("Un premier avis n'est pas demandé pour cette mission, ou il est déjà donné."))
def wants_an_opinion(mission: Mission) -> bool:
    waits = mission.state == S.SUBMITTED or mission.reviewed_at is None
    return waits and lacks_an_opinion(mission)


@guard(_("Cette mission a déjà été relue, ou un premier avis manque."))
def is_to_review(mission: Mission) -> bool:
    return mission.reviewed_at is None and not lacks_an_opinion(mission)


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
    if participation.mission.has_slots:
        return True  # each slot has places of its own
    counted = getattr(participation, "taken_on_mission", None)  # annotated by the list; under a lock it is counted anew
    held = places_held(participation.mission) if counted is None else counted
    return bool(
        held - participation.reserved < participation.mission.places
    )  # one's own place from the waiting list counts for one


@guard(_("Aucun des créneaux demandés n'a encore de place."))
def has_a_free_slot(participation: Participation) -> bool:
    return not participation.mission.has_slots or free_slots(participation) > 0


@guard(_("Cette mission n'a pas de créneaux à venir pour cette personne."))
def may_choose_slots(participation: Participation) -> bool:
    return participation.mission.has_slots and slot_count(participation) > 1


@guard(_("Tous les créneaux de cette personne ne sont pas annulés."))
def lost_every_slot(participation: Participation) -> bool:
    return has_no_slot_left(participation)


@guard(_("La mission a commencé : il n'est plus possible de revenir en arrière."))
def mission_has_not_begun(participation: Participation) -> bool:
    return not _has_begun(participation)


@guard(_("La mission n'a pas encore commencé."))
def mission_has_begun(participation: Participation) -> bool:
    return _has_begun(participation)


def _has_begun(participation: Participation) -> bool:
    """Whether it has begun for this person: a mission under way for others begins next week for who comes next week (R61)."""
    if not participation.mission.has_begun or not participation.mission.has_slots:
        return participation.mission.has_begun
    first = begins_at(participation)
    return first is not None and first <= timezone.now()


@guard(_("Cette personne a proposé de nouveau son aide entre-temps."))
def has_not_applied_again(participation: Participation) -> bool:
    return participation.state != ParticipationState.REFUSED or not has_twin(participation)


# ── whether, for a slot ───────────────────────────────────────────────────────────────────────────
@rule(_("la structure"))
def is_host_of_slot(actor: Actor, slot: Slot) -> bool:
    return runs(actor, slot.mission)


@guard(_("Ce créneau est passé."))
def slot_is_not_over(slot: Slot) -> bool:
    return not slot.is_over


@guard(_("Cette mission est close : elle ne peut plus être modifiée."))
def slot_mission_is_open(slot: Slot) -> bool:
    return slot.mission.state not in (S.REFUSED, S.ENDED, S.CANCELLED)


# ── until when contact data are shown (R37) ───────────────────────────────────────────────────────
def contact_until(participation: Participation) -> datetime | None:
    """When the organisation stops seeing the volunteer's e-mail, phones, birth date and picture; None: not while it is open.

    Thirty whole days after it was closed, as the clocks of the mission's place count them. Help that was given ends with the
    mission, if that was sooner: the clock closes it only a month later.
    """
    if participation.state in ACTIVE:
        return None
    if participation.moved_at is not None:  # nobody applied to the organisation that has the mission now (R55)
        return participation.closed_at or participation.moved_at
    mission, zone = participation.mission, ZoneInfo(participation.mission.zone)
    # a row older than ``closed_at``, or imported: the last thing that is known of it, so never too long
    closed = participation.closed_at or participation.decided_at or participation.created_at
    last_day = closed.astimezone(zone).date()
    if participation.state in (ParticipationState.DONE, ParticipationState.NO_SHOW) and mission.ends_on is not None:
        last_day = min(last_day, mission.ends_on) if participation.closed_at else mission.ends_on
    return datetime.combine(last_day + CONTACT_KEPT + timedelta(days=1), time.min, zone)


def contact_is_open(participation: Participation) -> bool:
    """Whether the organisation applied to may see the volunteer's contact data now. No query: state, dates and the mission."""
    until = contact_until(participation)
    return until is None or timezone.now() < until


def may_reach(actor: Actor, participation: Participation) -> bool:
    """Whether the actor, as referent, may ask for the volunteer's contact data (R37): a mission looked after, a participation
    whose contact data are shown still, and an organisation to which the person does not belong. One query."""
    mission = participation.mission
    looked_after = is_referent(actor) and may_judge(actor, mission) and contact_is_open(participation)
    return looked_after and not belongs_to(actor, mission.organisation_id)


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
    gone = Q(organisation__left_at__isnull=False) | Q(organisation__state=OrganisationState.REFUSED)
    return Q(over_at__lte=now - END_AFTER) | (Q(over_at__lte=now) & gone)


def departure_due(now: datetime) -> Q:
    """The organisation has left (R9) or is refused (R52); what is over is ended instead, so that who came keeps it."""
    gone = Q(organisation__left_at__lte=now) | Q(organisation__state=OrganisationState.REFUSED)
    return gone & (Q(over_at__gt=now) | Q(over_at=None) | ~Q(state=S.PUBLISHED))


def suspension_due(now: datetime) -> Q:
    """The organisation is flagged (R52): what is still to come goes offline; what is over is closed as usual."""
    return Q(organisation__state=OrganisationState.FLAGGED, over_at__gt=now)


def start_due(now: datetime) -> Q:
    return has_started(now) & Q(mission__state=S.PUBLISHED)


def completion_due(now: datetime) -> Q:
    return Q(mission__over_at__lte=now - END_AFTER, mission__state__in=[S.PUBLISHED, S.ENDED])


def cancellation_due(now: datetime) -> Q:
    return Q(mission__state__in=[S.CANCELLED, S.REFUSED])


def slots_cancelled_due(now: datetime) -> Q:
    return without_slot() & Q(mission__state=S.PUBLISHED)


def lapse_due(now: datetime) -> Q:
    return Q(mission__state=S.ENDED)


# ── the waiting list (R60) ────────────────────────────────────────────────────────────────────────
@rule(_("la personne en attente"))
def is_in_line(actor: Actor, turn: Waiting) -> bool:
    in_person = actor.acting is None or actor.acting.role == Role.VOLUNTEER
    return actor.kind == "person" and in_person and actor.person_id == turn.person_id


@guard(_("Cette mission ne prend plus personne."))
def is_still_open(turn: Waiting) -> bool:
    slot_is_open = turn.slot is None or (turn.slot.state == SlotState.OPEN and not turn.slot.is_over)
    return turn.mission.state == S.PUBLISHED and not turn.mission.is_over and slot_is_open


@guard(_("Quelqu'un attend depuis plus longtemps."))
def is_next_in_line(turn: Waiting) -> bool:
    return is_first(turn)


@guard(_("Aucune place n'est libre."))
def has_free_place(turn: Waiting) -> bool:
    return free_for_line(turn) > 0


@guard(_("Le délai pour répondre est passé : la place est proposée à la personne suivante."))
def offer_stands(turn: Waiting) -> bool:
    return turn.offer_until is not None and turn.offer_until > timezone.now()


@guard(_("Vous avez déjà proposé votre aide pour cette mission."))
def has_not_applied(turn: Waiting) -> bool:
    return not has_applied(turn)


def offer_due(now: datetime) -> Q:
    return turns_due(now)


def offer_is_over(now: datetime) -> Q:
    return Q(offer_until__lte=now)


def line_is_over(now: datetime) -> Q:
    of_slot = Q(slot__state=SlotState.CANCELLED) | Q(slot__ends_at__lte=now) | Q(slot=None, mission__has_slots=True)
    return Q(mission__state__in=[S.CANCELLED, S.REFUSED, S.ENDED]) | Q(mission__over_at__lte=now) | of_slot


# ── a mission goes to another organisation (R55) ──────────────────────────────────────────────────
MOVABLE = (S.SUBMITTED, S.PUBLISHED, S.TO_CORRECT)


@rule(_("la structure qui reçoit"))
def is_receiver(actor: Actor, transfer: Transfer) -> bool:
    return manages(actor, transfer.receiver_id)


@rule(_("la structure qui donne"))
def is_giver(actor: Actor, transfer: Transfer) -> bool:
    return manages(actor, transfer.giver_id)


@rule(_("le référent"))
def proposes(actor: Actor, transfer: Transfer) -> bool:
    return is_referent(actor) and may_judge(actor, transfer.mission)


@guard(_("La mission n'est plus ouverte, ou elle est passée à une autre structure."))
def mission_may_move(transfer: Transfer) -> bool:
    mission = transfer.mission
    return mission.organisation_id == transfer.giver_id and mission.state in MOVABLE and not mission.is_over


@guard(_("La structure qui reçoit doit être validée."))
def receiver_is_valid(transfer: Transfer) -> bool:
    return transfer.receiver.state == OrganisationState.VALIDATED and transfer.receiver.left_at is None


@guard(_("Le délai pour répondre est passé."))
def transfer_is_in_time(transfer: Transfer) -> bool:
    return transfer.expires_at > timezone.now()


def transfer_lapses(now: datetime) -> Q:
    """Nobody answered in time, or there is nothing to move any more."""
    closed = ~Q(mission__state__in=[str(state) for state in MOVABLE]) | Q(mission__over_at__lte=now)
    gone = ~Q(receiver__state=OrganisationState.VALIDATED) | ~Q(mission__organisation=F("giver"))
    return Q(expires_at__lte=now) | closed | gone


# ── reminders (R36) ───────────────────────────────────────────────────────────────────────────────
EVE = timedelta(hours=15)  # from nine in the morning of the day before
SETTLED = timedelta(hours=12)  # who was accepted so lately has just been told everything


def eve_due(now: datetime) -> Q:
    return Q(
        mission__state=S.PUBLISHED, mission__begins_at__gt=now, mission__begins_at__lte=now + EVE, eve_at=None,
        decided_at__lte=now - SETTLED,
    )  # fmt: skip


MORNING = timedelta(hours=8)  # nobody is written to at midnight
SILENCE = timedelta(days=14)  # hours that the organisation said and that the person leaves unanswered for so long are confirmed


def host_question_due(now: datetime) -> Q:
    """From the morning after the last day, once; a mission that was prolonged is asked about again (R36)."""
    expected = Participation.objects.filter(mission=OuterRef("pk"), state__in=[str(state) for state in TAKES_HOURS])
    return just_over(now) & Q(Exists(expected)) & Q(organisation__left_at=None)


def volunteer_question_due(now: datetime) -> Q:
    over = just_over(now, "mission__")
    return over & Q(mission__state__in=[S.PUBLISHED, S.ENDED], mission__organisation__left_at=None)


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
