"""Take a mission out of the queue to decide on it, give it back, write to the other side (R52)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused, Stale, lock_row
from renfort.kernel.templatetags.ui import moment_words
from renfort.missions.enums import MissionState
from renfort.missions.messages import CASE_MESSAGE
from renfort.missions.models import Mission
from renfort.missions.rules import is_of_its_team, is_reader, runs
from renfort.missions.selectors.queue import holder_of
from renfort.organisations.rules import oversees
from renfort.organisations.selectors import actor_of
from renfort.organisations.selectors.decisions import names_of, nobody

LONGEST = 2000


def waits(mission: Mission) -> bool:
    """Whether the mission waits for a reader."""
    return mission.state == MissionState.SUBMITTED or (mission.state == MissionState.PUBLISHED and mission.reviewed_at is None)


def take_mission(*, actor: Actor, mission: Mission) -> Mission:
    """Have a mission in hand, so that others see it; taken again by the same person, its time begins anew.

    Raises:
        NotAllowed: the actor does not decide on it.
        Stale: somebody else has it in hand, or it waits no more.
        Refused: the actor is of its organisation's team.
    """
    with transaction.atomic():
        locked: Mission = lock_row(mission)
        _only_reader(actor, locked)
        if is_of_its_team.stands(actor, locked):
            raise Refused(str(is_of_its_team.refusal))
        if not waits(locked):
            raise Stale(_("Cette mission n'attend plus de décision."))
        holder = holder_of(locked)
        if holder is not None and holder != actor.person_id:
            words = {"person": names_of([holder]).get(holder, nobody()), "when": moment_words(locked.taken_at)}
            raise Stale(_("%(person)s a pris ce dossier : %(when)s.") % words)
        locked.taken_at, locked.taken_by_id = timezone.now(), actor.person_id
        locked.save(update_fields=["taken_at", "taken_by"])
        publish("missions.mission.take", locked, actor=actor)
    return locked


def give_back_mission(*, actor: Actor, mission: Mission) -> Mission:
    """Let others decide on it; whoever decides there may free a case that somebody else forgot.

    Raises:
        NotAllowed: the actor does not decide on it.
    """
    with transaction.atomic():
        locked: Mission = lock_row(mission)
        _only_reader(actor, locked)
        if locked.taken_by_id is not None:
            locked.taken_at = locked.taken_by = None
            locked.save(update_fields=["taken_at", "taken_by"])
            publish("missions.mission.give_back", locked, actor=actor)
    return locked


def release_of(person_id: int) -> int:
    """Free the missions that somebody has in hand and may not decide on any more. Returns how many."""
    freed, actor = 0, actor_of(person_id)
    for mission in Mission.objects.filter(taken_by_id=person_id).order_by("pk"):
        if not oversees(actor, mission.department_id, mission.domain_id):
            freed += Mission.objects.filter(pk=mission.pk, taken_by_id=person_id).update(taken_by=None, taken_at=None)
    return freed


def write_on_mission(*, actor: Actor, mission: Mission, words: str) -> None:
    """Say something to the other side about a mission that is read: the organisation to the reader, or the reader to it.

    Raises:
        NotAllowed: the actor is on neither side.
        Refused: nothing was said, or too much.
    """
    words = words.strip()
    is_host = runs(actor, mission)
    if not (is_host or is_reader(actor, mission)):
        raise NotAllowed(_("Seuls la structure et qui décide peuvent écrire ici."))
    if not words or len(words) > LONGEST:
        raise Refused(_("Écrivez votre message, en 2 000 caractères au plus."))
    with transaction.atomic():
        publish(
            "missions.mission.write", mission, actor=actor, codes={"host": is_host}, texts={"message": words},
            tells=(CASE_MESSAGE,),
        )  # fmt: skip


def _only_reader(actor: Actor, mission: Mission) -> None:
    if not is_reader(actor, mission):
        raise NotAllowed(_("Cette action est réservée à : %(who)s.") % {"who": is_reader.label})
