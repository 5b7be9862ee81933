"""The life of a participant's registration. This page is the rule; nothing repeats it (W6)."""

from __future__ import annotations

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from renfort.kernel.events import Event
from renfort.kernel.rules import CLOCK_RULE
from renfort.kernel.workflow import Transition, Workflow, stamp, unstamp
from renfort.workshops import messages, rules
from renfort.workshops.enums import RegistrationSource, RegistrationState
from renfort.workshops.models import Registration
from renfort.workshops.rules import attendance as day
from renfort.workshops.selectors.registrations import registrations_visible

R = RegistrationState
LOCKS = ("session.assignment", "session")


def join_line(event: Event[Registration]) -> None:
    """Behind everybody who waits on this session; its row is held."""
    last = Registration.objects.filter(session=event.obj.session_id).aggregate(last=Max("seat_order"))["last"]
    event.obj.seat_order = (last or 0) + 1


def leave_line(event: Event[Registration]) -> None:
    """No rank any more: the others move up."""
    event.obj.seat_order = None


def agree(event: Event[Registration]) -> None:
    """The person says yes, and accepts the terms with it."""
    event.obj.agreed_at = event.at


def note_writing(event: Event[Registration]) -> None:
    """When it was written to last."""
    event.obj.written_at = event.at


def take_in(event: Event[Registration]) -> None:
    """Somebody came: who had no seat is taken in on the spot; it no longer waits. ``scanned``: when the phone noted it."""
    if event.before in (R.INVITED, R.WAITING):
        event.obj.source = RegistrationSource.SPOT
        event.obj.agreed_at = event.obj.agreed_at or event.at
    event.obj.seat_order = None


def forget_scan(event: Event[Registration]) -> None:
    """The person was not there after all."""
    event.obj.scanned_at = None


REGISTRATION: Workflow[Registration] = Workflow(
    model="workshops.Registration",
    title=_("Inscription d'un·e participant·e"),
    states=R,
    initial=R.INVITED,
    final=[R.CANCELLED],
    visible=registrations_visible,
    tones={
        R.INVITED: "neutral", R.WAITING: "warning", R.CONFIRMED: "success", R.PRESENT: "success", R.ABSENT: "danger",
        R.DECLINED: "neutral", R.CANCELLED: "danger",
    },
    transitions=[
        Transition(
            name="confirm", path="venir", source=(R.INVITED, R.DECLINED), target=R.CONFIRMED,
            label=_("Je viens"), tone="primary", who=rules.is_the_participant, locks=LOCKS,
            when=(rules.session_stands, rules.mission_goes_on, rules.is_to_come, rules.has_seat), does=(agree,),
            tells=(messages.GUEST_CONFIRMED,),
        ),
        Transition(
            name="queue", path="attendre", source=(R.INVITED, R.DECLINED), target=R.WAITING,
            label=_("Rejoindre la liste d'attente"), tone="primary", who=rules.is_the_participant, locks=LOCKS,
            when=(rules.session_stands, rules.mission_goes_on, rules.is_to_come, rules.has_no_seat), does=(agree, join_line),
            tells=(messages.GUEST_QUEUED,),
        ),
        Transition(
            name="promote", path="donner-la-place", source=(R.WAITING,), target=R.CONFIRMED,
            label=_("Donner la place libérée"), who=CLOCK_RULE, locks=LOCKS,
            when=(rules.session_stands, rules.mission_goes_on, rules.is_to_come, rules.has_seat), does=(leave_line,),
            due=rules.seat_due, tells=(messages.GUEST_SEATED,),
        ),
        Transition(
            name="decline", path="ne-pas-venir", source=(R.INVITED, R.WAITING, R.CONFIRMED), target=R.DECLINED,
            label=_("Je ne viens pas"), tone="danger", who=rules.is_the_participant, locks=LOCKS,
            when=(rules.session_stands, rules.mission_goes_on, rules.is_to_come), does=(leave_line,),
            tells=(messages.GUEST_DECLINED,),
        ),
        Transition(
            name="cancel", path="annuler", source=(R.INVITED, R.WAITING, R.CONFIRMED), target=R.CANCELLED,
            label=_("Annuler l'inscription"), tone="danger",
            warning=_("Sa place va à la personne suivante de la liste d'attente."),
            who=rules.brings_them, locks=LOCKS,
            when=(rules.session_stands, rules.mission_goes_on, rules.is_to_come), does=(leave_line,),
            tells=(messages.GUEST_REMOVED,),
        ),
        Transition(
            name="resend", path="renvoyer", source=(R.INVITED, R.WAITING, R.CONFIRMED), target=None,
            label=_("Renvoyer l'e-mail"), who=rules.brings_them, locks=LOCKS, offered=rules.has_address,
            when=(rules.session_stands, rules.mission_goes_on, rules.is_to_come, rules.was_not_just_written),
            does=(note_writing,), tells=(messages.GUEST_INVITED, messages.GUEST_CONFIRMED, messages.GUEST_QUEUED),
        ),
        Transition(
            name="remind", path="rappeler", source=(R.CONFIRMED,), target=None,
            label=_("Rappeler la session"), who=CLOCK_RULE, locks=LOCKS, does=(stamp("reminded"),), due=rules.remind_due,
            tells=(messages.GUEST_REMINDED,),
        ),
        # no lock of the session: six phones mark at once; who marks shares the assignment's row (services.attendance)
        Transition(
            name="mark", path="presence", source=(R.INVITED, R.WAITING, R.CONFIRMED, R.ABSENT), target=R.PRESENT,
            label=_("Présent·e"), tone="primary",
            who=rules.leads_their_session | rules.coordinates_their_session | rules.is_association_of_theirs
            | day.comes_by_the_code,
            when=(rules.session_stands, rules.mission_goes_on, day.attendance_is_open), does=(take_in, stamp("marked")),
        ),
        Transition(
            name="unmark", path="plus-presence", source=(R.PRESENT,), target=R.CONFIRMED,
            label=_("Retirer la présence"),
            who=day.marked_it_and_leads | rules.coordinates_their_session | rules.is_association_of_theirs,
            when=(rules.session_stands, rules.mission_goes_on, day.attendance_is_open), does=(unstamp("marked"), forget_scan),
        ),
        Transition(
            name="miss", path="absence", source=(R.CONFIRMED, R.PRESENT), target=R.ABSENT,
            label=_("Absent·e"), tone="danger",
            who=rules.coordinates_their_session | rules.is_association_of_theirs, locks=LOCKS,
            when=(rules.session_stands, rules.mission_goes_on, day.attendance_is_open), does=(stamp("marked"), forget_scan),
        ),
        Transition(
            name="never_came", path="jamais-venu", source=(R.CONFIRMED,), target=R.ABSENT,
            label=_("Constater l'absence"), who=CLOCK_RULE, locks=LOCKS, when=(rules.mission_goes_on,), does=(stamp("marked"),),
            due=day.never_came,
        ),
        Transition(
            name="cancel_with_session", path="annuler-avec-la-session", source=(R.INVITED, R.WAITING, R.CONFIRMED),
            target=R.CANCELLED, label=_("Annuler avec la session"), who=CLOCK_RULE, locks=LOCKS, does=(leave_line,),
            due=rules.called_off_with_session, tells=(messages.GUEST_CALLED_OFF,),
        ),
    ],
)  # fmt: skip
