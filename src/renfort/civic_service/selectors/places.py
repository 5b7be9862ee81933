"""How many volunteers an establishment may host in a campaign, and how many the campaign has left (S3).

The class of places that the enrolment reaches says it, unless a case manager has given another number. Projects that are filed
take their places as asked, those accepted as granted, so that nobody asks for more than there is; nothing here locks: whoever
writes by these numbers holds establishment, approval and campaign (``PLACES_LOCKS``, ``services.places.lock_campaign``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.civic_service.enums import TAKES_PLACES, ProjectState
from renfort.civic_service.models import Campaign, CampaignRecord, Establishment, HostProject, PlaceClass, PlaceOverride

PLACES_LOCKS = ("establishment", "campaign.approval", "campaign")  # of a transition that takes places, in the written order
GRANTED = (ProjectState.ACCEPTED, ProjectState.COMPLETED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """One establishment's places in one campaign. ``why``: where the number comes from, in a sentence."""

    allowed: int
    taken: int  # by all that is filed, asked or granted
    accepted: int  # of these, granted
    why: str
    enrolment: int | None = None  # the one that counts: as it stood at the first filing, once there was one
    override: PlaceOverride | None = None

    @property
    def left(self) -> int:
        """How many may still be asked for; never below 0."""
        return max(0, self.allowed - self.taken)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPlaces:
    """The places of a whole campaign: its own number, within the openings of its approval."""

    total: int
    accepted: int
    asked: int  # by projects that are filed and not decided
    left: int  # that may still be granted, under the approval too

    @property
    def is_short(self) -> bool:
        """Whether more is asked than is left."""
        return self.asked > self.left


def places_of(campaign: Campaign, establishment: Establishment, *, without: HostProject | None = None) -> Places:
    """The places of one establishment; ``without`` a project: as if that one took none (it is being filed again). 4 queries."""
    return places_of_many(campaign, [establishment], without=without)[establishment.pk]


def places_of_many(
    campaign: Campaign, establishments: Iterable[Establishment], *, without: HostProject | None = None
) -> dict[int, Places]:
    """The places of several establishments by their numbers, in four queries whatever their number."""
    found = list(establishments)
    keys = [each.pk for each in found]
    classes = list(PlaceClass.objects.filter(campaign=campaign).order_by("from_pupils"))
    overrides = {
        each.establishment_id: each
        for each in PlaceOverride.objects.filter(campaign=campaign, establishment__in=keys).select_related("given_by")
    }
    records = dict(CampaignRecord.objects.filter(campaign=campaign, establishment__in=keys).values_list("establishment", "facts"))
    taking = HostProject.objects.filter(campaign=campaign, establishment__in=keys, state__in=TAKES_PLACES)
    if without is not None:
        taking = taking.exclude(pk=without.pk)
    taken: dict[int, int] = {}
    accepted: dict[int, int] = {}
    for establishment, state, places in taking.values_list("establishment", "state", Coalesce(F("granted"), F("asked"))):
        taken[establishment] = taken.get(establishment, 0) + places
        if state in GRANTED:
            accepted[establishment] = accepted.get(establishment, 0) + places
    return {
        each.pk: replace(
            _allowed(each, classes, overrides.get(each.pk), records.get(each.pk)),
            taken=taken.get(each.pk, 0), accepted=accepted.get(each.pk, 0),
        )
        for each in found
    }  # fmt: skip


def class_of(classes: Iterable[PlaceClass], enrolment: int) -> PlaceClass | None:
    """The class that an enrolment reaches: the highest bound that is not above it."""
    reached = [each for each in classes if each.from_pupils <= enrolment]
    return max(reached, key=lambda each: each.from_pupils, default=None)


def _allowed(establishment: Establishment, classes: list[PlaceClass], override: PlaceOverride | None, record: object) -> Places:
    """How many, and why; nothing is taken yet."""
    enrolment = establishment.enrolment
    if isinstance(record, dict) and isinstance(record.get("enrolment"), int):
        enrolment = record["enrolment"]  # as it stood at the first filing: what changes later touches the next campaign (S2)
    allowed, why = 0, _("L'effectif de rentrée manque : il décide du nombre de volontaires.")
    if establishment.left_on is not None:
        why, override = _("L'établissement ne fait plus partie du réseau."), None
    elif override is not None:
        allowed, why = override.places, _("Nombre fixé par la gestion : %(reason)s") % {"reason": override.reason}
    elif enrolment is not None:
        reached = class_of(classes, enrolment)
        allowed = reached.places if reached is not None else 0
        why = _class_words(enrolment, reached)
    return Places(allowed=allowed, taken=0, accepted=0, why=why, enrolment=enrolment, override=override)


def _class_words(enrolment: int, reached: PlaceClass | None) -> str:
    pupils = ngettext("%(n)d élève", "%(n)d élèves", enrolment) % {"n": enrolment}
    if reached is None:
        return _("%(pupils)s : aucune classe de places ne commence si bas.") % {"pupils": pupils}
    text = ngettext(
        "%(pupils)s : à partir de %(bound)d élèves, %(n)d volontaire au plus.",
        "%(pupils)s : à partir de %(bound)d élèves, %(n)d volontaires au plus.",
        reached.places,
    )
    return text % {"pupils": pupils, "bound": reached.from_pupils, "n": reached.places}


def left_of_campaign(campaign: Campaign) -> CampaignPlaces:
    """What a whole campaign has left: of its own number, and of the openings of its approval over all its campaigns. 2 queries.

    ``campaign.approval`` is read: fetch it beforehand.
    """
    approval = campaign.approval
    total = approval.openings if campaign.most_places is None else min(campaign.most_places, approval.openings)
    granted = dict(
        HostProject.objects.filter(campaign__approval=approval, state__in=GRANTED)
        .values_list("campaign")
        .annotate(places=Sum("granted"))
        .order_by()
    )
    waiting = HostProject.objects.filter(campaign=campaign, state__in=[each for each in TAKES_PLACES if each not in GRANTED])
    asked = waiting.aggregate(all=Sum("asked"))["all"] or 0
    accepted = granted.get(campaign.pk, 0)
    left = min(total - accepted, approval.openings - sum(granted.values()))
    return CampaignPlaces(total=total, accepted=accepted, asked=asked, left=max(0, left))
