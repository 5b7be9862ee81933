"""Approvals, campaigns and their classes of places: the verbs of the national case managers (S3, S5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from renfort.civic_service.catalogue import PLACES_BELOW, PLACES_FROM, PLACES_THRESHOLD
from renfort.civic_service.enums import TAKES_PLACES, CampaignState
from renfort.civic_service.models import Approval, Campaign, HostProject, PlaceClass
from renfort.civic_service.rules.campaigns import APPROVAL_YEARS, covers_starts
from renfort.civic_service.selectors.places import class_of, left_of_campaign
from renfort.civic_service.selectors.roles import is_national
from renfort.civic_service.services.places import lock_campaign
from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import NotAllowed, Refused, Stale, lock_row, lock_rows
from renfort.parameters.selectors import value_of

MOST_CLASSES = 12
LIVING = (CampaignState.DRAFT, CampaignState.OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalFacts:
    """An approval as the form says it; ``domains`` are keys of ``Domain``, both days are included."""

    number: str
    first_on: date
    last_on: date
    domains: Sequence[str]
    openings: int
    lent_most: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFacts:
    """A campaign as the form says it, without its classes."""

    title: str
    approval: Approval
    opens_on: date
    files_until: date
    starts_from: date
    starts_until: date
    most_places: int | None = None
    asks_opinion: bool = False
    launch_note: str = ""


def only_national(actor: Actor) -> None:
    """Let the national case managers, and the machine itself, go on.

    Raises:
        NotAllowed: the actor is neither.
    """
    if not is_national(actor) and actor.kind != "service":
        raise NotAllowed(_("Cette action est réservée à la gestion nationale."))


# ── approvals ─────────────────────────────────────────────────────────────────────────────────────
def longest(first_on: date) -> date:
    """The last day that an approval from this day on may have: three years, less a day (R121-33)."""
    last = first_on.year + APPROVAL_YEARS
    try:
        end = first_on.replace(year=last)
    except ValueError:  # the 29th of February
        end = date(last, 3, 1)
    return date.fromordinal(end.toordinal() - 1)


def save_approval(*, actor: Actor, facts: ApprovalFacts, approval: Approval | None = None, seen: int | None = None) -> Approval:
    """Note an approval, or correct one; what its campaigns rely on stays.

    Raises:
        NotAllowed: the actor is no national case manager.
        Stale: it has changed since the page was opened.
        Refused: longer than the law allows; its number is another's; a campaign would no longer be covered, or would have
            granted more than it allows.
    """
    only_national(actor)
    if facts.last_on > longest(facts.first_on):
        raise Refused(
            _("Un agrément dure trois ans au plus (article R121-33) : jusqu'au %(day)s.")
            % {"day": date_format(longest(facts.first_on), "DATE_FORMAT")}
        )
    try:
        with transaction.atomic():
            return _write_approval(actor, facts, approval, seen)
    except IntegrityError as error:
        if "civic_service_approval_number" not in str(error):
            raise
        raise Refused(_("Un agrément porte déjà ce numéro.")) from error


def _write_approval(actor: Actor, facts: ApprovalFacts, approval: Approval | None, seen: int | None) -> Approval:
    given = {**asdict(facts), "domains": sorted(facts.domains)}
    codes: dict[str, Plain] = {
        "first_on": facts.first_on.isoformat(), "last_on": facts.last_on.isoformat(), "openings": facts.openings,
    }  # fmt: skip
    if approval is None:
        made = Approval.objects.create(**given)
        publish("civic_service.approval.create", made, actor=actor, codes=codes)
        return made
    held: Approval = lock_row(approval)
    if seen is not None and seen != held.version:
        raise Stale(_("Quelqu'un d'autre a modifié cet agrément entre-temps. Relisez-le, puis recommencez."))
    before: dict[str, Plain] = {
        "number": held.number, "first_on": held.first_on.isoformat(), "last_on": held.last_on.isoformat(),
        "domains": ",".join(held.domains), "openings": held.openings, "lent_most": held.lent_most,
    }  # fmt: skip
    for name, value in given.items():
        setattr(held, name, value)
    _keep_promises(held)
    held.version += 1
    held.save()
    after: dict[str, Plain] = {
        "number": held.number, "first_on": held.first_on.isoformat(), "last_on": held.last_on.isoformat(),
        "domains": ",".join(held.domains), "openings": held.openings, "lent_most": held.lent_most,
    }  # fmt: skip
    changes = {name: (before[name], value) for name, value in after.items() if before[name] != value}
    if changes:
        publish("civic_service.approval.change", held, actor=actor, changes=changes)
    return held


def _keep_promises(approval: Approval) -> None:
    """What campaigns under way and projects accepted rely on still holds.

    Raises:
        Refused: it would not.
    """
    campaigns = approval.campaigns.exclude(state=CampaignState.DRAFT)
    for each in campaigns:
        if not covers_starts(approval, each.starts_from, each.starts_until):
            raise Refused(_("« %(campaign)s » ne serait plus couverte par cet agrément.") % {"campaign": each.title})
    projects = HostProject.objects.filter(campaign__approval=approval, state__in=TAKES_PLACES)
    used = set(projects.values_list("domain", flat=True).distinct())
    if used - set(approval.domains):
        raise Refused(_("Des projets sont déposés dans un domaine que vous retirez."))
    granted = sum(places or 0 for places in projects.values_list("granted", flat=True))
    if granted > approval.openings:
        raise Refused(_("%(n)d places sont déjà accordées : l'agrément en ouvre au moins autant.") % {"n": granted})


# ── campaigns ─────────────────────────────────────────────────────────────────────────────────────
def create_campaign(*, actor: Actor, facts: CampaignFacts) -> Campaign:
    """Note a campaign, « en préparation », with the two classes of places that the operator has set (S3).

    Raises:
        NotAllowed: the actor is no national case manager.
        Refused: its title is another's.
    """
    only_national(actor)
    try:
        with transaction.atomic():
            made = Campaign.objects.create(**_given(facts))
            publish("civic_service.campaign.create", made, actor=actor, after=made.state)
            below, bound, above = value_of(PLACES_BELOW), value_of(PLACES_THRESHOLD), value_of(PLACES_FROM)
            PlaceClass.objects.create(campaign=made, from_pupils=0, places=below)
            PlaceClass.objects.create(campaign=made, from_pupils=bound, places=above)
    except IntegrityError as error:
        raise _same_title(error) from error
    return made


def _given(facts: CampaignFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in CampaignFacts.__dataclass_fields__}


def _same_title(error: IntegrityError) -> Exception:
    if "civic_service_campaign_title" in str(error):
        return Refused(_("Une campagne porte déjà ce nom."))
    return error


def change_campaign(*, actor: Actor, campaign: Campaign, facts: CampaignFacts, seen: int | None = None) -> Campaign:
    """Change a campaign. In preparation, all of it; once open, only what takes nothing from anybody (``_refuse_narrower``).

    Raises:
        NotAllowed: the actor is no national case manager.
        Stale: it has changed since the page was opened.
        Refused: it is closed; it is open and something would be taken back; its title is another's.
    """
    only_national(actor)
    try:
        with transaction.atomic():
            lock_rows(Approval.objects.filter(pk__in={campaign.approval_id, facts.approval.pk}))
            held = lock_campaign(campaign)
            if seen is not None and seen != held.version:
                raise Stale(_("Quelqu'un d'autre a modifié cette campagne entre-temps. Relisez-la, puis recommencez."))
            if held.state not in LIVING:
                raise Refused(_("Cette campagne est close : elle ne change plus."))
            if held.state == CampaignState.OPEN:
                _refuse_narrower(held, facts)
            changes = _changes(held, facts)
            for name, value in _given(facts).items():
                setattr(held, name, value)
            held.version += 1
            held.save()
            if changes:
                publish("civic_service.campaign.change", held, actor=actor, changes=changes)
    except IntegrityError as error:
        raise _same_title(error) from error
    return held


def _changes(campaign: Campaign, facts: CampaignFacts) -> dict[str, tuple[Plain, Plain]]:
    """What changes, as plain values; of the launch note only that it does."""
    changes: dict[str, tuple[Plain, Plain]] = {}
    for name, after in _given(facts).items():
        before = getattr(campaign, name)
        if before == after:
            continue
        if name == "launch_note":
            changes[name] = (len(before), len(facts.launch_note))
        elif name == "approval":
            changes[name] = (before.number, facts.approval.number)
        else:
            changes[name] = (_plain(before), _plain(after))
    return changes


def _plain(value: object) -> Plain:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | bool) or value is None else str(value)


def _refuse_narrower(campaign: Campaign, facts: CampaignFacts) -> None:
    """Refuse what would take something back from those who file already.

    Raises:
        Refused: with every reason.
    """
    sentences = []
    if facts.approval.pk != campaign.approval_id:
        sentences.append(_("La campagne est ouverte : son agrément ne change plus."))
    if facts.opens_on != campaign.opens_on:
        sentences.append(_("La campagne est ouverte : la date d'ouverture ne change plus."))
    if facts.files_until < campaign.files_until:
        sentences.append(_("La campagne est ouverte : la date limite de dépôt ne peut que reculer."))
    if facts.starts_from > campaign.starts_from or facts.starts_until < campaign.starts_until:
        sentences.append(_("La campagne est ouverte : la période des débuts ne peut que s'élargir."))
    if not covers_starts(campaign.approval, facts.starts_from, facts.starts_until):
        sentences.append(_("L'agrément ne couvre pas toutes les dates de début."))
    if facts.asks_opinion and not campaign.asks_opinion:
        sentences.append(_("La campagne est ouverte : un avis ne peut plus être exigé."))
    accepted = left_of_campaign(campaign).accepted
    if facts.most_places is not None and facts.most_places < accepted:
        sentences.append(_("%(n)d places sont déjà accordées : le total ne descend pas en dessous.") % {"n": accepted})
    if sentences:
        raise Refused(*sentences)


# ── classes of places (S3) ────────────────────────────────────────────────────────────────────────
def set_class(*, actor: Actor, campaign: Campaign, from_pupils: int, places: int) -> PlaceClass:
    """Say how many volunteers an establishment hosts at most from so many pupils on; another number for a bound that is there.

    Raises:
        NotAllowed: the actor is no national case manager.
        Refused: the campaign is closed, or open and somebody would lose a place; there are too many classes.
    """
    only_national(actor)
    with transaction.atomic():
        held = _hold_for_classes(campaign)
        classes = list(held.place_classes.all())
        if len(classes) >= MOST_CLASSES and all(each.from_pupils != from_pupils for each in classes):
            raise Refused(_("Une campagne a au plus %(n)d classes.") % {"n": MOST_CLASSES})
        wanted = {**{each.from_pupils: each.places for each in classes}, from_pupils: places}
        _refuse_fewer(held, classes, wanted)
        before = next((each.places for each in classes if each.from_pupils == from_pupils), None)
        made, _is_new = PlaceClass.objects.update_or_create(campaign=held, from_pupils=from_pupils, defaults={"places": places})
        if before != places:
            publish(
                "civic_service.campaign.set_class", held, actor=actor, codes={"from_pupils": from_pupils},
                changes={"places": (before, places)},
            )  # fmt: skip
    return made


def remove_class(*, actor: Actor, campaign: Campaign, from_pupils: int) -> bool:
    """Take a class off: the one below counts for its enrolments. Returns whether there was one.

    Raises:
        NotAllowed: the actor is no national case manager.
        Refused: the campaign is closed, or open and somebody would lose a place; it is the first one.
    """
    only_national(actor)
    with transaction.atomic():
        held = _hold_for_classes(campaign)
        classes = list(held.place_classes.all())
        gone = next((each for each in classes if each.from_pupils == from_pupils), None)
        if gone is None:
            return False
        if from_pupils == 0:
            raise Refused(_("La première classe, à partir de 0 élève, reste : changez plutôt son nombre de places."))
        _refuse_fewer(held, classes, {each.from_pupils: each.places for each in classes if each is not gone})
        publish(
            "civic_service.campaign.remove_class", held, actor=actor, codes={"from_pupils": from_pupils},
            changes={"places": (gone.places, None)},
        )  # fmt: skip
        gone.delete()
    return True


def _hold_for_classes(campaign: Campaign) -> Campaign:
    held = lock_campaign(campaign)
    if held.state not in LIVING:
        raise Refused(_("Cette campagne est close : elle ne change plus."))
    return held


def _refuse_fewer(campaign: Campaign, classes: Sequence[PlaceClass], wanted: dict[int, int]) -> None:
    """Once it is open, no enrolment has fewer places than it had.

    Raises:
        Refused: one would.
    """
    if campaign.state != CampaignState.OPEN:
        return
    after = [PlaceClass(from_pupils=bound, places=places) for bound, places in wanted.items()]
    for bound in sorted({each.from_pupils for each in classes} | set(wanted)):
        had, has = class_of(classes, bound), class_of(after, bound)
        if (has.places if has else 0) < (had.places if had else 0):
            raise Refused(
                _("La campagne est ouverte : un établissement de %(n)d élèves perdrait une place. Elles montent seulement.")
                % {"n": bound}
            )
