"""The life of a place that somebody proposes to others. This page is the rule; nothing repeats it (W12)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renfort.kernel.events import Event
from renfort.kernel.firing import Refused
from renfort.kernel.rules import CLOCK_RULE
from renfort.kernel.workflow import Transition, Workflow
from renfort.workshops import messages, rules
from renfort.workshops.enums import EnrolmentState, ReplacementState
from renfort.workshops.models import Enrolment, Replacement
from renfort.workshops.selectors.replacements import replacements_visible

R = ReplacementState
LOCKS = ("session.assignment", "session", "enrolment")


def note_who(event: Event[Replacement]) -> None:
    """The enrolment that was written for it.

    Raises:
        Refused: there is none: the place is taken by ``services.replacements.take_place``, never by this step alone.
    """
    made = Enrolment.objects.filter(
        session=event.obj.session_id, facilitator=event.actor.person_id, state=EnrolmentState.ENROLLED
    ).first()
    if made is None:
        raise Refused(str(_("Prenez d'abord la place.")))
    event.obj.made = made


REPLACEMENT: Workflow[Replacement] = Workflow(
    model="workshops.Replacement",
    title=_("Remplacement d'un·e animateur·ice"),
    states=R,
    initial=R.ASKED,
    final=[R.ACCEPTED, R.DECLINED, R.WITHDRAWN, R.LAPSED],
    visible=replacements_visible,
    tones={R.ASKED: "warning", R.ACCEPTED: "success", R.DECLINED: "neutral", R.WITHDRAWN: "neutral", R.LAPSED: "neutral"},
    transitions=[
        Transition(
            name="accept", path="prendre-la-place", source=(R.ASKED,), target=R.ACCEPTED,
            label=_("Prendre la place"), tone="primary", who=rules.is_asked | rules.may_take_it, locks=LOCKS,
            when=(rules.place_is_open, rules.place_is_to_come), does=(note_who,), tells=(messages.PLACE_TAKEN,),
        ),
        Transition(
            name="decline", path="decliner", source=(R.ASKED,), target=R.DECLINED,
            label=_("Je ne peux pas"), who=rules.is_asked, locks=LOCKS, when=(rules.place_is_open,),
            tells=(messages.PLACE_DECLINED,),
        ),
        Transition(
            name="withdraw", path="retirer", source=(R.ASKED,), target=R.WITHDRAWN,
            label=_("Ne plus chercher"), who=rules.proposed_it, locks=LOCKS, when=(rules.place_is_open,),
        ),
        Transition(
            name="lapse", path="laisser", source=(R.ASKED,), target=R.LAPSED,
            label=_("Laisser sans suite"), who=CLOCK_RULE, locks=LOCKS, due=rules.replacement_lapsed,
        ),
    ],
)  # fmt: skip
