"""What the réserve does when two organisations become one: everything goes on with the one that stays (R55)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.kernel.events import publish
from renfort.kernel.firing import lock_rows
from renfort.missions.enums import ACTIVE, BatchState, MissionState, TransferState
from renfort.missions.messages import HOST_MERGED
from renfort.missions.models import (
    Batch,
    Mission,
    MissionTemplate,
    Participation,
    ReplyTemplate,
    SavedView,
    Transfer,
    Unfinished,
    Waiting,
)
from renfort.missions.services.search import show
from renfort.organisations.enums import Role
from renfort.organisations.selectors import able_managers_of, members_of
from renfort.organisations.services.moves import Fate, Joining, Part, register

OPEN = [str(state) for state in ACTIVE]
NAME_LENGTH = 60  # of a reply written beforehand


def _part(key: str, count: int, one: str, many: str) -> list[Part]:
    return [Part(key, count, (one if count == 1 else many) % {"n": count})] if count else []


# ── missions, with all that hangs on them ─────────────────────────────────────────────────────────
def _mission_parts(kept: int, absorbed: int) -> list[Part]:
    """Missions by state, participations, turns in the waiting lists. Three queries."""
    counted = Mission.objects.filter(organisation_id=absorbed).order_by().values_list("state").annotate(n=Count("pk"))
    by_state = {str(state): count for state, count in counted}
    parts = [
        Part(
            f"missions-{state.value}",
            by_state[state.value],
            ngettext("%(n)d mission : %(state)s", "%(n)d missions : %(state)s", by_state[state.value])
            % {"n": by_state[state.value], "state": state.label},
        )
        for state in MissionState
        if by_state.get(state.value)
    ]
    people = Participation.objects.filter(organisation_id=absorbed).aggregate(
        all=Count("pk"), open=Count("pk", filter=Q(state__in=OPEN))
    )
    parts += _part(
        "participations", people["all"],
        _("%(n)d participation, avec ses heures et ses attestations"),
        _("%(n)d participations, avec leurs heures et leurs attestations"),
    )  # fmt: skip
    parts += _part(
        "told", people["open"],
        _("%(n)d participation ouverte : la personne est prévenue par e-mail du nouveau nom"),
        _("%(n)d participations ouvertes : chaque personne est prévenue par e-mail du nouveau nom"),
    )  # fmt: skip
    turns = Waiting.objects.filter(mission__organisation_id=absorbed).count()
    return parts + _part("turns", turns, _("%(n)d tour en liste d'attente"), _("%(n)d tours en liste d'attente"))


def _hold_missions(kept: int, absorbed: int) -> None:
    """Nobody applies, accepts or changes a mission meanwhile: who has begun is waited for, who comes later finds the new host."""
    lock_rows(Mission.objects.filter(organisation_id=absorbed), no_key=False)


def _move_missions(joining: Joining) -> None:
    """Hand every mission over, with its participations (the database moves them along) and one line of history each.

    Volunteers whose help is asked for or expected are told first, once each.
    """
    kept, absorbed = joining.kept, joining.absorbed
    publish(
        "missions.host.merge", kept, actor=joining.actor, codes={"from": absorbed.pk, "merge": joining.merge.pk},
        texts={"former": absorbed.name}, tells=(HOST_MERGED,),
    )  # fmt: skip
    _no_new_charge(joining)
    moved = list(Mission.objects.filter(organisation=absorbed).order_by("pk").values_list("pk", flat=True))
    Mission.objects.filter(organisation=absorbed).update(organisation=kept, version=F("version") + 1)
    for mission in Mission.objects.filter(pk__in=moved).order_by("pk"):
        publish(
            "missions.mission.change_host", mission, actor=joining.actor,
            changes={"organisation_id": (absorbed.pk, kept.pk)}, texts={"former": absorbed.name},
        )  # fmt: skip
    show(moved)


def _no_new_charge(joining: Joining) -> None:
    """Being named on a mission of a team that one had left gives nobody a right again: a « responsable » takes it over.

    A « tuteur » runs what they are in charge of; of a mission of the other organisation, from a former time, that would be more
    than before.
    """
    successor = able_managers_of(joining.kept.pk).first()
    if successor is None:
        return
    teams = {
        each.pk: {grant.person_id: str(grant.role) for grant in members_of(each.pk)} for each in (joining.kept, joining.absorbed)
    }
    for here, there in ((joining.kept, joining.absorbed), (joining.absorbed, joining.kept)):
        strangers = [
            pk
            for pk, role in teams[there.pk].items()
            if pk not in teams[here.pk] and not _stays_manager(pk, role, there, joining)
        ]
        for mission in Mission.objects.filter(organisation=here, responsible__in=strangers).order_by("pk"):
            changes = {"responsible_id": (mission.responsible_id, successor.person_id)}
            mission.responsible_id = successor.person_id
            mission.save(update_fields=["responsible"])
            publish("missions.mission.hand_over", mission, actor=joining.actor, changes=changes)
        Mission.deputies.through.objects.filter(mission__organisation=here, person__in=strangers).delete()


def _stays_manager(person: int, role: str, where: object, joining: Joining) -> bool:
    """Whether somebody manages the kept one: all of its missions are theirs anyway."""
    return where == joining.kept and role == Role.MANAGER


# ── what a team keeps beside ──────────────────────────────────────────────────────────────────────
def _beside_parts(kept: int, absorbed: int) -> list[Part]:
    """Templates, replies, forms being filled, views. Four queries."""
    return [
        *_part(
            "templates", MissionTemplate.objects.filter(organisation_id=absorbed).count(),
            _("%(n)d modèle de mission"), _("%(n)d modèles de mission"),
        ),
        *_part(
            "replies", ReplyTemplate.objects.filter(organisation_id=absorbed).count(),
            _("%(n)d modèle de réponse"), _("%(n)d modèles de réponse"),
        ),
        *_part(
            "unfinished", Unfinished.objects.filter(organisation_id=absorbed).count(),
            _("%(n)d saisie en cours"), _("%(n)d saisies en cours"),
        ),
        *_part(
            "views",
            SavedView.objects.filter(organisation_id=absorbed).exclude(name="").count() - len(_same_views(kept, absorbed)),
            _("%(n)d vue enregistrée"), _("%(n)d vues enregistrées"),
        ),
    ]  # fmt: skip


def _same_views(kept: int, absorbed: int) -> list[int]:
    """The views of which the same person has one of the same name over the same list of the kept one."""
    known = set(SavedView.objects.filter(organisation_id=kept).values_list("kind", "person_id", "name"))
    mine = SavedView.objects.filter(organisation_id=absorbed).exclude(name="").values_list("pk", "kind", "person_id", "name")
    return [pk for pk, *key in mine if tuple(key) in known]


def _lost_views(kept: int, absorbed: int) -> list[Part]:
    return _part(
        "same-views", len(_same_views(kept, absorbed)),
        _("%(n)d vue enregistrée sous un nom que la même personne a déjà dans la fiche gardée."),
        _("%(n)d vues enregistrées sous un nom que la même personne a déjà dans la fiche gardée."),
    )  # fmt: skip


def _move_views(joining: Joining) -> None:
    """Views go with their person; of two of one name the kept one's stays. One's columns are asked anew where one has none."""
    known = set(SavedView.objects.filter(organisation=joining.kept).values_list("kind", "person_id", "name"))
    mine = SavedView.objects.filter(organisation=joining.absorbed).values_list("pk", "kind", "person_id", "name")
    double = [pk for pk, *key in mine if tuple(key) in known]
    SavedView.objects.filter(pk__in=double).delete()
    SavedView.objects.filter(organisation=joining.absorbed).update(organisation=joining.kept)


def _move_replies(joining: Joining) -> None:
    """None is lost: of two of one name the newcomer gets a number."""
    taken = set(ReplyTemplate.objects.filter(organisation=joining.kept).values_list("name", flat=True))
    for reply in ReplyTemplate.objects.filter(organisation=joining.absorbed).order_by("pk"):
        name = free_name(reply.name, taken)
        taken.add(name)
        ReplyTemplate.objects.filter(pk=reply.pk).update(organisation=joining.kept, name=name)


def free_name(name: str, taken: Iterable[str]) -> str:
    """``name``, or the first « name (2) », « name (3) » that is not taken, within the length of a name."""
    known, wanted, number = set(taken), name, 1
    while wanted in known:
        number += 1
        mark = f" ({number})"
        wanted = name[: NAME_LENGTH - len(mark)] + mark
    return wanted


def _move_beside(joining: Joining) -> None:
    for model in (MissionTemplate, Unfinished):
        model._default_manager.filter(organisation=joining.absorbed).update(organisation=joining.kept)


def _running(kept: int, absorbed: int) -> list[str]:
    """An answer to many that is being carried out, by the rights of a role that would end in its middle."""
    if not Batch.objects.filter(organisation_id=absorbed, state=BatchState.ASKED).exists():
        return []
    return [_("Une réponse à plusieurs bénévoles est en cours dans la fiche absorbée : attendez qu'elle soit finie.")]


def _in_transfer(kept: int, absorbed: int) -> list[str]:
    """A mission that is proposed elsewhere, or to the one that goes: those who were asked answer first (R55)."""
    about = Q(giver_id=absorbed) | Q(receiver_id=absorbed)
    if not Transfer.objects.filter(about, state=TransferState.PROPOSED).exists():
        return []
    return [
        _("Un transfert de mission attend une réponse dans la fiche absorbée : il doit d'abord être accepté, refusé ou retiré.")
    ]


register(
    "missions",
    [
        Fate(
            fields=("missions.mission.organisation", "missions.participation.organisation", "search.entry.organisation_id"),
            why="everything goes to the kept one; the composite foreign key moves the participations, and the search follows",
            parts=_mission_parts, lock=_hold_missions, move=_move_missions,
        ),
        Fate(
            fields=("missions.savedview.organisation",),
            why="go with their person; of two of one name the kept one's stays",
            lost=_lost_views, move=_move_views,
        ),
        Fate(
            fields=("missions.replytemplate.organisation",),
            why="go, under a free name",
            move=_move_replies,
        ),
        Fate(
            fields=("missions.missiontemplate.organisation", "missions.unfinished.organisation"),
            why="go as they are",
            parts=_beside_parts, move=_move_beside,
        ),
        Fate(
            fields=("missions.transfer.giver", "missions.transfer.receiver"),
            why="open ones are answered first; the others are history and stay",
            hinders=_in_transfer,
        ),
        Fate(
            fields=("missions.batch.organisation",),
            why="done ones are history and stay; one that runs is waited for",
            hinders=_running,
        ),
    ],
)  # fmt: skip
