"""The lives of an assignment, a session and an enrolment. These pages are the rule; nothing repeats them (W1 to W5, W10)."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from renfort.kernel.rules import CLOCK_RULE
from renfort.kernel.workflow import Transition, Workflow, stamp
from renfort.workshops import messages, rules
from renfort.workshops.effects import (
    close_link,
    give,
    hold_the_place_again,
    note_cancellation,
    owe_coordination,
    set_standing,
    stamp_offer,
    take_from_coordinator,
)
from renfort.workshops.enums import AssignmentState, EnrolmentState, SessionState, Standing
from renfort.workshops.models import Assignment, Enrolment, Session
from renfort.workshops.selectors.assignment import assignments_visible, candidacies, why_not
from renfort.workshops.selectors.sessions import enrolments_visible, progress_of, sessions_visible

A, S, E = AssignmentState, SessionState, EnrolmentState


def reason() -> forms.Field:
    """Why, in one's own words; those who are told read them."""
    return forms.CharField(
        label=_("Pourquoi ?"), help_text=_("Les personnes prévenues lisent vos mots."), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


def candidates(assignment: Assignment) -> Mapping[str, forms.Field]:
    """Those who apply; who does not conform today is refused when chosen, and it is said beside the name."""
    choices = []
    for each in candidacies(assignment):
        name, missing = each.facilitator.person.full_name, why_not(assignment, each.facilitator)
        choices.append((str(each.facilitator_id), f"{name} · {' '.join(missing)}" if missing else name))
    return {
        "candidate": forms.ChoiceField(
            label=_("À qui confier la mission ?"), choices=choices, widget=forms.RadioSelect(),
            error_messages={"required": _("Choisissez une personne.")},
        )
    }  # fmt: skip


def undelivered(assignment: Assignment) -> Mapping[str, forms.Field]:
    """An order that was not fully delivered is closed with a written reason, which the association reads (W10)."""
    if progress_of([assignment])[assignment.pk].is_delivered:
        return {}
    return {
        "reason": forms.CharField(
            label=_("Pourquoi la commande n'est-elle pas entièrement honorée ?"),
            help_text=_("L'association lit vos mots."), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        )
    }  # fmt: skip


def standing(enrolment: Enrolment) -> Mapping[str, forms.Field]:
    """« Rémunéré·e », « Interne », and « Bénévole » when the audience is teaching (W5)."""
    allowed = rules.standings_for(enrolment.session.assignment.audience)
    return {
        "standing": forms.ChoiceField(
            label=_("Statut"), choices=[(key, Standing(key).label) for key in allowed], initial=enrolment.standing,
            widget=forms.RadioSelect(),
            error_messages={"invalid_choice": _("« Bénévole » n'est possible que pour l'enseignement.")},
        )
    }  # fmt: skip


ASSIGNMENT: Workflow[Assignment] = Workflow(
    model="workshops.Assignment",
    title=_("Mission de coordination"),
    states=A,
    initial=A.DRAFT,
    final=[A.CLOSED, A.CANCELLED],
    visible=assignments_visible,
    tones={A.DRAFT: "neutral", A.OFFERED: "warning", A.AWARDED: "success", A.CLOSED: "neutral", A.CANCELLED: "danger"},
    transitions=[
        Transition(
            name="offer", path="proposer", source=(A.DRAFT,), target=A.OFFERED,
            label=_("Proposer l'opportunité"), tone="primary",
            who=rules.is_of_association, when=(rules.has_lines,), does=(stamp_offer,), tells=(messages.OFFERED,),
        ),
        Transition(
            name="award", path="confier", source=(A.OFFERED,), target=A.AWARDED,
            label=_("Confier la mission"), tone="primary", asks_of=candidates,
            warning=_("La personne choisie reçoit un e-mail avec le lien de sa mission ; les autres sont prévenu·es aussi."),
            who=rules.is_of_association, when=(rules.has_candidates,), does=(give,),
            tells=(messages.AWARDED, messages.GIVEN_TO_ANOTHER),
        ),
        Transition(
            name="withdraw_offer", path="ne-plus-proposer", source=(A.OFFERED,), target=A.DRAFT,
            label=_("Ne plus proposer"), who=rules.is_of_association,
        ),
        Transition(
            name="give_back", path="rendre", source=(A.AWARDED,), target=A.OFFERED,
            label=_("Rendre la mission"), asks={"reason": reason},
            warning=_("La mission est de nouveau proposée à d'autres."),
            who=rules.is_its_coordinator, when=(rules.has_no_session_ahead,),
            does=(take_from_coordinator,), tells=(messages.GIVEN_BACK,),
        ),
        Transition(
            name="take_back", path="reprendre", source=(A.AWARDED,), target=A.OFFERED,
            label=_("Confier à quelqu'un d'autre"), asks={"reason": reason},
            warning=_("La mission est de nouveau proposée ; qui la coordonnait n'y a plus accès."),
            who=rules.is_of_association, when=(rules.has_no_session_ahead,),
            does=(take_from_coordinator,), tells=(messages.TAKEN_BACK,),
        ),
        Transition(
            name="close", path="cloturer", source=(A.AWARDED,), target=A.CLOSED,
            label=_("Clôturer la mission"), tone="primary", asks_of=undelivered,
            warning=_("Une clôture est définitive : ensuite, plus rien de la mission ne change."),
            who=rules.is_its_coordinator | rules.is_of_association,
            when=(
                rules.sessions_are_over, rules.enrolments_are_settled, rules.attendance_is_settled, rules.fees_are_asked,
                rules.rounds_are_sent, rules.coordination_has_its_rate,
            ),
            does=(owe_coordination, stamp("closed")), tells=(messages.CLOSED,),
        ),
        Transition(
            name="cancel", path="annuler", source=(A.DRAFT, A.OFFERED, A.AWARDED), target=A.CANCELLED,
            label=_("Annuler la commande"), tone="danger", asks={"reason": reason},
            warning=_("Une annulation est définitive. Les sessions à venir sont annulées, leurs animateur·ices prévenu·es."),
            who=rules.is_of_association, when=(rules.nothing_was_held,),
            does=(take_from_coordinator,), tells=(messages.CANCELLED,),
        ),
    ],
)  # fmt: skip

SESSION: Workflow[Session] = Workflow(
    model="workshops.Session",
    title=_("Session"),
    states=S,
    initial=S.PLANNED,
    final=[S.HELD, S.CANCELLED],
    visible=sessions_visible,
    tones={S.PLANNED: "success", S.HELD: "neutral", S.CANCELLED: "danger"},
    transitions=[
        Transition(
            name="hold", path="constater", source=(S.PLANNED,), target=S.HELD,
            label=_("Constater qu'elle a eu lieu"), who=CLOCK_RULE, when=(rules.is_not_called_off,), locks=("assignment",),
            does=(close_link,), due=rules.session_due,
        ),
        Transition(
            name="cancel", path="annuler", source=(S.PLANNED,), target=S.CANCELLED,
            label=_("Annuler la session"), tone="danger", asks={"reason": reason},
            warning=_("Une annulation est définitive."),
            who=rules.coordinates_it | rules.is_of_association_too, locks=("assignment",),
            when=(rules.is_under_way, rules.is_not_over), does=(note_cancellation,), tells=(messages.SESSION_CANCELLED,),
        ),
        Transition(
            name="cancel_with_assignment", path="annuler-avec-la-mission", source=(S.PLANNED,), target=S.CANCELLED,
            label=_("Annuler avec la mission"), who=CLOCK_RULE, locks=("assignment",),
            does=(note_cancellation,), tells=(messages.SESSION_CANCELLED,), due=rules.cancelled_with_assignment,
        ),
    ],
)  # fmt: skip

ENROLMENT: Workflow[Enrolment] = Workflow(
    model="workshops.Enrolment",
    title=_("Inscription d'un·e animateur·ice"),
    states=E,
    initial=E.ENROLLED,
    final=[E.DONE, E.ABSENT, E.WITHDRAWN, E.CANCELLED],
    visible=enrolments_visible,
    tones={E.ENROLLED: "success", E.DONE: "success", E.ABSENT: "danger", E.WITHDRAWN: "neutral", E.CANCELLED: "danger"},
    transitions=[
        Transition(
            name="withdraw", path="se-desinscrire", source=(E.ENROLLED,), target=E.WITHDRAWN,
            label=_("Me désinscrire"), tone="danger",
            who=rules.is_enrolled, locks=("session.assignment", "session"), when=(rules.is_open_still, rules.has_not_begun),
            tells=(messages.LEFT,),
        ),
        Transition(
            name="remove", path="retirer", source=(E.ENROLLED,), target=E.WITHDRAWN,
            label=_("Retirer de la session"), tone="danger",
            who=rules.coordinates_its_session | rules.is_association, locks=("session.assignment", "session"),
            when=(rules.is_open_still, rules.has_not_begun, rules.fee_is_not_asked), tells=(messages.UNENROLLED,),
        ),
        Transition(
            name="hand_over", path="ceder", source=(E.ENROLLED,), target=E.WITHDRAWN,
            label=_("Céder sa place"), who=rules.is_handed_over, locks=("session.assignment", "session"),
            when=(rules.is_open_still, rules.has_not_begun),
        ),
        Transition(
            name="change_standing", path="statut", source=(E.ENROLLED, E.DONE), target=None,
            label=_("Changer de statut"), asks_of=standing,
            who=rules.coordinates_its_session | rules.is_association, locks=("session.assignment", "session"),
            when=(rules.is_open_still, rules.fee_is_not_asked), does=(set_standing,),
        ),
        Transition(
            name="perform", path="effectuer", source=(E.ENROLLED,), target=E.DONE,
            label=_("Constater l'animation"), who=CLOCK_RULE, locks=("session.assignment", "session"), due=rules.enrolment_due,
        ),
        Transition(
            name="miss", path="absence", source=(E.DONE,), target=E.ABSENT,
            label=_("Signaler une absence"), tone="danger",
            who=rules.coordinates_its_session | rules.is_association, locks=("session.assignment", "session"),
            when=(rules.is_open_still, rules.is_past, rules.fee_is_not_asked),
        ),
        Transition(
            name="came", path="presence", source=(E.ABSENT,), target=E.DONE,
            label=_("Dire finalement présent·e"),
            who=rules.coordinates_its_session | rules.is_association, locks=("session.assignment", "session"),
            when=(rules.is_open_still,), does=(hold_the_place_again,),
        ),
        Transition(
            name="cancel_with_session", path="annuler-avec-la-session", source=(E.ENROLLED,), target=E.CANCELLED,
            label=_("Annuler avec la session"), who=CLOCK_RULE, locks=("session.assignment", "session"),
            due=rules.cancelled_with_session,
        ),
    ],
)  # fmt: skip
