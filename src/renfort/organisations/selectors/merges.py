"""Merges of two entries of one organisation: which exist for whom, who would gain and lose what (R55)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from renfort.audit.selectors import Line, history
from renfort.kernel.actors import Actor
from renfort.organisations.enums import (
    OPEN_MERGES,
    UNWELCOME,
    MembershipState,
    MergeState,
    OrganisationState,
    Programme,
    Role,
    ScopeKind,
)
from renfort.organisations.models import Grant, Merge, Network, NetworkMembership, Organisation
from renfort.organisations.selectors.likeness import alike
from renfort.organisations.selectors.perimeter import overseen
from renfort.organisations.selectors.roles import able_managers_of, grants_in_force, is_operator, members_of

OPEN = [str(state) for state in OPEN_MERGES]
NOT_MERGED = [str(state) for state in (*UNWELCOME, OrganisationState.DRAFT)]  # neither into another nor another into them
MOST = 20  # organisations shown to choose from


def merges_visible(actor: Actor) -> QuerySet[Merge]:
    """The merges that the actor may know of: of an organisation that one manages, of two that one looks after, all for the
    operator."""
    merges = Merge.objects.all()
    if actor.kind in ("clock", "service") or is_operator(actor):
        return merges
    hosts = [int(scope) for scope in actor.scopes(Programme.RESERVE, [Role.MANAGER], ScopeKind.ORGANISATION)]
    both = overseen(actor, department="kept__department") & overseen(actor, department="absorbed__department")
    return merges.filter(Q(kept_id__in=hosts) | Q(absorbed_id__in=hosts) | both)


def merges_of(actor: Actor, organisation_id: int | None = None) -> QuerySet[Merge]:
    """Those that the actor may know of, of one organisation or all, with both organisations, newest first."""
    found = merges_visible(actor).select_related("kept__department", "absorbed__department", "proposed_by")
    if organisation_id is not None:
        found = found.filter(Q(kept_id=organisation_id) | Q(absorbed_id=organisation_id))
    return found.order_by("-id")


def open_merge_of(*organisations: int) -> Merge | None:
    """The merge under way that one of these organisations is part of, on either side. One query."""
    sides = Q(kept_id__in=organisations) | Q(absorbed_id__in=organisations)
    return Merge.objects.filter(sides, state__in=OPEN).order_by("id").first()


def has_absorbed(organisation_id: int) -> bool:
    """Whether a merge that was just done takes this organisation in, and it still has to go. One query."""
    return Merge.objects.filter(absorbed_id=organisation_id, state=MergeState.DONE, absorbed__left_at=None).exists()


def merge_of(absorbed_id: int) -> Merge | None:
    """The merge by which an organisation went into another; None when it did not. One query."""
    return Merge.objects.filter(absorbed_id=absorbed_id, state=MergeState.DONE).order_by("-id").first()


def stands_for(organisation_id: int) -> Organisation | None:
    """The organisation that stands for one that was merged away; None for all others. One query."""
    found = Organisation.objects.filter(pk=organisation_id, merged_into__isnull=False).select_related("merged_into").first()
    return found.merged_into if found else None


def absorbed_by(organisation_id: int) -> list[Organisation]:
    """The organisations for which this one stands since they were merged, in the order of their numbers. One query."""
    return list(Organisation.objects.filter(merged_into_id=organisation_id).order_by("pk"))


def whole_history(organisation: Organisation, lines: list[Line], actor: Actor | None = None) -> list[Line]:
    """The history of an organisation, newest first, with that of those it took in: who manages it reads both (R55, P3).

    ``lines`` is its own. Of an ``actor`` who looks after a territory, only those of that territory: a merge opens nobody the
    history of an organisation that was not theirs to read. One query, and one more where something was taken in.
    """
    former = [each.pk for each in absorbed_by(organisation.pk) if actor is None or _was_overseen(actor, each)]
    if not former:
        return lines
    both = [*lines, *history(organisation._meta.label_lower, former)]
    return sorted(both, key=lambda line: line.entry.pk, reverse=True)


def _was_overseen(actor: Actor, organisation: Organisation) -> bool:
    areas = actor.areas(Programme.RESERVE, Role.REFERENT)
    return is_operator(actor) or any(area.department == organisation.department_id and not area.domains for area in areas)


# ── with which other one ──────────────────────────────────────────────────────────────────────────
def mergeable(actor: Actor) -> QuerySet[Organisation]:
    """The organisations that the actor has rights on, and that may be merged: those looked after, or, for a « responsable », all
    that the person manages, whatever the role of the page; the merge asks for rights on both."""
    here = Organisation.objects.filter(left_at=None).exclude(state__in=NOT_MERGED)
    if actor.person_id is None:
        return here.none()
    if actor.scopes(Programme.RESERVE, [Role.MANAGER], ScopeKind.ORGANISATION):
        managed = grants_in_force().filter(person_id=actor.person_id, programme=Programme.RESERVE, role=Role.MANAGER)
        return here.filter(pk__in=managed.values("organisation"))
    return here.filter(overseen(actor))


def others_to_merge(actor: Actor, organisation: Organisation, words: Iterable[str] = ()) -> list[Organisation]:
    """With which others ``organisation`` may be merged: those of these words, or, without words, those that look like it (R53);
    a « responsable » sees all that the person manages. Three queries at most."""
    found = mergeable(actor).exclude(pk=organisation.pk).select_related("department")
    said = list(words)
    for word in said:
        found = found.filter(Q(name__icontains=word) | Q(city__icontains=word) | Q(siret=word) | Q(rna__iexact=word))
    if said or actor.scopes(Programme.RESERVE, [Role.MANAGER], ScopeKind.ORGANISATION):
        return list(found.order_by("name", "pk")[:MOST])
    near = alike(
        name=organisation.name, siret=organisation.siret, rna=organisation.rna, department=organisation.department_id,
        but=[organisation.pk],
    )  # fmt: skip
    rank = {each.pk: place for place, each in enumerate(near)}
    return sorted(found.filter(pk__in=rank), key=lambda each: rank[each.pk])


# ── who may do what afterwards ────────────────────────────────────────────────────────────────────
RUN_ABSORBED, READ_ABSORBED, READ_KEPT, LOSE_OTHERS, LOSE_ALL = (
    "run_absorbed",
    "read_absorbed",
    "read_kept",
    "lose_others",
    "lose_all",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the merge changes for one person of the two teams. ``before``: the roles in the kept and the absorbed one, "" for
    none; ``after``: the role in the kept one. ``gains`` and ``losses`` are codes, put into words by the page.
    """

    person_id: int
    name: str
    before: tuple[str, str]
    after: str
    gains: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()


