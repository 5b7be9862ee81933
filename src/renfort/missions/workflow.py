"""The lives of a mission and of a participation. These pages are the rule; nothing repeats them (R12, R20, R33, R34)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from renfort.kernel.rules import CLOCK_RULE
from renfort.kernel.workflow import Transition, Workflow, stamp
from renfort.missions import messages, rules
from renfort.missions.effects import (
    ask_review,
    close_unanswered,
    forget_decision,
    forget_reminders,
    go_offline,
    go_online,
    keep_refusal_reason,
    keep_withdrawal_reason,
    stamp_second_reminder,
)
from renfort.missions.enums import CancellationReason, MissionState, ParticipationState, RefusalReason, WithdrawalReason
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.mission import missions_visible
from renfort.missions.selectors.participation import participations_visible

M, P = MissionState, ParticipationState


def reasons() -> forms.Field:
    """What the reader asks to change, or why not; the organisation reads it."""
    return forms.CharField(
        label=_("Raisons"),
        help_text=_("La structure les lit telles quelles."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


def words() -> forms.Field:
    """A few words of one's own beside the reason."""
    return forms.CharField(
        label=_("Votre message"),
        help_text=_("Quelques mots de votre main, joints à l'e-mail."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def refusal_reason() -> forms.Field:
    """Every reason but the clock's own."""
    choices = [(value, label) for value, label in RefusalReason.choices if value != RefusalReason.MISSION_OVER]
    return forms.ChoiceField(label=_("Pourquoi ?"), choices=choices)


def withdrawal_reason() -> forms.Field:
    return forms.ChoiceField(label=_("Pourquoi ?"), choices=WithdrawalReason.choices)


def cancellation_reason() -> forms.Field:
    return forms.ChoiceField(label=_("Pourquoi ?"), choices=CancellationReason.choices)


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
            who=rules.is_host, offered=rules.is_online_first, when=rules.COMPLETE,
            does=(go_online, ask_review),
        ),
        Transition(
            name="submit", path="proposer", source=(M.DRAFT,), target=M.SUBMITTED,
            label=_("Proposer la mission"), tone="primary",
            who=rules.is_host, offered=rules.is_validate_first, when=rules.COMPLETE,
        ),
        Transition(
            name="resubmit", path="proposer-a-nouveau", source=(M.TO_CORRECT,), target=M.SUBMITTED,
            label=_("Proposer à nouveau"), tone="primary",
            who=rules.is_host, when=rules.COMPLETE,
        ),
        Transition(
            name="validate", path="valider", source=(M.SUBMITTED,), target=M.PUBLISHED,
            label=pgettext_lazy("mission", "Valider"), tone="primary",
            who=rules.is_operator, when=rules.COMPLETE,
            does=(go_online, stamp("reviewed")), tells=(messages.MISSION_VALIDATED,),
        ),
        Transition(
            name="review", path="relire", source=(M.PUBLISHED,), target=None,
            label=_("Marquer comme relue"), tone="primary",
            who=rules.is_operator, offered=rules.is_to_review,
            does=(stamp("reviewed"),),
        ),
        Transition(
            name="ask_correction", path="demander-une-correction", source=(M.SUBMITTED, M.PUBLISHED), target=M.TO_CORRECT,
            label=_("Demander une correction"), asks={"reasons": reasons},
            warning=_("La mission n'est plus en ligne tant qu'elle n'est pas corrigée."),
            who=rules.is_operator,
            does=(go_offline,), tells=(messages.MISSION_TO_CORRECT,),
        ),
        Transition(
            name="refuse", path="refuser", source=(M.SUBMITTED, M.TO_CORRECT, M.PUBLISHED), target=M.REFUSED,
            label=_("Refuser"), tone="danger", asks={"reasons": reasons},
            warning=_("Un refus est définitif. Les bénévoles qui ont proposé leur aide sont prévenus."),
            who=rules.is_operator,
            does=(go_offline,), tells=(messages.MISSION_REFUSED,),
        ),
        Transition(
            name="end", path="cloturer", source=(M.PUBLISHED,), target=M.ENDED,
            label=_("Clôturer la mission"),
            who=rules.is_host | CLOCK_RULE, when=(rules.is_over,), due=rules.ending_due,
        ),
        Transition(
            name="reopen", path="rouvrir", source=(M.ENDED,), target=M.PUBLISHED,
            label=_("Rouvrir la mission"),
            who=rules.is_host, when=(rules.ended_recently,),
            does=(forget_reminders,),
        ),
        Transition(
            name="cancel", path="annuler", source=(M.SUBMITTED, M.PUBLISHED, M.TO_CORRECT), target=M.CANCELLED,
            label=_("Annuler la mission"), tone="danger", asks={"reason": cancellation_reason},
            warning=_("Une annulation est définitive. Tous les bénévoles concernés reçoivent un e-mail."),
            who=rules.is_host,
            does=(go_offline,), tells=(messages.MISSION_CANCELLED,),
        ),
        Transition(
            name="discard", path="abandonner-le-brouillon", source=(M.DRAFT,), target=M.CANCELLED,
            label=_("Abandonner le brouillon"), tone="quiet",
            who=rules.is_host,
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
    final=[P.DONE, P.WITHDRAWN, P.NO_SHOW, P.CANCELLED],
    visible=participations_visible,
    tones={
        P.PENDING: "warning", P.ACCEPTED: "success", P.ONGOING: "info", P.DONE: "success",
        P.REFUSED: "danger", P.WITHDRAWN: "neutral", P.NO_SHOW: "neutral", P.CANCELLED: "danger",
    },
    transitions=[
        Transition(
            name="accept", path="accepter", source=(P.PENDING,), target=P.ACCEPTED,
            label=_("Accepter"), tone="primary",
            who=rules.is_host_of, locks=("mission",),
            when=(rules.mission_is_published, rules.mission_is_not_over, rules.has_a_place),
            does=(stamp("decided"),), tells=(messages.ACCEPTED,),
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
            name="withdraw", path="abandonner", source=(P.PENDING, P.ACCEPTED, P.ONGOING), target=P.WITHDRAWN,
            label=_("Me désister"), asks={"reason": withdrawal_reason},
            who=rules.is_volunteer, locks=("mission",),
            does=(keep_withdrawal_reason,), tells=(messages.WITHDRAWN,),
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
            name="miss", path="absence", source=(P.ACCEPTED, P.ONGOING), target=P.NO_SHOW,
            label=_("N'est pas venu·e"), tone="quiet",
            who=rules.is_host_of, locks=("mission",),
            when=(rules.mission_has_begun,),
        ),
        Transition(
            name="cancel_with_mission", path="annuler-avec-la-mission",
            source=(P.PENDING, P.ACCEPTED, P.ONGOING), target=P.CANCELLED,
            label=_("Annuler avec la mission"),
            who=CLOCK_RULE, locks=("mission",), due=rules.cancellation_due,
            tells=(messages.CANCELLED_WITH_MISSION,),
        ),
        Transition(
            name="lapse", path="laisser-sans-suite", source=(P.PENDING,), target=P.REFUSED,
            label=_("Laisser sans suite"),
            who=CLOCK_RULE, locks=("mission",), due=rules.lapse_due,
            does=(close_unanswered,), tells=(messages.REFUSED,),
        ),
    ],
)  # fmt: skip
