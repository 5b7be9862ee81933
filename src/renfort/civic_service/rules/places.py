"""Who may change an establishment's places, and whether so many may be granted (S3)."""

from __future__ import annotations

from django.utils.translation import ngettext

from renfort.civic_service.models import Establishment, HostProject
from renfort.civic_service.selectors.places import left_of_campaign, places_of
from renfort.civic_service.selectors.roles import (
    federations_managed,
    is_everything,
    is_of_establishment,
    routed_to,
)
from renfort.kernel.actors import Actor


def manages(actor: Actor, establishment: Establishment) -> bool:
    """Whether the actor manages the cases of this establishment: those of its territory, or national. At most two queries."""
    if is_everything(actor):
        return True
    federations = federations_managed(actor)
    if not federations:
        return False
    routed = routed_to(federations, department="organisation__department")
    return Establishment.objects.filter(routed, pk=establishment.pk).exists()


def has_a_part_in(actor: Actor, establishment: Establishment) -> bool:
    """Whether the actor works there as well: nobody decides on what is their own (C.14)."""
    return actor.person_id is not None and is_of_establishment(actor.person_id, establishment.pk)


def refusals_of_grant(project: HostProject, places: int) -> list[str]:
    """Why so many volunteers may not be granted to a project, in sentences; none when they may.

    Ask it with establishment, approval and campaign held (``selectors.places.PLACES_LOCKS``).
    """
    sentences = []
    own = places_of(project.campaign, project.establishment, without=project)
    if places > own.left:
        text = ngettext(
            "Il reste %(n)d place à cet établissement pour la campagne.",
            "Il reste %(n)d places à cet établissement pour la campagne.",
            own.left,
        )
        sentences.append(f"{text % {'n': own.left}} {own.why}")
    left = left_of_campaign(project.campaign).left
    if places > left:
        text = ngettext("Il reste %(n)d place à toute la campagne.", "Il reste %(n)d places à toute la campagne.", left)
        sentences.append(text % {"n": left})
    return sentences
