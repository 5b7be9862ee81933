"""What becomes of everything that belongs to an organisation when it goes into another one (R55).

Each app says it for its own tables: organisations stand below the programmes and know none of them. A field that points at an
organisation and is named by no ``Fate`` fails a test: nobody forgets it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.kernel.actors import CLOCK, Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import fire
from renfort.organisations.enums import InvitationState, JoinState, Programme, Role
from renfort.organisations.models import (
    BranchInvitation,
    Grant,
    Invitation,
    JoinRequest,
    Merge,
    NetworkMembership,
    Organisation,
    OrganisationFinding,
)
from renfort.organisations.selectors import able_managers_of, members_of
from renfort.organisations.selectors.merges import role_after
from renfort.organisations.services.roles import end_role, give_role
from renfort.organisations.workflow import INVITATION, JOIN


@dataclass(frozen=True, slots=True)
class Joining:
    """One merge being done: both organisations are locked, the absorbed one has just gone."""

    actor: Actor
    merge: Merge
    kept: Organisation
    absorbed: Organisation


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the preview: ``count`` things that move, or are lost, in words. ``key`` is stable."""

    key: str
    count: int
    words: str


def nothing(kept: int, absorbed: int) -> list[Part]:
    """No line of the preview."""
    return []


def no_hindrance(kept: int, absorbed: int) -> list[str]:
    """Nothing stands against the merge."""
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What becomes of some tables.

    Attributes:
        fields: « app.model.field » of each field that it answers for.
        why: what becomes of them, for those who read the code.
        parts: what moves, counted, for the preview: of the kept and the absorbed one, by number.
        lost: what will not be there any more, likewise.
        hinders: why the merge has to wait, in sentences.
        lock: hold what is about to move, in the written order, before anything is counted.
        move: do it, in the transaction of the merge.
    """

    fields: tuple[str, ...]
    why: str
    parts: Callable[[int, int], list[Part]] = nothing
    lost: Callable[[int, int], list[Part]] = nothing
    hinders: Callable[[int, int], list[str]] = no_hindrance
    lock: Callable[[int, int], Any] | None = None
    move: Callable[[Joining], None] | None = None


_fates: dict[str, Sequence[Fate]] = {}  # by app, in the order in which they are done


def register(app: str, fates: Sequence[Fate]) -> None:
    """Say what becomes of an app's tables; called when the app is loaded."""
    _fates[app] = fates


def fates() -> list[Fate]:
    """Every fate: those of the programmes first, the team's roles last, so that rules still know who was who."""
    return [fate for app in sorted(_fates, key=lambda app: app == "organisations") for fate in _fates[app]]


# ── the tables of this storey ─────────────────────────────────────────────────────────────────────
def _invitations(absorbed: int) -> Any:
    return Invitation.objects.filter(organisation_id=absorbed, state=InvitationState.SENT)


def _lost_invitations(kept: int, absorbed: int) -> list[Part]:
    count = _invitations(absorbed).count()
    words = ngettext(
        "%(n)d invitation en attente est retirée : invitez de nouveau la personne.",
        "%(n)d invitations en attente sont retirées : invitez de nouveau ces personnes.",
        count,
    )
    return [Part("invitations", count, words % {"n": count})] if count else []


def _revoke_invitations(joining: Joining) -> None:
    """A role kept for somebody in one organisation is no role in another."""
    for invitation in _invitations(joining.absorbed.pk).order_by("pk"):
        fire(INVITATION, invitation, "revoke_with_merge", actor=CLOCK)


def _requests(absorbed: int) -> Any:
    return JoinRequest.objects.filter(organisation_id=absorbed, state=JoinState.PENDING)


def _moved_requests(kept: int, absorbed: int) -> list[Part]:
    count = _requests(absorbed).count()
    words = ngettext("%(n)d demande pour rejoindre l'équipe", "%(n)d demandes pour rejoindre l'équipe", count)
    return [Part("requests", count, words % {"n": count})] if count else []


def _move_requests(joining: Joining) -> None:
    """Who asked to join waits for the kept one's answer; who waits there already, or is of its team, waits once."""
    twins = JoinRequest.objects.filter(organisation=joining.kept, state=JoinState.PENDING).values("person")
    team = members_of(joining.kept.pk).order_by().values("person")
    doubles = Q(person__in=twins) | Q(person__in=team)
    for asked in _requests(joining.absorbed.pk).filter(doubles).order_by("pk"):
        fire(JOIN, asked, "close_with_merge", actor=CLOCK)
    _requests(joining.absorbed.pk).update(organisation=joining.kept)