def role_after(kept_role: str, absorbed_role: str, *, kept_is_managed: bool) -> str:
    """The role that somebody of one of the teams, or of both, has in the kept organisation afterwards, "" for none.

    Nobody's role in the kept one grows. Who was of the absorbed one alone is « tuteur » there, whatever they were: in charge of
    the missions that were theirs, reader of the others. Where nobody manages the kept one, no « tuteur » comes in.
    """
    if kept_role or not absorbed_role:
        return kept_role
    return str(Role.MISSION_TUTOR) if kept_is_managed else ""


def gains_and_losses(kept_role: str, absorbed_role: str, after: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What somebody may do afterwards and could not before, and the contrary, as codes."""
    manager, tutor = str(Role.MANAGER), str(Role.MISSION_TUTOR)
    gains: list[str] = []
    losses: list[str] = []
    if absorbed_role and not after:
        return (), (LOSE_ALL,)
    if after == manager and absorbed_role != manager:
        gains.append(RUN_ABSORBED)
    if after == tutor and not absorbed_role:
        gains.append(READ_ABSORBED)
    if after and not kept_role:
        gains.append(READ_KEPT)
    if absorbed_role == manager and after == tutor:
        losses.append(LOSE_OTHERS)
    return tuple(gains), tuple(losses)


@dataclass(frozen=True, slots=True)
class Access:
    """Who may do what afterwards: each person of the two teams, and the networks whose supervisors will read what moves."""

    changes: list[Change]
    networks: list[Network]

    @property
    def digest(self) -> str:
        """All of it in short: agreement is given to this and to nothing else."""
        people = sorted((each.person_id, each.before, each.after, each.gains, each.losses) for each in self.changes)
        networks = sorted(each.key for each in self.networks)
        return hashlib.sha256(json.dumps([people, networks]).encode()).hexdigest()


def access_of(kept_id: int, absorbed_id: int) -> Access:
    """What the merge changes for each person of the two teams, those of the kept one first, and for networks. Four queries."""
    teams = [list(members_of(pk)) for pk in (kept_id, absorbed_id)]
    managed = able_managers_of(kept_id).exists()
    people: dict[int, Grant] = {}
    for grant in (*teams[0], *teams[1]):
        people.setdefault(grant.person_id, grant)
    roles = [{grant.person_id: str(grant.role) for grant in team} for team in teams]
    changes = []
    for pk, grant in people.items():
        before = (roles[0].get(pk, ""), roles[1].get(pk, ""))
        after = role_after(*before, kept_is_managed=managed)
        gains, losses = gains_and_losses(*before, after)
        changes.append(Change(person_id=pk, name=grant.person.full_name, before=before, after=after, gains=gains, losses=losses))
    gaining = Network.objects.filter(memberships__organisation=kept_id, memberships__state=MembershipState.CONFIRMED)
    same = NetworkMembership.objects.filter(organisation=absorbed_id, state=MembershipState.CONFIRMED).values("network")
    return Access(changes, list(gaining.exclude(pk__in=same).distinct().order_by("position", "id")))


@dataclass(frozen=True, slots=True)
class Side:
    """Whether a team still has to agree."""

    organisation: Organisation
    is_managed: bool
    agreed: bool

    @property
    def is_missing(self) -> bool:
        """Whether somebody of it can agree, and nobody has."""
        return self.is_managed and not self.agreed


def sides_of(merge: Merge) -> tuple[Side, Side]:
    """How the two teams stand, the kept one first. Two queries."""
    return (
        Side(merge.kept, able_managers_of(merge.kept_id).exists(), merge.kept_agreed_at is not None),
        Side(merge.absorbed, able_managers_of(merge.absorbed_id).exists(), merge.absorbed_agreed_at is not None),
    )
