"""Two entries of one organisation become one (R55): shown first, agreed to by both teams, done at once or not at all.

The absorbed one stays as an empty entry that leads to the other. Nobody's access grows but as the page said and the teams agreed:
see docs/adr/0030-merges.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.actors import CLOCK, Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import RACES, Busy, NotAllowed, Refused, Stale, fire, lock_rows
from renfort.organisations.enums import GIVEN_UP, MembershipState
from renfort.organisations.messages import MERGE_ASKED
from renfort.organisations.models import Merge, NetworkMembership, Organisation
from renfort.organisations.rules import (
    both_are_here,
    both_are_welcome,
    has_rights_on_both,
    is_of_one_team,
    kept_is_managed_first,
    manages,
    nobody_is_missing,
)
from renfort.organisations.selectors.merges import Access, access_of, open_merge_of
from renfort.organisations.services.checks import check_organisations
from renfort.organisations.services.moves import Joining, Part, fates
from renfort.organisations.services.organisation import OrganisationFacts, change_facts
from renfort.organisations.workflow import MERGE, ORGANISATION

LASTS = timedelta(days=30)
KEPT, ABSORBED = "kept", "absorbed"

# what the assistant compares, one choice each: the facts that only make sense together go together
COMPARED: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "name": (gettext_lazy("Nom"), ("name",)),
    "kind": (gettext_lazy("Statut et type"), ("legal_status", "type", "subtype")),
    "agreements": (gettext_lazy("Agréments"), ("agreements",)),
    "siret": (gettext_lazy("SIRET"), ("siret",)),
    "rna": (gettext_lazy("Numéro RNA"), ("rna",)),
    "website": (gettext_lazy("Site internet"), ("website",)),
    "description": (gettext_lazy("Description"), ("description",)),
    "place": (
        gettext_lazy("Lieu"),
        ("address", "postcode", "city", "commune", "department", "latitude", "longitude"),
    ),
    "networks": (gettext_lazy("Réseaux nationaux"), ("networks",)),
}
NOT_COMPARED = {  # fields of an organisation that are no facts it tells of itself
    "id", "version", "state", "created_at", "queued_at", "taken_at", "taken_by", "left_at", "left_by", "merged_into",
    "logo",  # told among what is lost
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One fact of both, in words; ``chosen``: whose stays. ``empty`` values are « – »."""

    key: str
    label: str
    kept: str
    absorbed: str
    chosen: str = KEPT

    @property
    def differs(self) -> bool:
        return self.kept != self.absorbed

    @property
    def dropped(self) -> str:
        """The value that will not be there any more."""
        return self.absorbed if self.chosen == KEPT else self.kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a merge would do, all of it counted. ``seen`` is all of this in short: what is done is what was shown."""

    pairs: list[Pair]
    moves: list[Part]
    lost: list[Part]
    access: Access
    hindrances: list[str] = field(default_factory=list)

    @property
    def seen(self) -> str:
        pairs = [(each.key, each.kept, each.absorbed) for each in self.pairs]
        counts = [(each.key, each.count) for each in (*self.moves, *self.lost)]
        return hashlib.sha256(json.dumps([pairs, counts, self.access.digest]).encode()).hexdigest()


def preview_of(kept: Organisation, absorbed: Organisation, choices: Mapping[str, str] | None = None) -> Preview:
    """What merging ``absorbed`` into ``kept`` would do now. A constant number of queries, whatever they hold."""
    said = [_said(each) for each in (kept, absorbed)]
    chosen = choices or {}
    pairs = [
        Pair(
            key=key, label=str(label), kept=said[0][key], absorbed=said[1][key],
            chosen=ABSORBED if chosen.get(key) == ABSORBED and said[0][key] != said[1][key] else KEPT,
        )
        for key, (label, _fields) in COMPARED.items()
    ]  # fmt: skip
    known = fates()
    return Preview(
        pairs=pairs,
        moves=[part for fate in known for part in fate.parts(kept.pk, absorbed.pk)],
        lost=[part for fate in known for part in fate.lost(kept.pk, absorbed.pk)],
        access=access_of(kept.pk, absorbed.pk),
        hindrances=[sentence for fate in known for sentence in fate.hinders(kept.pk, absorbed.pk)],
    )


def _said(organisation: Organisation) -> dict[str, str]:
    """Each fact as the page shows it."""
    kinds = [organisation.legal_status, organisation.type, organisation.subtype]
    place = [organisation.address, f"{organisation.postcode} {organisation.city}".strip(), str(organisation.department)]
    networks = NetworkMembership.objects.filter(organisation=organisation).exclude(state__in=GIVEN_UP)
    held = networks.select_related("network").order_by("network__position", "network_id")
    said = {
        "name": organisation.name,
        "kind": " · ".join(each.label for each in kinds if each is not None),
        "agreements": ", ".join(each.label for each in organisation.agreements.all()),
        "siret": organisation.siret,
        "rna": organisation.rna,
        "website": organisation.website,
        "description": organisation.description,
        "place": ", ".join(filter(None, place)),
        "networks": ", ".join(f"{each.network.label} ({MembershipState(each.state).label})" for each in held),
    }
    return {key: value or "–" for key, value in said.items()}


def clean_choices(said: Mapping[str, Any]) -> dict[str, str]:
    """The choices among what a form said: nonsense counts for nothing, and what is not chosen stays the kept one's."""
    return {key: ABSORBED for key in COMPARED if said.get(key) == ABSORBED}


