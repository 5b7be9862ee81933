"""An establishment's facts as plain values, as a campaign keeps them (S2)."""

from __future__ import annotations

from typing import Any

from renfort.civic_service.models import Establishment


def record_facts(establishment: Establishment) -> dict[str, Any]:
    """The facts of the record by the names of the fields; the head by number, so that no name outlives its person's erasure."""
    organisation = establishment.organisation
    return {
        "name": organisation.name, "address": organisation.address, "postcode": organisation.postcode,
        "city": organisation.city, "department": organisation.department_id, "network": establishment.network,
        "uai": establishment.uai, "managing_body": establishment.managing_body, "siret": establishment.siret,
        "phone": establishment.phone, "email": establishment.email, "enrolment": establishment.enrolment,
        "enrolment_year": establishment.enrolment_year, "head": establishment.head_id,
    }  # fmt: skip
