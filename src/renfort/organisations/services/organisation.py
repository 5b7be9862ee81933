"""Write an organisation: open it, change it (R2, R5, R6, R9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import NotAllowed, Refused, Stale, lock_row
from renfort.organisations.enums import GIVEN_UP, MembershipState, Programme, Role
from renfort.organisations.messages import IDENTITY_CHANGED, NETWORK_CLAIMED, ORGANISATION_MOVED
from renfort.organisations.messages.cases import HOLDER
from renfort.organisations.models import Agreement, Network, NetworkMembership, Organisation, OrganisationType
from renfort.organisations.rules import manages
from renfort.organisations.services.roles import give_role
from renfort.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFacts:
    """What an organisation says of itself (R5, R6).

    ``legal_status``, ``type``, ``subtype``, ``agreements`` and ``networks`` are keys of the operator's lists; ``commune`` is an
    INSEE code when the place is a known commune.
    """

    name: str
    legal_status: str
    description: str
    city: str
    department: str
    address: str = ""
    postcode: str = ""
    commune: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    type: str = ""
    subtype: str = ""
    siret: str = ""
    rna: str = ""
    website: str = ""
    agreements: Sequence[str] = ()
    networks: Sequence[str] = ()


COPIED = ("name", "description", "city", "address", "postcode", "latitude", "longitude", "siret", "rna", "website")
FREE_TEXT = ("description", "address")
TOLD = (
    "name", "description", "legal_status_id", "type_id", "subtype_id", "siret", "rna", "website",
    "address", "postcode", "city", "department_id", "latitude", "longitude",
)  # fmt: skip
IDENTITY = {
    "name",
    "siret",
    "department_id",
}  # a change of these is an event of its own: those who watch over the department hear


def open_organisation(*, actor: Actor, person: Person, facts: OrganisationFacts) -> Organisation:
    """Register an organisation; ``person`` becomes its first manager (R2). Networks are claimed, not held.

    Raises:
        Refused: another organisation has this SIRET.
    """
    with transaction.atomic():
        organisation = Organisation()
        _copy(organisation, facts)
        _save(organisation)
        _set_agreements(organisation, facts.agreements)
        publish("organisations.organisation.open", organisation, actor=actor, after=organisation.state)
        _set_networks(organisation, facts.networks, actor=actor)
        give_role(actor=actor, person=person, programme=Programme.RESERVE, role=Role.MANAGER, organisation=organisation)
    return organisation


def edit_organisation(
    *, actor: Actor, organisation: Organisation, facts: OrganisationFacts, seen: int | None = None
) -> Organisation:
    """« Ma structure »: change what it says of itself, under its lock (R9).

    Raises:
        NotAllowed: the actor is not « responsable » of it.
        Stale: it has changed since version ``seen`` was shown.
        Refused: another organisation has this SIRET.
    """
    if not manages(actor, organisation.pk):
        raise NotAllowed(_("Seul un responsable de la structure peut la modifier."))
    with transaction.atomic():
        locked: Organisation = lock_row(organisation)
        if seen is not None and seen != locked.version:
            raise Stale(_("La structure a été modifiée entre-temps par quelqu'un d'autre. Relisez-la avant d'enregistrer."))
        change_facts(actor=actor, organisation=locked, facts=facts)
    return locked


def change_facts(*, actor: Actor, organisation: Organisation, facts: OrganisationFacts) -> None:
    """Write what an organisation says of itself, with its history; the caller holds its lock and has asked who may.

    Raises:
        Refused: another organisation has this SIRET.
    """
    before = _plain(organisation)
    _copy(organisation, facts)
    organisation.version += 1
    _save(organisation)
    lists = _set_agreements(organisation, facts.agreements)
    after = _plain(organisation)
    sides = (("before", before), ("after", after))
    changed = [name for name in before if before[name] != after[name]]
    changes: dict[str, tuple[Plain, Plain]] = {
        name: (None, None) if name in FREE_TEXT else (before[name], after[name]) for name in changed
    }
    if changes or lists:
        texts = {f"{name}:{side}": said[name] for name in FREE_TEXT if name in changes for side, said in sides}
        publish(
            "organisations.organisation.edit", organisation, actor=actor, changes=changes | lists,
            texts={name: str(text) for name, text in texts.items() if text},
        )  # fmt: skip
    if identity := {name: pair for name, pair in changes.items() if name in IDENTITY}:
        moved = organisation.taken_by_id if "department_id" in identity else None  # the reaction takes it out of these hands
        publish(
            "organisations.organisation.identify", organisation, actor=actor, changes=identity,
            codes={HOLDER: moved} if moved else {}, tells=(IDENTITY_CHANGED, ORGANISATION_MOVED),
        )  # fmt: skip
    _set_networks(organisation, facts.networks, actor=actor)


def _copy(organisation: Organisation, facts: OrganisationFacts) -> None:
    for name in COPIED:
        setattr(organisation, name, getattr(facts, name))
    kinds = {each.key: each for each in OrganisationType.objects.filter(key__in=filter(None, (facts.type, facts.subtype)))}
    organisation.legal_status_id = facts.legal_status
    organisation.type, organisation.subtype = kinds.get(facts.type), kinds.get(facts.subtype)
    organisation.commune_id, organisation.department_id = facts.commune, facts.department


def _save(organisation: Organisation) -> None:
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:
        if "organisations_organisation_siret" not in str(error):
            raise
        raise Refused(_("Une autre structure est déjà inscrite avec ce SIRET.")) from None


def _set_agreements(organisation: Organisation, keys: Sequence[str]) -> dict[str, tuple[Plain, Plain]]:
    before = sorted(organisation.agreements.values_list("key", flat=True))
    if before == sorted(keys):
        return {}
    organisation.agreements.set(Agreement.objects.filter(key__in=keys))
    return {"agreements": (" ".join(before), " ".join(sorted(keys)))}


def _set_networks(organisation: Organisation, keys: Sequence[str], *, actor: Actor) -> None:
    """Claim the networks newly named, leave those named no more; one that was refused or has ended is claimed anew."""
    held = {
        each.network.key: each for each in NetworkMembership.objects.filter(organisation=organisation).select_related("network")
    }
    for key, membership in held.items():
        if key not in keys and membership.state not in GIVEN_UP:
            publish("organisations.networkmembership.leave", membership, actor=actor, codes={"network": key})
            membership.delete()
    for network in Network.objects.filter(key__in=keys):
        former = held.get(network.key)
        if former is not None and former.state not in GIVEN_UP:
            continue
        if former is not None:
            former.delete()
        claim = NetworkMembership.objects.create(
            organisation=organisation, network=network, state=MembershipState.CLAIMED, claimed_by_id=actor.person_id
        )
        codes: dict[str, Plain] = {"network": network.key, "organisation": organisation.pk}
        publish(
            "organisations.networkmembership.claim", claim, actor=actor, after=claim.state, codes=codes, tells=(NETWORK_CLAIMED,)
        )


def _plain(organisation: Organisation) -> dict[str, Plain]:
    """The fields whose change the history tells: codes with values, free text by name alone."""
    return {name: None if getattr(organisation, name) is None else str(getattr(organisation, name)) for name in TOLD}
