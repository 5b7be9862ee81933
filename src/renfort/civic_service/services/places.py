"""Give an establishment another number of places than its enrolment does, and hold what places are counted on (S3)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.civic_service.enums import CampaignState
from renfort.civic_service.models import Approval, Campaign, Establishment, PlaceOverride
from renfort.civic_service.rules.places import has_a_part_in, manages
from renfort.civic_service.selectors.places import places_of
from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import NotAllowed, Refused, lock_row

MOST_PLACES = 50  # for one establishment: more is a slip of the hand


def lock_campaign(campaign: Campaign) -> Campaign:
    """The campaign, fresh, held with its approval until the transaction ends: nobody else grants or changes places meanwhile.

    Hold the establishment first (the written order: establishment, approval, campaign, project). Call it in a transaction.
    """
    approval: Approval = lock_row(campaign.approval)
    held: Campaign = lock_row(campaign)
    held.approval = approval
    return held


def set_override(*, actor: Actor, campaign: Campaign, establishment: Establishment, places: int, reason: str) -> PlaceOverride:
    """Allow an establishment so many places in a campaign, whatever its enrolment is; the history keeps each number and reason.

    Raises:
        NotAllowed: the actor does not manage its cases, or works there.
        Refused: the campaign is closed; more is accepted already; too many; without a reason.
    """
    with transaction.atomic():
        held, opened = _hold(actor, campaign, establishment)
        if not reason.strip():
            raise Refused(_("Écrivez la raison : l'établissement la lit."))
        if places > MOST_PLACES:
            raise Refused(_("Au plus %(n)d places pour un établissement.") % {"n": MOST_PLACES})
        _refuse_below_accepted(opened, held, places)
        former = PlaceOverride.objects.filter(campaign=opened, establishment=held).first()
        before = former.places if former is not None else None
        made, _is_new = PlaceOverride.objects.update_or_create(
            campaign=opened, establishment=held,
            defaults={
                "places": places, "reason": reason.strip(), "given_by_id": actor.person_id, "given_at": timezone.now(),
            },
        )  # fmt: skip
        publish(
            "civic_service.placeoverride.set", made, actor=actor, changes={"places": (before, places)},
            codes={"campaign": opened.pk, "establishment": held.pk, "places": places}, texts={"reason": reason.strip()},
        )  # fmt: skip
    return made


def drop_override(*, actor: Actor, campaign: Campaign, establishment: Establishment) -> bool:
    """Go back to what the enrolment gives. Returns whether there was another number.

    Raises:
        NotAllowed: the actor does not manage its cases, or works there.
        Refused: the campaign is closed; more is accepted already than the enrolment gives.
    """
    with transaction.atomic():
        held, opened = _hold(actor, campaign, establishment)
        former = PlaceOverride.objects.filter(campaign=opened, establishment=held).first()
        if former is None:
            return False
        codes: dict[str, Plain] = {"campaign": opened.pk, "establishment": held.pk, "places": former.places}
        publish("civic_service.placeoverride.drop", former, actor=actor, codes=codes)
        former.delete()
        _refuse_below_accepted(opened, held, places_of(opened, held).allowed)
    return True


def _hold(actor: Actor, campaign: Campaign, establishment: Establishment) -> tuple[Establishment, Campaign]:
    if not manages(actor, establishment):
        raise NotAllowed(_("Cette action est réservée à la gestion de ce territoire."))
    if has_a_part_in(actor, establishment):
        raise NotAllowed(_("Vous avez un rôle dans cet établissement : quelqu'un d'autre décide de ses places."))
    held: Establishment = lock_row(establishment)
    opened = lock_campaign(campaign)
    if opened.state == CampaignState.CLOSED:
        raise Refused(_("Cette campagne est close : ses places ne changent plus."))
    return held, opened


def _refuse_below_accepted(campaign: Campaign, establishment: Establishment, places: int) -> None:
    accepted = places_of(campaign, establishment).accepted
    if places < accepted:
        text = ngettext(
            "%(n)d place est déjà accordée à cet établissement : le nombre ne descend pas en dessous.",
            "%(n)d places sont déjà accordées à cet établissement : le nombre ne descend pas en dessous.",
            accepted,
        )
        raise Refused(text % {"n": accepted})
