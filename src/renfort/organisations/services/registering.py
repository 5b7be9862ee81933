"""Organisations that another programme knows first: a client who orders sessions has no team here (W11)."""

from __future__ import annotations

from dataclasses import dataclass

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.organisations.enums import OrganisationState
from renfort.organisations.models import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOrganisation:
    """What is known of it. ``siret``: fourteen digits that were checked, or "" ; ``department``: its code."""

    name: str
    legal_status: str
    department: str
    city: str
    siret: str = ""
    address: str = ""
    postcode: str = ""


def register(*, actor: Actor, facts: KnownOrganisation) -> Organisation:
    """The organisation of this SIRET, as it is; else a new one, « brouillon »: in no list of the réserve, in nobody's queue.

    Call it in a transaction.
    """
    if facts.siret:
        known = Organisation.objects.select_for_update(no_key=True).filter(siret=facts.siret, left_at=None).first()
        if known is not None:
            return known
    made = Organisation.objects.create(
        name=facts.name, legal_status_id=facts.legal_status, department_id=facts.department, city=facts.city, siret=facts.siret,
        address=facts.address, postcode=facts.postcode, state=OrganisationState.DRAFT,
    )  # fmt: skip
    publish("organisations.organisation.register", made, actor=actor, after=made.state)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an organisation is, as it is written on an envelope."""

    address: str
    postcode: str
    city: str


def correct_place(*, actor: Actor, organisation: Organisation, place: Place) -> bool:
    """Write where an organisation that another programme looks after is; returns whether anything changed.

    The caller has asked who may and holds the organisation's lock. The department stays: who looks after it does not change here.
    """
    before = (organisation.address, organisation.postcode, organisation.city)
    if before == (place.address, place.postcode, place.city):
        return False
    organisation.address, organisation.postcode, organisation.city = place.address, place.postcode, place.city
    organisation.commune, organisation.latitude, organisation.longitude = None, None, None
    organisation.version += 1
    organisation.save()
    publish(
        "organisations.organisation.edit", organisation, actor=actor, changes={"address": (None, None)},
        texts={"address:before": ", ".join(before), "address:after": f"{place.address}, {place.postcode}, {place.city}"},
    )  # fmt: skip
    return True
