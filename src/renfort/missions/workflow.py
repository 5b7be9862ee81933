"""The lives of a mission and of a participation. These pages are the rule; nothing repeats them (R12, R20, R33, R34)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from renfort.kernel.forms import DateInput, HoursField, TickChoice, TicksField
from renfort.kernel.rules import CLOCK_RULE
from renfort.kernel.workflow import Transition, Workflow, stamp
from renfort.missions import messages, rules
from renfort.missions.effects import (
    apply_from_line,
    ask_review,
    close_slot,
    close_unanswered,
    confirm_by_silence,
    forget_absence,
    forget_decision,
    forget_reminders,
    give_back_slots,
    go_offline,
    go_online,
    grant_slots,
    hold_offer,
    keep_cancellation_reason,
    keep_refusal_reason,
    keep_withdrawal_reason,
    let_go,
    move_end,
    move_mission,
    note_absence,
    queue,
    say_other_hours,
    stamp_eve,
    stamp_hours_told,
    stamp_second_reminder,
    tell_hours_later,
    withdraw_confirmation,
)
from renfort.missions.enums import (
    HoursState,
    MissionState,
    NewContacts,
    ParticipationState,
    SlotState,
    TransferState,
    WaitingState,
)
from renfort.missions.models import (
    Booking,
    CancellationReason,
    HoursEntry,
    Mission,
    Participation,
    RefusalReason,
    Slot,
    Transfer,
    Waiting,
    WithdrawalReason,
)
from renfort.missions.models.reasons import Reason
from renfort.missions.selectors.changes import LABELS
from renfort.missions.selectors.hours import hours_visible
from renfort.missions.selectors.mission import missions_visible
from renfort.missions.selectors.participation import participations_visible
from renfort.missions.selectors.reasons import reasons_offered
from renfort.missions.selectors.slots import bookings_of, left_on, slots_asked, slots_visible
from renfort.missions.selectors.transfers import transfers_visible
from renfort.missions.selectors.waiting import slot_waited, turns_visible
from renfort.organisations.models import Organisation
from renfort.organisations.workflow import answer_to_asker, comments_on, correction_motives, denial_motives, remarks, says_why
from renfort.organisations.workflow import words as words_of_reader

M, P, W = MissionState, ParticipationState, WaitingState


def words() -> forms.Field:
    """A few words of one's own beside the reason."""
    return forms.CharField(
        label=_("Votre message"),
        help_text=_("Quelques mots de votre main, joints à l'e-mail."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def own_words() -> forms.Field:
    """Why the absence is a mistake; the organisation reads it."""
    return forms.CharField(
        label=_("Que s'est-il passé ?"),
        help_text=_("La structure lit vos mots et vous répond. Par exemple : à quelle heure vous étiez là, et avec qui."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def answer() -> forms.Field:
    """Why the absence stays; the person reads it."""
    return forms.CharField(
        label=_("Votre réponse"),
        help_text=_("La personne la lit telle quelle."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def hours() -> forms.Field:
    """Another figure."""
    return HoursField(label=_("Nombre d'heures"))


def words_of_hours() -> forms.Field:
    """A few words for the other side."""
    return forms.CharField(
        label=_("Pourquoi ?"),
        help_text=_("L'autre côté lit vos mots."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _one_of(model: type[Reason]) -> forms.Field:
    """One of the reasons that the operator offers now."""
    choices = reasons_offered(model)
    errors = {"invalid_choice": _("Cette raison n'est plus proposée : choisissez-en une autre.")}
    return forms.ChoiceField(label=_("Pourquoi ?"), choices=choices, error_messages=errors)


def refusal_reason() -> forms.Field:
    """Why an application is declined; the clock's own reason is nobody else's."""
    return _one_of(RefusalReason)


def withdrawal_reason() -> forms.Field:
    return _one_of(WithdrawalReason)


def cancellation_reason() -> forms.Field:
    return _one_of(CancellationReason)


# ── slots to tick (R61): the same lines for who accepts, who changes and who gives back ──────────────
def _places_words(slot: Slot) -> str:
    left = left_on(slot)
    text = ngettext("%(left)d place libre sur %(places)d", "%(left)d places libres sur %(places)d", left)
    return text % {"left": left, "places": slot.places}


def _to_come(participation: Participation) -> list[Booking]:
    return [each for each in bookings_of(participation) if not (each.slot.is_over or each.slot.is_cancelled)]


def _given(booking: Booking) -> TickChoice:
    """One line for the organisation: a slot that is full for somebody who does not hold it cannot be ticked, and says why."""
    own = booking.granted_at is not None or (booking.reserved and booking.participation.state == P.PENDING)
    full = not own and left_on(booking.slot) == 0
    refusal = _("Complet : toutes les places de ce créneau sont prises.") if full else ""
    return TickChoice(str(booking.slot_id), booking.slot.words, _places_words(booking.slot), refusal)


def slots_to_accept(participation: Participation) -> dict[str, forms.Field]:
    """Which of the slots asked for the organisation gives: all that are free unless it says otherwise."""
    items = [_given(each) for each in _to_come(participation)]
    if not items:
        return {}
    return {
        "slots": TicksField(
            label=_("Créneaux acceptés"),
            help_text=_("Décochez ceux que vous ne pouvez pas donner : la personne reçoit la liste de ceux que vous gardez."),
            items=items,
            initial=[item.value for item in items if not item.refusal],
            unsaid=_("Certains des créneaux demandés sont complets : ouvrez la proposition pour choisir les autres."),
            error_messages=SLOT_ERRORS,
        )
    }


def slots_to_change(participation: Participation) -> dict[str, forms.Field]:
    """Which of the slots asked for somebody accepted holds from now on."""
    bookings = _to_come(participation)
    return {
        "slots": TicksField(
            label=_("Créneaux gardés"),
            help_text=_("Pour n'en garder aucun, remettez la participation en attente."),
            items=[_given(each) for each in bookings],
            initial=[str(each.slot_id) for each in bookings if each.granted_at],
            error_messages=SLOT_ERRORS,
        )
    }


def slots_to_give_back(participation: Participation) -> dict[str, forms.Field]:
    """Which slots the volunteer gives back; the last one is given back by withdrawing."""
    counting = [each for each in _to_come(participation) if each.granted_at or participation.state == P.PENDING]
    waiting = [each for each in _to_come(participation) if each not in counting]

    def keeps_one(chosen: list[str]) -> None:
        if counting and {str(each.slot_id) for each in counting} <= set(chosen):
            raise forms.ValidationError(_("Pour ne garder aucun créneau, désistez-vous de la mission."))

    return {
        "slots": TicksField(
            label=_("Créneaux auxquels vous renoncez"),
            items=[TickChoice(str(each.slot_id), each.slot.words) for each in (*counting, *waiting)],
            validators=[keeps_one],
            error_messages={**SLOT_ERRORS, "required": _("Cochez au moins un créneau.")},
        )
    }


SLOT_ERRORS = {
    "required": _("Gardez au moins un créneau."),
    "invalid_choice": _("Un de ces créneaux n'existe plus : relisez la liste."),
}


# the fields of a mission's form that are worth a remark (R52); one line each
COMMENTED = (
    "domain_id", "title", "starts_on", "schedule", "description", "safety", "publics", "prerequisites", "address", "places",
    "contacts",
)  # fmt: skip


def commented(mission: Mission) -> dict[str, forms.Field]:
    """A remark on each field that the organisation may have to correct."""
    return comments_on({name: LABELS[name] for name in COMMENTED})


class NewEndField(forms.DateField):
    """The last day of a mission that is opened again: not past, within five years."""

    def clean(self, value: Any) -> date:
        """The day.

        Raises:
            ValidationError: it is no day, it is past, or it is so far that it was mistyped.
        """
        day: date = super().clean(value)
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError(_("Cette date est passée : donnez aujourd'hui ou un jour à venir."))
        if day.year > today.year + 5:
            raise forms.ValidationError(_("Cette date est trop lointaine : vérifiez l'année."))
        return day


def new_end() -> forms.Field:
    """A mission that is over goes on until another day (R20); a fortnight is proposed."""
    return NewEndField(
        label=_("Nouvelle date de fin"),
        help_text=_("La mission s'est terminée à sa date de fin : dites jusqu'à quand elle continue."),
        widget=DateInput(attrs={"min": timezone.localdate().isoformat()}),
        initial=timezone.localdate() + timedelta(days=14),
    )


MISSION: Workflow[Mission] = Workflow(
    model="missions.Mission",
    title=_("Mission"),
    states=M,
    initial=M.DRAFT,
    final=[M.REFUSED, M.CANCELLED],
    visible=missions_visible,
    tones={
        M.DRAFT: "neutral", M.SUBMITTED: "warning", M.PUBLISHED: "success", M.TO_CORRECT: "warning",
        M.REFUSED: "danger", M.ENDED: "neutral", M.CANCELLED: "danger",
    },
    transitions=[
        Transition(
            name="publish", path="publier", source=(M.DRAFT,), target=M.PUBLISHED,
            label=_("Publier la mission"), tone="primary",
            who=rules.is_host, locks=("organisation",), offered=rules.is_online_first,
            when=(*rules.COMPLETE, rules.organisation_is_welcome),
            does=(go_online, ask_review, queue),
        ),
        Transition(
            name="submit", path="proposer", source=(M.DRAFT,), target=M.SUBMITTED,
            label=_("Proposer la mission"), tone="primary",
            who=rules.is_host, locks=("organisation",), offered=rules.is_validate_first,
            when=(*rules.COMPLETE, rules.organisation_is_welcome),
            does=(queue,),
        ),
        Transition(
            name="resubmit", path="proposer-a-nouveau", source=(M.TO_CORRECT,), target=M.SUBMITTED,
            label=_("Proposer à nouveau"), tone="primary", asks={"message": answer_to_asker},
            who=rules.is_host, locks=("organisation",), when=(*rules.COMPLETE, rules.organisation_is_welcome),
            does=(queue,), tells=(messages.MISSION_CORRECTED,),
        ),
        Transition(
            name="opine", path="premier-avis", source=(M.SUBMITTED, M.PUBLISHED), target=None,
            label=_("Donner un premier avis favorable"), tone="primary",
            warning=_("Dans ce domaine, une autre personne décide ensuite. La structure n'est pas encore prévenue."),
            who=rules.is_reader, offered=rules.wants_an_opinion, unless=(rules.is_of_its_team,),
            does=(stamp("opinion"), let_go),
        ),
        Transition(
            name="validate", path="valider", source=(M.SUBMITTED,), target=M.PUBLISHED,
            label=pgettext_lazy("mission", "Valider"), tone="primary",
            who=rules.is_reader, offered=rules.has_its_opinions, unless=(rules.is_of_its_team, rules.was_first_in_favour),
            locks=("organisation",), when=(*rules.COMPLETE, rules.organisation_is_welcome),
            does=(go_online, stamp("reviewed"), let_go), tells=(messages.MISSION_VALIDATED,),
        ),
        Transition(
            name="review", path="relire", source=(M.PUBLISHED,), target=None,
            label=_("Marquer comme relue"), tone="primary",
            who=rules.is_reader, offered=rules.is_to_review, unless=(rules.is_of_its_team, rules.was_first_in_favour),
            does=(stamp("reviewed"), let_go),
        ),
        Transition(
            name="ask_correction", path="demander-une-correction", source=(M.SUBMITTED, M.PUBLISHED), target=M.TO_CORRECT,
            label=_("Demander une correction"),
            asks={"motives": correction_motives, "reasons": words_of_reader}, asks_of=commented, needs=says_why,
            sections=remarks(COMMENTED),
            warning=_("La mission n'est plus en ligne tant qu'elle n'est pas corrigée."),
            who=rules.is_reader, unless=(rules.is_of_its_team,),
            does=(go_offline, let_go), tells=(messages.MISSION_TO_CORRECT,),
        ),
        Transition(
            name="refuse", path="refuser", source=(M.SUBMITTED, M.TO_CORRECT, M.PUBLISHED), target=M.REFUSED,
            label=_("Refuser"), tone="danger", asks={"motives": denial_motives, "reasons": words_of_reader}, needs=says_why,
            warning=_("Un refus est définitif. Les bénévoles qui ont proposé leur aide sont prévenus."),
            who=rules.is_reader, unless=(rules.is_of_its_team,),
            does=(go_offline, let_go), tells=(messages.MISSION_REFUSED,),
        ),
        Transition(
            name="end", path="cloturer", source=(M.PUBLISHED,), target=M.ENDED,
            label=_("Clôturer la mission"),
            who=rules.is_host | CLOCK_RULE, when=(rules.is_over,), due=rules.ending_due,
        ),
        Transition(
            name="reopen", path="rouvrir", source=(M.ENDED,), target=M.PUBLISHED,
            label=_("Rouvrir la mission"),
            who=rules.is_host, locks=("organisation",),
            when=(rules.ended_recently, rules.organisation_is_welcome), asks={"ends_on": new_end},
            does=(move_end, forget_reminders), tells=(messages.MISSION_REOPENED,),
        ),
        Transition(
            name="cancel", path="annuler", source=(M.SUBMITTED, M.PUBLISHED, M.TO_CORRECT), target=M.CANCELLED,
            label=_("Annuler la mission"), tone="danger", asks={"reason": cancellation_reason},
            warning=_("Une annulation est définitive. Tous les bénévoles concernés reçoivent un e-mail."),
            who=rules.is_host,
            does=(keep_cancellation_reason, go_offline), tells=(messages.MISSION_CANCELLED,),
        ),
        Transition(
            name="discard", path="abandonner-le-brouillon", source=(M.DRAFT,), target=M.CANCELLED,
            label=_("Abandonner le brouillon"), tone="quiet",
            who=rules.is_host,
        ),
        Transition(
            name="suspend_with_organisation", path="suspendre-avec-la-structure", source=(M.PUBLISHED,), target=M.SUBMITTED,
            label=_("Suspendre avec la structure"),
            who=CLOCK_RULE, locks=("organisation",), when=(rules.organisation_is_flagged,), due=rules.suspension_due,
            does=(go_offline, queue, let_go), tells=(messages.MISSION_SUSPENDED,),
        ),
        Transition(
            name="cancel_with_organisation", path="annuler-avec-la-structure",
            source=(M.SUBMITTED, M.PUBLISHED, M.TO_CORRECT), target=M.CANCELLED,
            label=_("Annuler avec la structure"),
            who=CLOCK_RULE, locks=("organisation",), when=(rules.organisation_has_left,), due=rules.departure_due,
            does=(go_offline,),
        ),
        Transition(
            name="discard_with_organisation", path="abandonner-avec-la-structure", source=(M.DRAFT,), target=M.CANCELLED,
            label=_("Abandonner avec la structure"),
            who=CLOCK_RULE, locks=("organisation",), when=(rules.organisation_has_left,), due=rules.departure_due,
        ),
        Transition(
            name="remind_first", path="premier-rappel", source=(M.PUBLISHED,), target=None,
            label=_("Rappeler de clôturer"),
            who=CLOCK_RULE, due=rules.first_reminder_due,
            does=(stamp("first_reminder"),), tells=(messages.MISSION_TO_CLOSE,),
        ),
        Transition(
            name="ask_who_came", path="demander-qui-est-venu", source=(M.PUBLISHED, M.ENDED), target=None,
            label=_("Demander qui est venu"),
            who=CLOCK_RULE, due=rules.host_question_due,
            does=(stamp("asked"),), tells=(messages.WHO_CAME,),
        ),
        Transition(
            name="tell_hours", path="annoncer-les-heures", source=(M.PUBLISHED, M.ENDED), target=None,
            label=_("Annoncer les heures à confirmer"),
            who=CLOCK_RULE, due=rules.hours_news_due,
            does=(stamp_hours_told,), tells=(messages.HOURS_TO_CONFIRM,),
        ),
        Transition(
            name="remind_second", path="second-rappel", source=(M.PUBLISHED,), target=None,
            label=_("Rappeler encore de clôturer"),
            who=CLOCK_RULE, due=rules.second_reminder_due,
            does=(stamp_second_reminder,), tells=(messages.MISSION_TO_CLOSE,),
        ),
    ],
)  # fmt: skip

PARTICIPATION: Workflow[Participation] = Workflow(
    model="missions.Participation",
    title=_("Participation"),
    states=P,
    initial=P.PENDING,
    final=[P.WITHDRAWN, P.CANCELLED],
    visible=participations_visible,
    tones={
        P.PENDING: "warning", P.ACCEPTED: "success", P.ONGOING: "info", P.DONE: "success",
        P.REFUSED: "danger", P.WITHDRAWN: "neutral", P.NO_SHOW: "neutral", P.CANCELLED: "danger",
    },
    transitions=[
        Transition(
            name="accept", path="accepter", source=(P.PENDING,), target=P.ACCEPTED,
            label=_("Accepter"), tone="primary",
            who=rules.is_host_of, locks=("mission",), counts=slots_asked, asks_of=slots_to_accept,
            when=(rules.mission_is_published, rules.mission_is_not_over, rules.has_a_place, rules.has_a_free_slot),
            does=(grant_slots, stamp("decided")), tells=(messages.ACCEPTED,),
        ),
        Transition(
            name="refuse", path="refuser", source=(P.PENDING,), target=P.REFUSED,
            label=_("Refuser"), asks={"reason": refusal_reason, "message": words},
            who=rules.is_host_of, locks=("mission",),
            does=(keep_refusal_reason, stamp("decided")), tells=(messages.REFUSED,),
        ),
        Transition(
            name="take_back", path="reprendre", source=(P.ACCEPTED, P.REFUSED), target=P.PENDING,
            label=_("Remettre en attente"), tone="quiet",
            who=rules.is_host_of, locks=("mission",),
            when=(rules.mission_is_published, rules.mission_has_not_begun, rules.has_not_applied_again),
            does=(forget_decision,), tells=(messages.TAKEN_BACK,),
        ),
        Transition(
            name="choose_slots", path="changer-les-creneaux", source=(P.ACCEPTED, P.ONGOING), target=None,
            label=_("Changer les créneaux"),
            who=rules.is_host_of, locks=("mission",), counts=slots_asked, asks_of=slots_to_change,
            offered=rules.may_choose_slots, when=(rules.mission_is_published,),
            does=(grant_slots,), tells=(messages.SLOTS_CHOSEN,),
        ),
        Transition(
            name="give_back_slots", path="renoncer-a-un-creneau", source=(P.PENDING, P.ACCEPTED, P.ONGOING), target=None,
            label=_("Renoncer à un créneau"),
            who=rules.is_volunteer, locks=("mission",), counts=slots_asked, asks_of=slots_to_give_back,
            asks={"reason": withdrawal_reason}, offered=rules.may_choose_slots,
            does=(give_back_slots,), tells=(messages.SLOTS_GIVEN_BACK,),
        ),
        Transition(
            name="withdraw", path="abandonner", source=(P.PENDING, P.ACCEPTED, P.ONGOING), target=P.WITHDRAWN,
            label=_("Me désister"), asks={"reason": withdrawal_reason},
            who=rules.is_volunteer, locks=("mission",),
            does=(keep_withdrawal_reason,), tells=(messages.WITHDRAWN,),
        ),
        Transition(
            name="remind_eve", path="rappeler-la-veille", source=(P.ACCEPTED,), target=None,
            label=_("Rappeler la veille"),
            who=CLOCK_RULE, due=rules.eve_due,
            does=(stamp_eve,), tells=(messages.EVE,),
        ),
        Transition(
            name="start", path="commencer", source=(P.ACCEPTED,), target=P.ONGOING,
            label=_("Commencer"), tone="quiet",
            who=CLOCK_RULE, locks=("mission",),
            when=(rules.mission_is_published, rules.mission_has_begun), due=rules.start_due,
        ),
        Transition(
            name="complete", path="effectuer", source=(P.ACCEPTED, P.ONGOING), target=P.DONE,
            label=_("Mission effectuée"),
            who=rules.is_host_of | CLOCK_RULE, locks=("mission",),
            when=(rules.mission_has_begun,), due=rules.completion_due,
        ),
        Transition(
            name="miss", path="absence", source=(P.ACCEPTED, P.ONGOING, P.DONE), target=P.NO_SHOW,
            label=_("N'est pas venu·e"), tone="quiet",
            warning=_("La personne a sept jours pour contester ; d'ici là, son absence ne compte nulle part."),
            who=rules.is_host_of, locks=("mission",),
            offered=rules.absence_can_be_told, when=(rules.mission_has_begun, rules.mission_took_place),
            does=(note_absence,), tells=(messages.MISSED,),
        ),
        Transition(
            name="contest", path="contester", source=(P.NO_SHOW,), target=None,
            label=_("Je conteste"), tone="primary", asks={"message": own_words},
            who=rules.is_volunteer, locks=("mission",), offered=rules.is_contestable, when=(rules.is_not_contested,),
            does=(stamp("contested"),), tells=(messages.ABSENCE_CONTESTED,),
        ),
        Transition(
            name="came", path="est-venu", source=(P.NO_SHOW,), target=P.DONE,
            label=_("Est bien venu·e"), tone="primary",
            who=rules.is_host_of, locks=("mission",), offered=rules.absence_after_end,
            when=(rules.place_is_still_there,),
            does=(forget_absence,), tells=(messages.ABSENCE_LIFTED,),
        ),
        Transition(
            name="resume", path="participe", source=(P.NO_SHOW,), target=P.ONGOING,
            label=_("Participe bien"), tone="primary",
            who=rules.is_host_of, locks=("mission",), offered=rules.absence_before_end,
            when=(rules.mission_is_published, rules.place_is_still_there, rules.participates_once),
            does=(forget_absence,), tells=(messages.ABSENCE_LIFTED,),
        ),
        Transition(
            name="keep_absence", path="maintenir-l-absence", source=(P.NO_SHOW,), target=None,
            label=_("Maintenir l'absence"), asks={"message": answer},
            who=rules.is_host_of, locks=("mission",), offered=rules.is_contested,
            does=(stamp("settled"),), tells=(messages.ABSENCE_KEPT,),
        ),
        Transition(
            name="settle_absence", path="constater-l-absence", source=(P.NO_SHOW,), target=None,
            label=_("Constater l'absence"),
            who=CLOCK_RULE, locks=("mission",), due=rules.absence_settled_due,
            does=(stamp("settled"),),
        ),
        Transition(
            name="ask_volunteer", path="demander-comment-c-etait", source=(P.ACCEPTED, P.ONGOING, P.DONE), target=None,
            label=_("Demander comment cela s'est passé"),
            who=CLOCK_RULE, locks=("mission",), when=(rules.mission_took_place,), due=rules.volunteer_question_due,
            does=(stamp("asked"),), tells=(messages.HOW_WAS_IT,),
        ),
        Transition(
            name="tell_hours", path="annoncer-les-heures", source=(P.ACCEPTED, P.ONGOING, P.DONE), target=None,
            label=_("Annoncer les heures"),
            who=CLOCK_RULE, locks=("mission",), due=rules.hours_news_due,
            does=(stamp_hours_told,), tells=(messages.HOURS_NEWS,),
        ),
        Transition(
            name="cancel_with_mission", path="annuler-avec-la-mission",
            source=(P.PENDING, P.ACCEPTED, P.ONGOING), target=P.CANCELLED,
            label=_("Annuler avec la mission"),
            who=CLOCK_RULE, locks=("mission",), due=rules.cancellation_due,
            tells=(messages.CANCELLED_WITH_MISSION,),
        ),
        Transition(
            name="cancel_with_slots", path="annuler-avec-les-creneaux",
            source=(P.PENDING, P.ACCEPTED, P.ONGOING), target=P.CANCELLED,
            label=_("Annuler avec les créneaux"),
            who=CLOCK_RULE, locks=("mission",), when=(rules.lost_every_slot,), due=rules.slots_cancelled_due,
        ),
        Transition(
            name="lapse", path="laisser-sans-suite", source=(P.PENDING,), target=P.REFUSED,
            label=_("Laisser sans suite"),
            who=CLOCK_RULE, locks=("mission",), due=rules.lapse_due,
            does=(close_unanswered,), tells=(messages.REFUSED,),
        ),
    ],
)  # fmt: skip

WAITING: Workflow[Waiting] = Workflow(
    model="missions.Waiting",
    title=_("Liste d'attente"),
    states=W,
    initial=W.WAITING,
    final=[W.TAKEN, W.LAPSED, W.LEFT, W.CLOSED],
    visible=turns_visible,
    tones={
        W.WAITING: "info", W.OFFERED: "warning", W.TAKEN: "success", W.LAPSED: "neutral", W.LEFT: "neutral", W.CLOSED: "neutral",
    },
    transitions=[
        Transition(
            name="take", path="prendre", source=(W.OFFERED,), target=W.TAKEN,
            label=_("Je prends cette place"), tone="primary",
            who=rules.is_in_line, locks=("mission",), counts=slot_waited,
            when=(rules.is_still_open, rules.offer_stands, rules.has_not_applied),
            does=(apply_from_line,), tells=(messages.PLACE_TAKEN, messages.TURN_TO_ANSWER),
        ),
        Transition(
            name="leave", path="quitter", source=(W.WAITING, W.OFFERED), target=W.LEFT,
            label=_("Quitter la liste d'attente"), tone="quiet",
            warning=_("La place ira à la personne suivante. Si vous revenez, ce sera en fin de liste."),
            who=rules.is_in_line, locks=("mission",),
        ),
        Transition(
            name="close", path="fermer", source=(W.WAITING, W.OFFERED), target=W.CLOSED,
            label=_("Fermer la liste"),
            who=CLOCK_RULE, locks=("mission",), due=rules.line_is_over,
            tells=(messages.LINE_CLOSED,),
        ),
        Transition(
            name="lapse", path="laisser-passer", source=(W.OFFERED,), target=W.LAPSED,
            label=_("Laisser passer le délai"),
            who=CLOCK_RULE, locks=("mission",), due=rules.offer_is_over,
            tells=(messages.OFFER_LAPSED,),
        ),
        Transition(
            name="offer", path="proposer-une-place", source=(W.WAITING,), target=W.OFFERED,
            label=_("Proposer une place"),
            who=CLOCK_RULE, locks=("mission",), counts=slot_waited,
            when=(rules.is_still_open, rules.is_next_in_line, rules.has_free_place), due=rules.offer_due,
            does=(hold_offer,), tells=(messages.PLACE_OFFERED,),
        ),
    ],
)  # fmt: skip

SLOT: Workflow[Slot] = Workflow(
    model="missions.Slot",
    title=_("Créneau"),
    states=SlotState,
    initial=SlotState.OPEN,
    final=[SlotState.OPEN, SlotState.CANCELLED],
    visible=slots_visible,
    tones={SlotState.OPEN: "success", SlotState.CANCELLED: "danger"},
    transitions=[
        Transition(
            name="cancel", path="annuler", source=(SlotState.OPEN,), target=SlotState.CANCELLED,
            label=_("Annuler ce créneau"), tone="danger", asks={"reason": cancellation_reason, "message": words},
            warning=_("Une annulation est définitive. Seules les personnes de ce créneau sont prévenues."),
            who=rules.is_host_of_slot, locks=("mission",),
            when=(rules.slot_mission_is_open, rules.slot_is_not_over),
            does=(close_slot,), tells=(messages.SLOT_CANCELLED,),
        ),
    ],
)  # fmt: skip

H = HoursState
HOURS: Workflow[HoursEntry] = Workflow(
    model="missions.HoursEntry",
    title=_("Heures"),
    states=H,
    initial=H.DECLARED,
    final=[H.REMOVED],
    visible=hours_visible,
    tones={H.DECLARED: "warning", H.CONFIRMED: "success", H.CONTESTED: "danger", H.REMOVED: "neutral"},
    transitions=[
        Transition(
            name="confirm", path="confirmer", source=(H.DECLARED,), target=H.CONFIRMED,
            label=_("Confirmer"), tone="primary",
            who=rules.is_other_side, locks=("participation.mission", "participation"), when=(rules.takes_hours,),
            does=(stamp("confirmed"), tell_hours_later),
        ),
        Transition(
            name="correct", path="corriger", source=(H.DECLARED, H.CONFIRMED, H.CONTESTED), target=H.DECLARED,
            label=_("Corriger"), asks={"quarters": hours, "message": words_of_hours},
            warning=_("L'autre côté doit confirmer le nouveau nombre ; d'ici là, ces heures ne comptent pas."),
            who=rules.is_either_side, locks=("participation.mission", "participation"), when=(rules.takes_hours,),
            does=(say_other_hours, tell_hours_later),
        ),
        Transition(
            name="contest", path="contester", source=(H.DECLARED, H.CONFIRMED), target=H.CONTESTED,
            label=_("Contester"), tone="quiet", asks={"message": words_of_hours},
            warning=_("Ces heures ne comptent plus tant que vous n'êtes pas d'accord."),
            who=rules.is_other_side, locks=("participation.mission", "participation"),
            does=(withdraw_confirmation, tell_hours_later),
        ),
        Transition(
            name="remove", path="retirer", source=(H.DECLARED, H.CONTESTED), target=H.REMOVED,
            label=_("Retirer"), tone="quiet",
            who=rules.is_same_side, locks=("participation.mission", "participation"),
            does=(tell_hours_later,),
        ),
        Transition(
            name="settle", path="confirmer-sans-reponse", source=(H.DECLARED,), target=H.CONFIRMED,
            label=_("Confirmer sans réponse"),
            who=CLOCK_RULE, locks=("participation.mission", "participation"), when=(rules.takes_hours,),
            due=rules.silence_due, does=(confirm_by_silence,),
        ),
    ],
)  # fmt: skip


# ── from one organisation to another (R55) ────────────────────────────────────────────────────────
def both_organisations(transfer: Transfer) -> QuerySet[Organisation]:
    """Locked by number before all else: two transfers that cross wait for one another."""
    return Organisation.objects.filter(pk__in=[transfer.giver_id, transfer.receiver_id])


def new_contacts() -> forms.Field:
    """Whom the volunteers call from now on."""
    return forms.ChoiceField(
        label=_("Qui les bénévoles appellent-ils ?"),
        help_text=_("Vous pourrez changer les contacts et le responsable dans la mission."),
        choices=NewContacts.choices,
        initial=NewContacts.MINE,
        widget=forms.RadioSelect,
    )


T = TransferState
TRANSFER: Workflow[Transfer] = Workflow(
    model="missions.Transfer",
    title=_("Transfert d'une mission"),
    states=T,
    initial=T.PROPOSED,
    final=[T.ACCEPTED, T.REFUSED, T.WITHDRAWN, T.EXPIRED],
    visible=transfers_visible,
    tones={T.PROPOSED: "warning", T.ACCEPTED: "success", T.REFUSED: "danger", T.WITHDRAWN: "neutral", T.EXPIRED: "neutral"},
    transitions=[
        Transition(
            name="accept", path="accepter", source=(T.PROPOSED,), target=T.ACCEPTED,
            label=_("Reprendre cette mission"), tone="primary", asks={"contacts": new_contacts},
            warning=_(
                "La mission est à votre structure aussitôt, avec ses participations, et vous en êtes responsable. Chaque "
                "bénévole qui a proposé son aide ou qui attend est prévenu ; vous lisez ses coordonnées tant que sa "
                "participation est ouverte."
            ),
            who=rules.is_receiver, first=both_organisations, locks=("mission",),
            when=(rules.transfer_is_in_time, rules.mission_may_move, rules.receiver_is_valid),
            does=(stamp("ended"), move_mission(messages.MISSION_MOVED, messages.MISSION_GIVEN)),
            tells=(messages.TRANSFER_ACCEPTED,),
        ),
        Transition(
            name="refuse", path="refuser", source=(T.PROPOSED,), target=T.REFUSED,
            label=_("Refuser cette mission"), asks={"message": words},
            who=rules.is_receiver, does=(stamp("ended"),), tells=(messages.TRANSFER_OVER,),
        ),
        Transition(
            name="object", path="s-opposer", source=(T.PROPOSED,), target=T.REFUSED,
            label=_("S'opposer au transfert"), asks={"message": words},
            who=rules.is_giver, does=(stamp("ended"),), tells=(messages.TRANSFER_OVER,),
        ),
        Transition(
            name="withdraw", path="retirer", source=(T.PROPOSED,), target=T.WITHDRAWN,
            label=_("Retirer la proposition"), tone="quiet",
            who=rules.proposes, does=(stamp("ended"),), tells=(messages.TRANSFER_OVER,),
        ),
        Transition(
            name="expire", path="laisser-expirer", source=(T.PROPOSED,), target=T.EXPIRED,
            label=_("Laisser expirer"),
            who=CLOCK_RULE, due=rules.transfer_lapses, does=(stamp("ended"),), tells=(messages.TRANSFER_OVER,),
        ),
    ],
)  # fmt: skip
