"""What is said to those on the waiting list of a full mission (R60)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.missions.enums import HOLDING, MissionState
from renfort.missions.messages.facts import R, facts, own_turn, slot_facts, until_words
from renfort.missions.messages.readers import the_responsible_of_line, who_waits
from renfort.missions.messages.samples import about_turn
from renfort.missions.models import Waiting


def turn_facts(turn: Waiting) -> tuple[tuple[str, str], ...]:
    """The mission, and the slot that the turn is for (R61)."""
    if turn.slot is None:
        return facts(turn.mission)
    turn.slot.mission = turn.mission  # its zone says which hours people read
    return (*facts(turn.mission), *slot_facts([turn.slot]))


def is_given(turn: Waiting) -> bool:
    """Whether the place taken is given already: a slot more for somebody whom the organisation had accepted."""
    return turn.participation is not None and turn.participation.state in HOLDING


def place_offered(event: Event[Waiting], reader: Recipient) -> Mail:
    turn = event.obj
    return Mail(
        subject=_("Une place s'est libérée : %(mission)s") % {"mission": turn.mission.title},
        sentences=(
            _("Une place s'est libérée et c'est votre tour : elle vous est gardée jusqu'au %(until)s.")
            % {"until": until_words(turn)},
            _("Prenez-la ou laissez-la : sans réponse, elle ira à la personne suivante."),
        ),
        facts=turn_facts(turn),
        action=(_("Répondre"), own_turn(turn)),
    )


def place_taken(event: Event[Waiting], reader: Recipient) -> Mail:
    mission = event.obj.mission
    held = (
        _("Ce créneau vous est donné, avec ceux que %(organisation)s avait acceptés.")
        if is_given(event.obj)
        else _("%(organisation)s a reçu votre proposition d'aide ; la place vous est gardée jusqu'à sa réponse.")
    )
    return Mail(
        subject=_("Votre place est gardée : %(mission)s") % {"mission": mission.title},
        sentences=(
            held % {"organisation": mission.organisation.name},
            _("Un empêchement ? Désistez-vous : la place ira à la personne suivante."),
        ),
        facts=turn_facts(event.obj),
        action=(_("Suivre ma proposition"), reverse("missions:volunteer-participation", args=[event.obj.participation_id or 0])),
    )


def turn_to_answer(event: Event[Waiting], reader: Recipient) -> Mail:
    person, mission, made = event.obj.person, event.obj.mission, event.obj.participation_id
    return Mail(
        subject=_("%(person)s prend la place libérée : %(mission)s") % {"person": person.full_name, "mission": mission.title},
        sentences=(
            _("%(person)s était en liste d'attente et prend la place qui s'est libérée.") % {"person": person.full_name},
            _("Vous aviez accepté cette personne pour d'autres créneaux : celui-ci s'y ajoute.")
            if is_given(event.obj)
            else _("La place lui est gardée jusqu'à votre réponse."),
        ),
        facts=(*turn_facts(event.obj), (_("Bénévole"), person.full_name)),
        action=(
            _("Voir sa participation") if is_given(event.obj) else _("Répondre"),
            reverse("missions:host-participation", args=[mission.organisation_id, made or 0]),
        ),
    )


def offer_lapsed(event: Event[Waiting], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("La place n'est plus gardée : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("Le délai pour prendre la place libérée est passé : elle est proposée à la personne suivante."),
            _("Vous pouvez vous inscrire de nouveau sur la liste d'attente, ou choisir une autre mission."),
        ),
        facts=turn_facts(event.obj),
        action=(_("Revoir la mission"), mission.get_absolute_url()),
    )


def line_closed(event: Event[Waiting], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("Liste d'attente fermée : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("Ce créneau ne prend plus personne : sa liste d'attente est fermée.")
            if event.obj.slot_id and event.obj.mission.state == MissionState.PUBLISHED and not event.obj.mission.is_over
            else _("La mission ne prend plus personne : la liste d'attente est fermée."),
            _("D'autres missions près de chez vous ont besoin d'aide."),
        ),
        facts=turn_facts(event.obj),
        action=(_("Voir des missions semblables"), f"{reverse('missions:public-list')}?lieu={mission.department_id}"),
    )


PLACE_OFFERED = Message("missions.waiting.offered", gettext_lazy("Place libérée"), who_waits, place_offered, R, sample=about_turn)
PLACE_TAKEN = Message(
    "missions.waiting.taken", gettext_lazy("Place gardée"), who_waits, place_taken, R, optional=True, sample=about_turn
)
TURN_TO_ANSWER = Message(
    "missions.waiting.to_answer", gettext_lazy("Place libérée prise (structure)"), the_responsible_of_line, turn_to_answer, R,
    optional=True, sample=about_turn,
)  # fmt: skip
OFFER_LAPSED = Message("missions.waiting.lapsed", gettext_lazy("Délai passé"), who_waits, offer_lapsed, R, sample=about_turn)
LINE_CLOSED = Message(
    "missions.waiting.closed", gettext_lazy("Liste d'attente fermée"), who_waits, line_closed, R, sample=about_turn
)
