"""Correct an establishment's record: what the directory is not the master of (S2, S1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from renfort.civic_service.models import Establishment
from renfort.civic_service.rules.establishments import may_correct
from renfort.civic_service.selectors.records import COMPULSORY, PLACE, is_fed, school_year
from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import NotAllowed, Refused, Stale, lock_row
from renfort.organisations.services.registering import Place, correct_place

OWN = ("managing_body", "siret", "phone", "email", "uai", "enrolment", "head_id")  # columns that this page writes


def correct_record(
    *, actor: Actor, establishment: Establishment, facts: Mapping[str, Any], seen: int | None = None
) -> Establishment:
    """Write what the record says. ``facts``: the fields that are said, by name; those left out stay as they are.

    ``address``, ``postcode`` and ``city`` go together and are the organisation's. An enrolment that is said is that of the
    current school year. Lock order: the organisation, then the establishment.

    Raises:
        NotAllowed: the actor may not correct this record.
        Stale: it has changed since version ``seen`` was shown.
        Refused: the directory is the master of a fact, or another establishment has this UAI.
    """
    if not may_correct(actor, establishment):
        raise NotAllowed(_("Seuls un référent de l'établissement et les gestionnaires de son territoire corrigent sa fiche."))
    try:
        with transaction.atomic():
            organisation = lock_row(establishment.organisation)
            locked: Establishment = lock_row(establishment)
            if seen is not None and seen != locked.version:
                raise Stale(_("La fiche a été modifiée entre-temps par quelqu'un d'autre. Relisez-la avant d'enregistrer."))
            if fed := [name for name in facts if is_fed(locked, name.removesuffix("_id"))]:
                labels = ", ".join(str(COMPULSORY.get(name, name)) for name in fed)
                raise Refused(
                    _("L'annuaire du réseau tient ces informations : %(facts)s. Corrigez-les là-bas.") % {"facts": labels}
                )
            changes: dict[str, tuple[Plain, Plain]] = {}
            for name in OWN:
                if name in facts and getattr(locked, name) != facts[name]:
                    changes[name] = (getattr(locked, name), facts[name])
                    setattr(locked, name, facts[name])
            if "enrolment" in facts:
                locked.organisation = organisation
                year = school_year(locked) if facts["enrolment"] is not None else None
                if locked.enrolment_year != year:
                    changes["enrolment_year"] = (locked.enrolment_year, year)
                    locked.enrolment_year = year
            if all(name in facts for name in PLACE):
                place = Place(address=facts["address"], postcode=facts["postcode"], city=facts["city"])
                if correct_place(actor=actor, organisation=organisation, place=place):
                    changes["address"] = (None, None)
            if not changes:
                return locked
            locked.version += 1
            locked.save()
            publish("civic_service.establishment.correct", locked, actor=actor, changes=changes)
    except IntegrityError as error:
        if "civic_service_establishment_uai" in str(error):
            raise Refused(_("Un autre établissement a déjà ce code RNE (UAI) : vérifiez-le.")) from error
        raise
    return locked