# ── before ────────────────────────────────────────────────────────────────────────────────────────
def propose(*, actor: Actor, kept: Organisation, absorbed: Organisation, choices: Mapping[str, str], seen: str = "") -> Merge:
    """Propose to merge ``absorbed`` into ``kept``. The teams are asked; who manages one on this page agrees for it by asking.

    Returns the proposal; the same one when it is under way already.

    Raises:
        NotAllowed: the actor has not the rights on both.
        Stale: what would happen is no longer what ``seen`` says was shown.
        Refused: one of the two has left, is refused or flagged, or is part of another merge.
    """
    if kept.pk == absorbed.pk:
        raise Refused(_("Ce sont les mêmes : choisissez une autre structure."))
    with transaction.atomic():
        kept, absorbed = _hold(kept.pk, absorbed.pk)
        if not has_rights_on_both(actor, kept, absorbed):
            raise NotAllowed(_("Il faut des droits sur les deux structures pour les fusionner."))
        made = Merge(
            kept=kept, absorbed=absorbed, choices=clean_choices(choices), proposed_by_id=actor.person_id or 0,
            expires_at=timezone.now() + LASTS,
        )  # fmt: skip
        if is_of_one_team.stands(actor, made):
            raise Refused(str(is_of_one_team.refusal))
        if refusals := [str(g.refusal) for g in (both_are_here, both_are_welcome, kept_is_managed_first) if not g.holds(made)]:
            raise Refused(*refusals)
        under_way = open_merge_of(kept.pk, absorbed.pk)
        if under_way is not None:
            if (under_way.kept_id, under_way.absorbed_id) == (kept.pk, absorbed.pk):
                return under_way
            raise Refused(_("Une fusion est déjà proposée pour une de ces deux structures : terminez-la ou retirez-la d'abord."))
        preview = preview_of(kept, absorbed, made.choices)
        if seen and seen != preview.seen:
            raise Stale(_("Quelque chose a changé entre-temps : relisez ce qui va se passer."))
        made.access = preview.access.digest
        made.save()
        publish("organisations.merge.propose", made, actor=actor, after=made.state, tells=(MERGE_ASKED,))
        for side in (KEPT, ABSORBED):
            if manages(actor, getattr(made, f"{side}_id")):
                made = fire(MERGE, made, f"agree_{side}", actor=actor)
        return _settled(made, actor)


def agree(*, actor: Actor, merge: Merge, access: str) -> Merge:
    """Agree, as « responsable » of one of the two, to what the page showed. ``access``: who gains and loses what, as shown.

    What the other team had agreed to is asked anew when it is no longer what would happen.

    Raises:
        NotAllowed: the actor manages neither.
        Stale: who would gain or lose what has changed since the page was opened.
        Refused: it is over, or this team has agreed already.
    """
    side = next((side for side in (KEPT, ABSORBED) if manages(actor, getattr(merge, f"{side}_id"))), "")
    if not side:
        raise NotAllowed(_("Seul un responsable d'une des deux structures peut donner son accord."))
    with transaction.atomic():
        _hold(merge.kept_id, merge.absorbed_id)
        now = access_of(merge.kept_id, merge.absorbed_id).digest
        if access != now:
            raise Stale(_("Les équipes ont changé entre-temps : relisez qui aurait accès à quoi."))
        held = Merge.objects.select_related("kept", "absorbed").get(pk=merge.pk)
        if held.access != now:
            if held.kept_agreed_at or held.absorbed_agreed_at:
                held = fire(MERGE, held, "reopen", actor=actor)
            Merge.objects.filter(pk=held.pk).update(access=now)
        return _settled(fire(MERGE, held, f"agree_{side}", actor=actor), actor)


def _settled(merge: Merge, actor: Actor) -> Merge:
    """Note that nobody is missing any more, when it is so."""
    return fire(MERGE, merge, "settle", actor=actor) if nobody_is_missing.holds(merge) else merge


def _hold(kept: int, absorbed: int) -> tuple[Organisation, Organisation]:
    """Both organisations, locked in the order of their numbers, so that two merges never cross."""
    held = {each.pk: each for each in lock_rows(Organisation.objects.filter(pk__in=[kept, absorbed]))}
    return held[kept], held[absorbed]