def _move_team(joining: Joining) -> None:
    """Nobody's role grows: who was of the absorbed team alone is « tuteur », whatever they were (``role_after``)."""
    managed = able_managers_of(joining.kept.pk).exists()
    held = {grant.person_id: str(grant.role) for grant in members_of(joining.kept.pk)}
    for grant in members_of(joining.absorbed.pk):
        before = held.get(grant.person_id, "")
        after = role_after(before, str(grant.role), kept_is_managed=managed)
        end_role(actor=joining.actor, grant=grant, why="merged")
        if after and not before:
            give_role(
                actor=joining.actor, person=grant.person, programme=Programme.RESERVE, role=after, organisation=joining.kept
            )


def _lost_memberships(kept: int, absorbed: int) -> list[Part]:
    held = NetworkMembership.objects.filter(organisation_id=absorbed).select_related("network").order_by("pk")
    return [
        Part(
            f"network-{each.network_id}", 1,
            _("Réseau « %(network)s » : le rattachement de la fiche absorbée s'arrête.") % {"network": each.network.label},
        )
        for each in held
    ]  # fmt: skip


def _leave_networks(joining: Joining) -> None:
    """A network confirmed one organisation, not the other: what is to go on is claimed anew with the facts (R5)."""
    for each in NetworkMembership.objects.filter(organisation=joining.absorbed).select_related("network").order_by("pk"):
        codes: dict[str, Plain] = {"network": each.network.key, "organisation": joining.absorbed.pk}
        publish("organisations.networkmembership.leave", each, actor=joining.actor, codes=codes)
        each.delete()


def _lost_logo(kept: int, absorbed: int) -> list[Part]:
    has_one = Organisation.objects.filter(pk=absorbed).exclude(logo="").exists()
    return [Part("logo", 1, _("Le logo de la fiche absorbée."))] if has_one else []


def _asked_by_networks(kept: int, absorbed: int) -> list[str]:
    """A network asks one organisation to join; an answer for another one is not its own."""
    if not BranchInvitation.objects.filter(asked_id=absorbed, state=InvitationState.SENT).exists():
        return []
    return [_("Un réseau national propose à la fiche absorbée de le rejoindre : un de ses responsables doit d'abord répondre.")]


def _close_findings(joining: Joining) -> None:
    OrganisationFinding.objects.filter(organisation=joining.absorbed, gone_at=None).update(gone_at=timezone.now())


def _end_other_roles(joining: Joining) -> None:
    """Roles of other programmes on the absorbed one end: its programme says what comes instead, or nothing does."""
    others = Grant.objects.filter(organisation=joining.absorbed, valid_until=None)
    for grant in others.exclude(programme=Programme.RESERVE, role__in=[Role.MANAGER, Role.MISSION_TUTOR]).order_by("pk"):
        end_role(actor=joining.actor, grant=grant, why="merged")


def _move_roles(joining: Joining) -> None:
    _end_other_roles(joining)
    _move_team(joining)


register(
    "organisations",
    [
        Fate(
            fields=("organisations.networkmembership.organisation",),
            why="end with the absorbed one; chosen ones are claimed anew by the kept one",
            lost=_lost_memberships, move=_leave_networks,
        ),
        Fate(
            fields=("organisations.invitation.organisation",),
            why="open ones are revoked; the others are its history and stay",
            lost=_lost_invitations, move=_revoke_invitations,
        ),
        Fate(
            fields=("organisations.branchinvitation.asked", "organisations.branchinvitation.organisation"),
            why="open ones are answered first; the others are its history and stay",
            hinders=_asked_by_networks,
        ),
        Fate(
            fields=("organisations.organisationnote.organisation",),
            why="stay where they were written: elsewhere other people might read them (R55)",
        ),
        Fate(
            fields=("organisations.joinrequest.organisation",),
            why="open ones move, doubles are closed; the others are its history and stay",
            parts=_moved_requests, move=_move_requests,
        ),
        Fate(
            fields=("organisations.organisationfinding.organisation", "organisations.lookup.organisation"),
            why="what was found of the absorbed one is true no more; the rows stay for the rates",
            move=_close_findings,
        ),
        Fate(
            fields=("organisations.grant.organisation",),
            why="ended on the absorbed one, given anew on the kept one, never wider than agreed (role_after)",
            move=_move_roles,
        ),
        Fate(
            fields=(
                "organisations.draft.organisation", "organisations.merge.kept", "organisations.merge.absorbed",
                "organisations.organisation.merged_into", "organisations.organisation_agreements.organisation",
            ),
            why="history: how it came in, what it was; where it went is set by the transition itself",
            lost=_lost_logo,
        ),
        Fate(
            fields=("audit.contactview.organisation_id",),
            why="who read what for whom: it was for the one of that time, whose name stays",
        ),
        Fate(
            fields=("jobs.export.organisation_id",),
            why="a file of one day, judged by the role in which it was asked, which is held no more",
        ),
    ],
)  # fmt: skip