# ── doing it ──────────────────────────────────────────────────────────────────────────────────────
def carry_out(*, actor: Actor, merge: Merge, seen: str) -> Merge:
    """Merge: everything moves in one transaction, or nothing does.

    ``seen``: what was shown, in short; a merge that would do something else is refused and shown anew. When the teams are no
    longer those that agreed, the agreement is asked anew.

    Raises:
        NotAllowed: the actor has not the rights on both.
        Stale: what would happen has changed, or somebody was faster.
        Refused: a condition does not hold; every reason is given.
        Busy: others hold what has to move, twice in a row.
    """
    if _ask_again(actor, merge):
        raise Stale(_("Les équipes ont changé depuis leur accord : il leur est redemandé. Rien n'est fusionné."))
    for attempt in (1, 2):
        try:
            with transaction.atomic():
                return _carry_out(actor, merge, seen)
        except (OperationalError, IntegrityError) as error:
            if not isinstance(error.__cause__, RACES):
                raise
            if attempt == 2:  # noqa: PLR2004 -- the second time
                raise Busy(_("D'autres personnes modifient la même chose en ce moment. Réessayez dans un instant.")) from error
    raise AssertionError("unreachable")


def _ask_again(actor: Actor, merge: Merge) -> bool:
    """Take back an agreement that was given to something else; whether there was one."""
    with transaction.atomic():
        _hold(merge.kept_id, merge.absorbed_id)
        held = Merge.objects.select_related("kept", "absorbed").get(pk=merge.pk)
        now = access_of(held.kept_id, held.absorbed_id).digest
        agreed = held.kept_agreed_at or held.absorbed_agreed_at
        if not held.is_open or held.access == now or not has_rights_on_both(actor, held.kept, held.absorbed):
            return False
        if agreed:
            fire(MERGE, held, "reopen", actor=actor)
        Merge.objects.filter(pk=held.pk).update(access=now)
        return bool(agreed)


def _carry_out(actor: Actor, merge: Merge, seen: str) -> Merge:
    kept, absorbed = _hold(merge.kept_id, merge.absorbed_id)
    known = fates()
    for fate in known:
        if fate.lock is not None:
            fate.lock(kept.pk, absorbed.pk)
    done = fire(MERGE, Merge.objects.select_related("kept", "absorbed").get(pk=merge.pk), "do", actor=actor)
    preview = preview_of(kept, absorbed, done.choices)
    if preview.hindrances:
        raise Refused(*preview.hindrances)
    if seen != preview.seen or done.access != preview.access.digest:
        raise Stale(_("Quelque chose a changé entre-temps : relisez ce qui va se passer, puis fusionnez."))
    facts = chosen_facts(kept, absorbed, done.choices)
    names = (kept.name, absorbed.name)
    gone = fire(ORGANISATION, absorbed, "absorb", actor=CLOCK)
    joining = Joining(actor=actor, merge=done, kept=kept, absorbed=gone)
    for fate in known:
        if fate.move is not None:
            fate.move(joining)
    change_facts(actor=actor, organisation=kept, facts=facts)
    check_organisations([kept.pk])
    for organisation, verb, other, name in ((kept, "take_in", gone, names[1]), (gone, "go_into", kept, names[0])):
        publish(
            f"organisations.organisation.{verb}", organisation, actor=actor,
            codes={"merge": done.pk, "organisation": other.pk}, texts={"message": name},
        )  # fmt: skip
    return done


def chosen_facts(kept: Organisation, absorbed: Organisation, choices: Mapping[str, str]) -> OrganisationFacts:
    """What the kept entry says of itself afterwards: its own facts, and those chosen from the other."""
    sides = {KEPT: kept, ABSORBED: absorbed}
    said: dict[str, Any] = {}
    for key, (_label, fields) in COMPARED.items():
        source = sides[choices.get(key, KEPT)]
        if key == "networks":
            said["networks"] = _networks(kept, absorbed if choices.get(key) == ABSORBED else None)
        elif key == "agreements":
            said["agreements"] = list(source.agreements.values_list("key", flat=True))
        else:
            said |= {name: _plain_fact(source, name) for name in fields}
    return OrganisationFacts(**said)


def _plain_fact(organisation: Organisation, name: str) -> Any:
    """One fact as ``OrganisationFacts`` takes it."""
    if name in ("legal_status", "commune", "department"):
        return getattr(organisation, f"{name}_id")
    if name in ("type", "subtype"):
        kind = getattr(organisation, name)
        return kind.key if kind else ""
    return getattr(organisation, name)


def _networks(kept: Organisation, absorbed: Organisation | None) -> list[str]:
    """The networks that the kept entry says it is of: its own, and those of the other that it was not refused."""
    own = dict(NetworkMembership.objects.filter(organisation=kept).values_list("network__key", "state"))
    names = [key for key, state in own.items() if state not in GIVEN_UP]
    if absorbed is not None:
        held = NetworkMembership.objects.filter(organisation=absorbed).exclude(state__in=GIVEN_UP)
        names += [key for key in held.values_list("network__key", flat=True) if key not in own]
    return names
